/**
 * A worker and the outside world in memory, for tests of the core: it advances one run in single small moves and lets the test say which
 * comes next, a crash included. A crash forgets everything but what commits have written, and folds anew.
 *
 * It throws as soon as a rule is broken: a handler begins while something before it is not durable, or although its step has finished;
 * the state in memory is not the fold of the facts; a decision depends on what the state remembers beside the facts; a row is open when
 * its node does not wait for it; a run that has ended still decides something.
 */
import { isTerminal, type Json } from '@stepwell/contracts';
import {
  definitionOf,
  type Hosted,
  type InjectedNode,
  type InjectOptions,
  isSuspension,
  type StepNode,
  SUSPENSION,
  type Suspension,
  TerminalError,
  UnknownEffectError,
  type Verdict,
} from '@stepwell/sdk';
import type { Action, EvaluateAction, ExecuteAction, RecordAction, Wait } from '../actions.js';
import { apply, fold } from '../apply.js';
import { ByIteration } from '../by-iteration.js';
import { displayOf } from '../columns.js';
import { decide, isBegun, isCanceled, whyNotNeeded } from '../decide.js';
import type { EvaluateContext } from '../evaluate-context.js';
import { evaluate, evaluationFailed } from '../evaluate.js';
import { type FactDraft, factOf } from '../facts/fact.js';
import { lostEffects, unknownEffect } from '../facts/effect.facts.js';
import { farewells } from '../facts/child.facts.js';
import { factsOfMessage } from '../facts/inbox.js';
import { endOfRun } from '../facts/run.facts.js';
import type { StandInKind } from '../facts/policy.facts.js';
import type { StepFault } from '../facts/step-fault.js';
import { compile } from '../graph/compile.js';
import type { Graph, GraphNode } from '../graph/graph.js';
import { nodeKey } from '../graph/iteration.js';
import { asItFits } from '../as-it-fits.js';
import type { NodesToInject } from '../injected-nodes.js';
import { nodeOfRun } from '../injections.js';
import { failedAttempt } from '../kinds/step.kind.js';
import { unverified, verified } from '../policies/verification.js';
import { GraphReadContext } from '../read-context.js';
import { restricted } from '../restricted-read-context.js';
import type { RunState } from '../run-state.js';
import type { Migration } from '../migration.js';
import { takeOver } from '../take-over.js';
import { MemoryDatabase } from './memory-database.js';
import { mustEqual } from './must-equal.js';
import { nodesToInject } from './nodes-to-inject.js';
import { type Answers, type Entered, type Move, OutsideWorld } from './outside-world.js';

/** What a handler gets here: what it may read, and how it suspends. */
export interface DriverStepContext extends GraphReadContext {
  readonly params: unknown;
  readonly idempotencyKey: string;
  readonly attempt: number;
  /** How many retries of ended runs came before this run. */
  readonly generation: number;
  readonly isResumed: boolean;
  readonly resumeData: unknown;
  /** At the point it stands in, unless it says another one. Here nobody checks what is injected, and it is done at once. */
  readonly inject: (nodes: readonly InjectedNode[], options?: InjectOptions) => unknown;
  createAsyncResult(): string;
  resumeWhenComplete(id: string, timeoutMs?: number): Suspension;
  suspendFor(ms: number): Suspension;
}

export interface DriverOptions extends Answers {
  readonly input?: Json;
  /** Default: always 0. */
  readonly random?: () => number;
  /** Steps of these queues are dispatched to another worker. */
  readonly otherQueues?: readonly string[];
}

export const LET_TIME_PASS = 'let time pass';

export class RunDriver {
  readonly database: MemoryDatabase;
  now = 1_000;
  state: RunState;
  /** How often each handler was begun, by node key. */
  readonly executions = new Map<string, number>();
  private drafts: FactDraft[] = [];
  private consumed = new Set<string>();
  private running = new Map<string, { readonly action: ExecuteAction; readonly facts: readonly FactDraft[] }>();
  private begun = new Set<string>();
  private readonly outside: OutsideWorld;
  private ids = 0;

  constructor(
    readonly graph: Graph,
    private readonly options: DriverOptions = {},
    private readonly retryOf?: RunDriver,
    migrated?: { readonly run: RunDriver; readonly migration: Migration },
  ) {
    this.database = migrated?.run.database ?? new MemoryDatabase();
    this.outside = new OutsideWorld(graph, this.database, options, (step) => this.execute({ ...step, node: nodeOfRun(graph, this.state, { path: step.node.path, iteration: step.iteration }) ?? step.node })); // prettier-ignore
    const start = { type: 'run.started', payload: { input: options.input ?? null } };
    const first = retryOf ? this.takeOver(retryOf) : migrated ? this.moveOver(migrated.run, migrated.migration) : start;
    this.state = fold(this.database.journal);
    this.record({ ...AT_RUN, ...first });
    this.commit();
  }

  /** The run that retries this one, which has ended. */
  retry(): RunDriver {
    return new RunDriver(this.graph, this.options, this);
  }

  /** The same run as a worker of the newer version finds it; this one knows nothing of it any more. */
  migrate(graph: Graph, migration: Migration, options: DriverOptions): RunDriver {
    return new RunDriver(graph, options, undefined, { run: this, migration });
  }

  private moveOver({ now, ids }: RunDriver, { payload, closes }: Migration): Pick<FactDraft, 'type' | 'payload' | 'effects'> {
    Object.assign(this, { now, ids });
    this.database.move(new Map(payload.moved.map(({ from, to }) => [from, to])));
    return { type: 'run.migrated', payload: { ...payload, by: null, reason: null } as unknown as Json, effects: { cancel: closes } };
  }

  private takeOver({ database: { journal }, now, ids }: RunDriver): Pick<FactDraft, 'type' | 'payload'> {
    const { facts, begun } = takeOver(this.graph, journal);
    this.database.journal.push(...journal.slice(0, facts));
    Object.assign(this, { now, ids });
    return { type: 'retry.started', payload: { runId: 'run', by: null, reason: null, ...begun } as unknown as Json };
  }

  private get generation(): number {
    return this.retryOf ? this.retryOf.generation + 1 : 0;
  }

  static of(flow: Hosted, options: DriverOptions = {}): RunDriver {
    return new RunDriver(compile(definitionOf(flow)), options);
  }

  /** What may happen now, by name. */
  get possible(): readonly string[] {
    return this.moves().map((move) => move.name);
  }

  /** What the run waits for now. */
  get waits(): readonly Wait[] {
    return this.decision().waits;
  }

  /** The types of all facts in the journal. */
  get facts(): readonly string[] {
    return this.database.journal.map((fact) => fact.type);
  }

  /** For `check-undone.ts`. */
  get journal() {
    return { graph: this.graph, status: this.state.status, journal: this.database.journal };
  }

  get hasEnded(): boolean {
    return isTerminal(this.state.status) && this.drafts.length === 0;
  }

  get read(): GraphReadContext {
    return new GraphReadContext(this.graph, this.state, { tenant: 'default', runId: 'run', actor: null });
  }

  /** Everything that may happen now, crashes aside. Empty only when the run has ended or waits for something that never comes. */
  moves(): Move[] {
    const { actions, waits } = this.decision();
    const evaluations = actions.filter((action) => action.type === 'evaluate' || action.type === 'record');
    const end = actions.find((action) => action.type === 'end');
    const moves: Move[] = evaluations.map((action) => ({ name: `evaluate ${action.key}`, make: () => this.evaluate(action) }));
    if (end)
      moves.push({
        name: `end as ${end.status}`,
        make: () => this.record(endOfRun(end, farewells(end, this.state, { id: 'run', workflow: 'tree', parent_run: null }))),
      });
    if (this.drafts.length > 0 || this.consumed.size > 0) moves.push({ name: 'commit', make: () => this.commit() });
    else if (evaluations.length === 0 && !end) moves.push(...this.beginnings(actions));
    for (const key of this.running.keys()) moves.push({ name: `finish ${key}`, make: () => this.finish(key) });
    if (this.database.inbox.some((message) => !this.consumed.has(message.id)) && !isTerminal(this.state.status)) {
      moves.push({ name: 'read the inbox', make: () => this.readInbox() });
    }
    if (!isTerminal(this.state.status)) moves.push(...this.outside.moves(waits.some(({ reason }) => reason === 'signal')));
    if (this.state.isPaused) moves.push({ name: 'resume', make: () => this.database.append('resume.requested', {}) });
    const due = waits.flatMap((wait) => wait.dueAt ?? []).filter((dueAt) => dueAt > this.now);
    if (due.length > 0) moves.push({ name: LET_TIME_PASS, make: () => void (this.now = Math.min(...due)) });
    return moves;
  }

  /** The worker dies: what is not committed is gone, and what runs is never heard of again. */
  crash(): void {
    const folded = fold(this.database.journal);
    if (this.drafts.length === 0) this.database.checkState(this.state, folded);
    this.drafts = [];
    this.consumed = new Set();
    this.running = new Map();
    this.begun = new Set();
    this.state = folded;
    for (const lost of lostEffects(this.state)) this.record(lost);
  }

  /** Takes the first possible move until nothing is left; time passes only when nothing else can happen. */
  async settle(limit = 10_000): Promise<void> {
    for (let count = 0; count < limit; count++) {
      const moves = this.moves();
      const move = moves.find((one) => one.name !== LET_TIME_PASS) ?? moves[0];
      if (!move) return;
      await move.make();
    }
    throw new Error(`The run does not come to rest within ${limit} moves.`);
  }

  /** Takes moves until one of this name has been made. */
  async make(name: string): Promise<void> {
    for (let count = 0; count < 1_000; count++) {
      const moves = this.moves();
      const move = moves.find((one) => one.name === name) ?? moves[0];
      if (!move) break;
      await move.make();
      if (move.name === name) return;
    }
    throw new Error(`It never comes to "${name}"; possible is: ${this.moves().map((move) => move.name).join(', ') || 'nothing'}.`); // prettier-ignore
  }

  private decision() {
    const decision = decide(this.graph, this.state, this.now);
    if (this.state.progress.size > 0) {
      const afresh = decide(this.graph, { ...this.state, progress: new ByIteration() }, this.now);
      mustEqual(keysOf(decision.actions), keysOf(afresh.actions), 'The decision depends on what is remembered');
      mustEqual(decision.waits, afresh.waits, 'What the run waits for depends on what is remembered');
    }
    if (isTerminal(this.state.status)) {
      mustEqual([decision.actions, decision.waits], [[], []], 'A run that has ended decides something');
      if (this.drafts.length === 0) this.database.checkState(this.state);
    }
    return decision;
  }

  private beginnings(actions: readonly Action[]): Move[] {
    return actions
      .filter((action) => action.type === 'execute')
      .filter((action) => !this.begun.has(action.key))
      .map((action) => ({ name: `begin ${action.key}`, make: () => this.begin(action) }));
  }

  private begin(action: ExecuteAction): void {
    this.begun.add(action.key);
    const { node, iteration, attempt } = action;
    if (this.state.isPaused && !isBegun(action, this.state)) throw new Error(`The step ${node.path} begins although the run is paused.`);
    if (isCanceled(node, iteration, this.state)) throw new Error(`The step ${node.path} begins although nobody needs it.`);
    const { queue } = node.definition as StepNode;
    if (action.standIn || queue === null || !this.options.otherQueues?.includes(queue)) {
      this.running.set(action.key, { action, facts: this.execute(action) });
      return;
    }
    const at = { path: node.path, iteration, attempt };
    const id = this.newId();
    this.record({ ...at, type: 'step.dispatched', payload: { dispatchId: id, queue }, effects: { dispatch: { ...at, id, queue } } });
  }

  /** Runs the handler; its facts are recorded when it is finished. */
  private execute({ node, iteration, attempt, resumed, standIn }: Entered): readonly FactDraft[] {
    const key = nodeKey(node.path, iteration);
    if (this.database.hasFinished(node.path, iteration)) throw new Error(`The step ${key} is executed again although it has finished.`);
    this.executions.set(key, (this.executions.get(key) ?? 0) + 1);
    const at = { path: node.path, iteration, attempt };
    const definition = node.definition as StepNode;
    const injected: NodesToInject[] = [];
    try {
      const context = this.stepContext({ node, iteration, attempt, resumed }, injected);
      if (standIn === 'verify') return [this.verify(node as GraphNode<StepNode>, at, context)];
      if (standIn) return [this.standIn(at, definition, standIn, context)];
      const handler = definition.handler && new definition.handler();
      const value: unknown = handler ? handler.run(context as never) : definition.run?.(context as never);
      if (!isSuspension(value))
        return [{ ...at, type: 'step.completed', payload: { output: (value ?? null) as Json, startedAt: this.now, ...(injected.length > 0 ? { injected: injected as unknown as Json } : {}) } }]; // prettier-ignore
      const dueAt = value.timeoutMs === null ? null : this.now + value.timeoutMs;
      return [{ ...at, type: 'attempt.suspended', payload: { asyncResultId: value.asyncResultId, dueAt, startedAt: this.now } }];
    } catch (error) {
      if (definition.policy.externalEffect && error instanceof UnknownEffectError) return [unknownEffect(at, faultOf(error), this.now)];
      const context = { state: this.state, now: this.now, random: this.options.random?.() ?? 0, read: this.read.at(node, iteration) };
      return [failedAttempt(node as GraphNode<StepNode>, at, { fault: faultOf(error), cause: error }, context)];
    }
  }

  private verify(node: GraphNode<StepNode>, at: At, context: DriverStepContext): FactDraft {
    const now = { state: this.state, now: this.now, random: this.options.random?.() ?? 0, read: context as never };
    try {
      const verdict = node.definition.policy.externalEffect?.verify?.(context as never, undefined) as Verdict;
      const output = verdict !== 'unknown' && verdict.happened ? (verdict.output as Json) : null;
      return verified(node, at, verdict, output, this.now, now);
    } catch (error) {
      return unverified(at, faultOf(error), now);
    }
  }

  private standIn(at: At, { policy }: StepNode, standIn: StandInKind, context: DriverStepContext): FactDraft {
    const { code = '', message = '' } = this.state.nodes.get(at.path, at.iteration)?.fault ?? {};
    const startedAt = this.now;
    try {
      const run = standIn === 'failure' ? policy.onFailure : policy.onBreach;
      const output = run?.({ code, message, attempt: at.attempt }, context as never) as Json;
      return { ...at, type: 'step.completed', payload: { output, startedAt, substitute: standIn } };
    } catch (error) {
      return { ...at, type: 'stand-in.failed', payload: { standIn, fault: { ...faultOf(error) }, startedAt } };
    }
  }

  private stepContext({ node, iteration, attempt, resumed }: Entered, injected: NodesToInject[]): DriverStepContext {
    const suspension = (asyncResultId: string | null, timeoutMs: number | null): Suspension => ({
      [SUSPENSION]: true,
      asyncResultId,
      timeoutMs,
    });
    const { access } = (node.definition as StepNode).policy;
    const full = new GraphReadContext(this.graph, this.state, this.read).at(node, iteration);
    const read = restricted(full, access, node.id) as GraphReadContext;
    return Object.assign(read, {
      params: (node.definition as StepNode).params?.(read),
      idempotencyKey: nodeKey(node.path, iteration),
      attempt,
      generation: this.generation,
      isResumed: resumed !== undefined,
      resumeData: resumed?.data,
      inject: (nodes: readonly InjectedNode[], { at, position = undefined }: InjectOptions = {}) => {
        const point = (at === undefined ? node.parent.owner : this.graph.byId.get(at)) as GraphNode;
        injected.push(nodesToInject(nodes, { path: point.path, iteration: full.iterationOf(point) }, position ?? null, this.graph));
      },
      createAsyncResult: () => {
        const id = this.newId();
        this.outside.ask(id, node);
        return id;
      },
      resumeWhenComplete: (id: string, timeoutMs?: number) => suspension(id, timeoutMs ?? null),
      suspendFor: (ms: number) => suspension(null, ms),
    });
  }

  private finish(key: string): void {
    const running = this.running.get(key);
    this.running.delete(key);
    if (!running || isTerminal(this.state.status)) return;
    if (whyNotNeeded(running.action, this.state) !== undefined) return;
    for (const fact of running.facts) this.record(asItFits(this.state, fact));
  }

  private async evaluate(action: EvaluateAction | RecordAction): Promise<void> {
    if (action.type === 'record') {
      for (const fact of action.facts) this.record(fact);
      return;
    }
    const context: EvaluateContext = {
      workflow: this.graph.workflow,
      state: this.state,
      now: this.now,
      random: this.options.random?.() ?? 0,
      lotOf,
      read: this.read.at(action.node, action.iteration),
      readAt: (node, iteration) => this.read.at(node, iteration),
      displayAt: (node, iteration) => displayOf(this.graph, this.read, { node, iteration }),
      newId: () => this.newId(),
      startOf: async (_workflow, input) => ({ version: 1, queue: 'default', input: input as Json, priority: 0, permitKey: null }),
      screen: (type) => new type(),
      formOf: () => ({}),
      faultOf,
    };
    const facts = await evaluate(action, context).catch((error: unknown) => [evaluationFailed(action, faultOf(error))]);
    for (const fact of facts) this.record(fact);
  }

  private commit(): void {
    this.database.commit(this.drafts, this.consumed, this.state, this.now);
    this.drafts = [];
    this.consumed = new Set();
  }

  private readInbox(): void {
    for (const message of this.database.inbox) {
      if (this.consumed.has(message.id)) continue;
      for (const fact of factsOfMessage(this.state, message)) this.record(fact);
      this.consumed.add(message.id);
    }
  }

  private record(draft: FactDraft): void {
    apply(this.state, factOf(draft, this.state.lastSeq + 1, this.now));
    this.drafts.push(draft);
  }

  private newId(): string {
    return `id-${++this.ids}`;
  }
}

type At = Pick<FactDraft, 'path' | 'iteration' | 'attempt'>;

/** FNV-1a, as a share of 2^32. */
function lotOf(text: string): number {
  return [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), 2_166_136_261) / 2 ** 32 + 0.5;
}

const AT_RUN = { path: '', iteration: '', attempt: 0 } as const;

function faultOf(error: unknown): StepFault {
  const { code = 'STEP_FAILED' } = error as { code?: string };
  return { code, message: error instanceof Error ? error.message : String(error), retryable: !(error instanceof TerminalError) };
}

function keysOf(actions: readonly Action[]): readonly string[] {
  return actions.map((action) => (action.type === 'end' ? `end as ${action.status}` : action.key));
}
