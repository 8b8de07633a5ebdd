/**
 * One step of another worker's run: it was dispatched to a queue that this worker serves. The run is folded for reading only; what comes
 * of the step goes to the run's owner through its inbox, once, by deleting the dispatch under its epoch in the same statement. A step's
 * own transaction carries that statement itself.
 */
import {
  apply,
  type CheckpointSavedPayload,
  type ClaimedDispatch,
  type ClaimedRun,
  type ExecuteAction,
  type Fact,
  type FactDraft,
  factsOfMessage,
  fold,
  type GraphNode,
  GraphReadContext,
  type HostedWorkflow,
  type InboxRow,
  lostEffect,
  nodeOfRun,
  type NodeState,
  type OwnTransaction,
  type RunState,
  UnknownOutcomeError,
} from '@stepwell/engine';
import type { StepNode } from '@stepwell/sdk';
import { classify, uuidV7 } from '@stepwell/storage';
import { setTimeout as pause } from 'node:timers/promises';
import { Entry } from './entry.js';
import { aboutRun, type ActivationHandle, type ActivationHost, type StepInterceptors } from './host.js';
import { Interceptors } from './interceptors.js';
import { inItsPlace } from './unstorable.js';

/** As for commits: five repeats with 10 to 160 ms between them. */
const MAX_REPEATS = 5;

/** Whom to tell how it went. */
export interface DispatchHost {
  /** The run's owner has a message. */
  ended(step: DispatchedStep): void;
  /** Another worker has it, or nobody wants it any more; nothing was kept. */
  lost(step: DispatchedStep): void;
  /** It is not known whether its end was committed. */
  died(step: DispatchedStep, why: unknown): void;
}

export class DispatchedStep implements ActivationHandle {
  readonly run: ClaimedRun;
  readonly state: RunState;
  readonly readContext: GraphReadContext;
  readonly interceptors: StepInterceptors | undefined;
  readonly entry: Entry;

  /** @throws Error when this dispatch is not what its run waits for */
  constructor(
    readonly host: ActivationHost,
    private readonly told: DispatchHost,
    readonly dispatch: ClaimedDispatch,
    hosted: HostedWorkflow,
    facts: readonly Fact[],
    /** What the run's owner has not read yet. */
    unread: readonly InboxRow[],
  ) {
    const { tenant, run_id: id, workflow, version, run_queue: queue, lineage_root, actor } = dispatch;
    this.state = fold(facts);
    for (const message of unread)
      if (message.kind === 'checkpoint.saved')
        for (const fact of factsOfMessage(this.state, message))
          apply(this.state, { ...fact, seq: this.state.lastSeq + 1, version: 1, at: 0 });
    const { graph } = hosted;
    const node = nodeOfRun(graph, this.state, dispatch);
    const waiting = [...this.state.nodes.values()].find((one) => one.phase === 'dispatched' && one.dispatchId === dispatch.id);
    if (!node || !waiting) throw new Error(`Run ${id} does not wait for dispatch ${dispatch.id} (${dispatch.path}).`);
    // Epoch and attention belong to the owner of the run; nothing here uses them.
    this.run = {
      tenant,
      id,
      workflow,
      version,
      queue,
      lineage_root,
      parent_run: null,
      actor,
      epoch: 0,
      attention: 0,
      last_seq: this.state.lastSeq,
      due_at: null,
    };
    this.readContext = new GraphReadContext(graph, this.state, { tenant, runId: id, actor });
    this.interceptors = Interceptors.of(host, this.run, hosted);
    this.entry = new Entry(actionOf(node, dispatch, resumption(facts, waiting, this.state)), host.clock.now(), host.timers);
  }

  /** Returns at once; the outcome comes by `complete` or `seal`. */
  begin(): void {
    // Whoever had it before may have begun it.
    const { policy } = this.entry.action.node.definition as StepNode;
    if (policy.externalEffect && this.dispatch.epoch > 1) return this.complete(this.entry, lostEffect(this.entry.action));
    this.host.execute(this, this.entry);
  }

  complete(entry: Entry, facts: readonly FactDraft[]): void {
    if (entry.close()) void this.end([...entry.notes, ...facts], 0);
    else this.discard(entry);
  }

  interrupt(entry: Entry, cause: UnknownOutcomeError): void {
    if (entry.close()) this.told.died(this, cause);
  }

  /** Through the inbox of the run: its owner makes a fact of it. What was before the step is written. */
  async save(entry: Entry, fact?: FactDraft): Promise<boolean> {
    if (!entry.open || !fact) return entry.open;
    const { type, effects: _, payload, ...at } = fact;
    const { tenant, id: runId } = this.run;
    const { value } = payload as unknown as CheckpointSavedPayload;
    const message = {
      kind: 'checkpoint.saved',
      dedupeKey: `checkpoint:${uuidV7()}`,
      payload: { dispatchId: this.dispatch.id, ...at, value },
    } as const;
    const outcome = await this.host.store.journals.append({ tenant, runId, ...message });
    if (outcome.kind === 'run-ended' || !entry.open) return false;
    apply(this.state, { type, ...at, payload, seq: this.state.lastSeq + 1, version: 1, at: this.host.clock.now() });
    return true;
  }

  async seal(entry: Entry, facts: () => Promise<readonly FactDraft[]>, transaction: OwnTransaction): Promise<boolean> {
    if (!entry.open) return false;
    // Until the dispatch is ended the entry stays open, so that what goes wrong here is still its own failure.
    const isOurs = await transaction.endDispatch(this.dispatch, await facts());
    if (!entry.close()) return false;
    if (!isOurs) {
      this.told.lost(this);
      return false;
    }
    try {
      await transaction.commit();
    } catch (cause) {
      this.told.died(this, cause);
      throw new UnknownOutcomeError('It is not known whether the transaction of the step was committed.', { cause });
    }
    entry.sealed = true;
    this.told.ended(this);
    return true;
  }

  private async end(facts: readonly FactDraft[], repeats: number): Promise<void> {
    try {
      if (await this.host.store.dispatches.end(this.dispatch, facts)) return this.told.ended(this);
      this.told.lost(this);
      this.discard(this.entry);
    } catch (error) {
      const failure = classify(error);
      if (failure === 'transient' && repeats < MAX_REPEATS) {
        await pause(10 * 2 ** repeats);
        return this.end(facts, repeats + 1);
      }
      const instead = failure === 'data' ? withoutUnstorable(facts, error as Error) : [];
      if (instead.length > 0 && repeats <= MAX_REPEATS) return this.end(instead, MAX_REPEATS + 1);
      this.told.died(this, error);
    }
  }

  private discard({ action: { iteration, attempt } }: Entry): void {
    const { path } = this.dispatch;
    this.host.log.warn('A closed attempt came back; its result is discarded', { ...aboutRun(this.run), path, attempt });
    const reason = 'The attempt had been closed before it returned.';
    this.host.discarded(this, { type: 'attempt.discarded', path, iteration, attempt, payload: { reason } });
  }
}

function actionOf(node: GraphNode, { path, iteration, attempt }: ClaimedDispatch, resumed: ExecuteAction['resumed']): ExecuteAction {
  return { type: 'execute', key: `${path}#${iteration}!${attempt}`, node, iteration, attempt, resumed };
}

/** With what the handler is entered again, when it was dispatched for that. */
function resumption(facts: readonly Fact[], waiting: NodeState, state: RunState): ExecuteAction['resumed'] {
  const dispatched = facts.findLast(
    (fact) => fact.type === 'step.dispatched' && fact.path === waiting.path && fact.iteration === waiting.iteration,
  );
  if (!(dispatched?.payload as { isResumed?: boolean } | undefined)?.isResumed) return undefined;
  const result = waiting.asyncResultId === undefined ? undefined : state.asyncResults.get(waiting.asyncResultId);
  return { data: result?.ok ? result.value : null };
}

function withoutUnstorable(facts: readonly FactDraft[], error: Error): FactDraft[] {
  return facts.flatMap((fact) => inItsPlace(fact, error.message) ?? []);
}
