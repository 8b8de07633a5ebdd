import type { Json, WaitReason } from '@stepwell/contracts';
import type { Action, Wait } from './actions.js';
import type { FactDraft } from './facts/fact.js';
import type { StandInKind } from './facts/policy.facts.js';
import { type Body, type GraphNode, nodeBelow } from './graph/graph.js';
import { nodeKey } from './graph/iteration.js';
import { type Outcome, PENDING } from './graph/outcome.js';
import { isBelow, isShielded, type RunState, type Shield, type Undoing } from './run-state.js';
import { undoable } from './undoable.js';

/** Asks a node's kind how the node stands. */
export type Advance = (node: GraphNode, iteration: string, decision: Decision) => Outcome;

export interface DecisionMark {
  readonly actions: number;
  readonly waits: number;
}

const NONE_HELD: ReadonlySet<string> = new Set();

/** What a decision collects on its way through the graph, and what node kinds may ask of it. */
export class Decision {
  readonly actions: Action[] = [];
  readonly waits: Wait[] = [];
  /** Of the step that is decided on, if it has one of its own. */
  priority: number | undefined;
  /** The last fact that it knows of. */
  readonly lastSeq: number;

  constructor(
    readonly state: RunState,
    /** Milliseconds since 1970. */
    readonly now: number,
    private readonly advance: Advance,
    /** Ids of tasks that somebody has decided, which the run has not been told: the decision is held, and may be taken back. */
    readonly held: ReadonlySet<string> = NONE_HELD,
  ) {
    this.lastSeq = state.lastSeq;
  }

  /** @param entry tells one entry of the handler within an attempt from the next: suspensions or batches so far */
  execute(node: GraphNode, iteration: string, attempt: number, entry: number, resumed?: { readonly data: Json }): Outcome {
    const key = `${nodeKey(node.path, iteration)}!${attempt}.${entry}`;
    this.actions.push({ type: 'execute', key, node, iteration, attempt, resumed });
    return PENDING;
  }

  /**
   * What the author has stand in for the handler, or verify it; it belongs to the last attempt.
   *
   * @param entry tells one call from the next
   */
  executeStandIn(node: GraphNode, iteration: string, attempt: number, standIn: StandInKind | 'verify', entry = 0): Outcome {
    const key = `${nodeKey(node.path, iteration)}!${attempt}.${standIn}${entry > 0 ? `-${entry}` : ''}`;
    this.actions.push({ type: 'execute', key, node, iteration, attempt, resumed: undefined, standIn });
    return PENDING;
  }

  evaluate(node: GraphNode, iteration: string, purpose: string): Outcome {
    this.actions.push({ type: 'evaluate', key: `${nodeKey(node.path, iteration)}?${purpose}`, node, iteration, purpose });
    return PENDING;
  }

  /**
   * Records facts that follow from the state alone.
   *
   * @param node undefined for the run itself
   */
  record(node: GraphNode | undefined, iteration: string, purpose: string, facts: readonly FactDraft[]): Outcome {
    this.actions.push({ type: 'record', key: `${nodeKey(node?.path ?? '', iteration)}?${purpose}`, facts });
    return PENDING;
  }

  wait(reason: WaitReason, dueAt?: number): Outcome {
    this.waits.push({ reason, dueAt, priority: this.priority });
    return PENDING;
  }

  /** True while something is to be recorded before anything else: then there may be more to do than it says. */
  get isUnsettled(): boolean {
    for (const { type } of this.actions) if (type === 'evaluate' || type === 'record') return true;
    return false;
  }

  /** Where the decision stands now, for `forget`. */
  mark(): DecisionMark {
    return { actions: this.actions.length, waits: this.waits.length };
  }

  /** Takes back what was decided since the mark: the branches it was for are no longer wanted. */
  forget(mark: DecisionMark): void {
    this.actions.length = mark.actions;
    this.waits.length = mark.waits;
  }

  /**
   * How a sequence stands: its nodes one after the other; its output is the last one's.
   *
   * The completed nodes at its head are remembered in the state, so that a long sequence is not walked again from its start. That is
   * safe because what has completed stays completed, with its output, whatever fact comes next; nothing else is remembered.
   */
  advanceBody(body: Body, iteration: string): Outcome {
    const memo = this.state.progress.get(body.path, iteration);
    let index = memo?.index ?? 0;
    let output = memo?.output;
    for (; index < body.nodes.length; index++) {
      const node = body.nodes[index];
      if (!node) break;
      const outcome = this.advance(node, iteration, this);
      if (outcome.status !== 'completed') {
        if (memo) {
          memo.index = index;
          memo.output = output;
        } else if (index > 0) this.state.progress.set(body.path, iteration, { index, output });
        return outcome;
      }
      output = outcome.output;
    }
    return { status: 'completed', output };
  }

  /**
   * Undoes what was done in branches of a node that are over, the last step to complete first, one after the other.
   *
   * @returns true when nothing is left to undo
   */
  undo(node: GraphNode, iteration: string, bodies: readonly Body[]): boolean {
    const [next] = undoable(this.state, (path) => nodeBelow(bodies, path)?.undo, node.path, iteration);
    if (!next) return true;
    if (this.state.undoing.has(nodeKey(node.path, iteration))) this.advance(next.undo, next.iteration, this);
    else {
      const payload = { segments: bodies.map(({ segment }) => segment) };
      this.record(node, iteration, 'undo', [{ type: 'undoing.began', path: node.path, iteration, attempt: 0, payload }]);
    }
    return false;
  }

  /** How a node stands that is not in the flow: what undoes another one. */
  advanceNode(node: GraphNode, iteration: string): Outcome {
    return this.advance(node, iteration, this);
  }

  /**
   * What was canceled has to be left: every node in it that was entered and has a shielded branch runs that branch to its end, the inner
   * ones first. What has begun to be undone is undone before that. Branches that have been left are remembered, as the completed head of a sequence is.
   *
   * @param bodies what was canceled
   * @returns true when nothing is left to do
   */
  leave(path: string, iteration: string, bodies: readonly Body[]): boolean {
    const { shields, undoing, progress } = this.state;
    if (shields.size + undoing.size === 0) return true;
    const memo = `${path}/?left`;
    if (progress.has(memo, iteration)) return true;
    const held: (Shield | Undoing)[] = [];
    // Inner ones have longer paths; at the same node the undoing comes before the finally.
    const all = [...undoing.values(), ...shields.values()].sort((a, b) => b.path.length - a.path.length);
    for (const one of all) {
      if (!isBelow(one, path, iteration) || isShielded(this.state, one, path)) continue;
      const node = nodeBelow(bodies, one.path);
      if (!node) continue;
      const isHeld = held.some(
        (inner) => isBelow(inner, one.path, one.iteration) || (inner.path === one.path && inner.iteration === one.iteration),
      );
      if (isHeld || !this.hasLeft(node, one)) held.push(one);
    }
    if (held.length === 0) progress.set(memo, iteration, { index: 0, output: undefined });
    return held.length === 0;
  }

  private hasLeft(node: GraphNode, one: Shield | Undoing): boolean {
    if ('segments' in one) return this.undo(node, one.iteration, node.bodies.filter(({ segment }) => one.segments.includes(segment))); // prettier-ignore
    const body = node.bodies.find(({ isShielded: is }) => is);
    return body === undefined || this.advanceBody(body, one.iteration).status !== 'pending';
  }
}
