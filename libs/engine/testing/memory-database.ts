/** What commits have written for one run: all that a crash leaves. Plays the flush, and checks that rows and state agree. */
import { isTerminal, type Json } from '@stepwell/contracts';
import { fold } from '../apply.js';
import {
  type ChildDraft,
  type DispatchDraft,
  type EventDraft,
  type EventWaitDraft,
  type Fact,
  type FactDraft,
  payloadOf,
  type TaskDraft,
} from '../facts/fact.js';
import type { InboxRow } from '../facts/inbox.js';
import type { NodeRef, RetryStartedPayload } from '../facts/retry.facts.js';
import type { RunState } from '../run-state.js';
import { mustEqual } from './must-equal.js';

export class MemoryDatabase {
  readonly journal: Fact[] = [];
  readonly tasks = new Map<string, TaskDraft>();
  readonly dispatches = new Map<string, DispatchDraft>();
  readonly waits = new Map<string, EventWaitDraft & { readonly path: string }>();
  /** Children that live, by id: they end when the outside world says so, or when their parent has them canceled. */
  readonly children = new Map<string, ChildDraft & { readonly path: string }>();
  readonly events: EventDraft[] = [];
  inbox: readonly InboxRow[] = [];
  private messages = 0;

  /** Somebody says something to the run. */
  append(kind: string, payload: Json): void {
    this.inbox = [...this.inbox, { id: `message-${++this.messages}`, kind, payload }];
  }

  /** As the flush: facts, their rows, consumed messages, all at once. What is opened and closed by one commit is not written. */
  commit(drafts: readonly FactDraft[], consumed: ReadonlySet<string>, state: RunState, now: number): void {
    const ends = isTerminal(state.status);
    const canceled = new Set(drafts.flatMap((draft) => draft.effects?.cancel ?? []));
    for (const { effects = {}, ...fact } of drafts) {
      this.journal.push({ ...fact, seq: this.journal.length + 1, version: 1, at: now });
      if (effects.openTask) this.tasks.set(effects.openTask.id, effects.openTask);
      if (effects.dispatch) this.dispatches.set(effects.dispatch.id, effects.dispatch);
      if (effects.startRun?.isAwaited) this.children.set(effects.startRun.id, { ...effects.startRun, path: fact.path });
      for (const { runId } of effects.tell ?? []) this.children.delete(runId);
      if (effects.listen) this.waits.set(effects.listen.id, { ...effects.listen, path: fact.path });
      this.events.push(...(effects.emitEvents ?? []));
    }
    for (const rows of [this.tasks, this.dispatches, this.waits])
      for (const id of rows.keys()) if (ends || canceled.has(id)) rows.delete(id);
    this.inbox = this.inbox.filter((message) => !consumed.has(message.id));
    this.check(state);
  }

  /** Since it began anew, if it did. */
  hasFinished(path: string, iteration: string): boolean {
    const isIt = (one: NodeRef) => one.path === path && one.iteration === iteration;
    // With a loop that begins anew do all its turns, those too that it has forgotten. One that goes on where it stood keeps its last turn.
    const isBelow = (one: NodeRef, loop: NodeRef) => one.path.startsWith(`${loop.path}/turn/`) && one.iteration.startsWith(loop.iteration);
    const isReopened = (fact: Fact) => {
      const { reopened, effects = [] } = payloadOf<RetryStartedPayload>(fact);
      if (effects.some((one) => isIt(one) && one.output !== undefined)) return false;
      return reopened.some(
        (one) =>
          isIt(one) || (one.turns === undefined && isBelow({ path, iteration }, one) && reopened.some((inner) => isBelow(inner, one))),
      );
    };
    const last = this.journal.findLast((fact) => (fact.type === 'step.completed' && isIt(fact)) || (fact.type === 'retry.started' && isReopened(fact))); // prettier-ignore
    return last?.type === 'step.completed';
  }

  private check(state: RunState): void {
    const { progress: _, ...folded } = fold(this.journal);
    const { progress: __, ...remembered } = state;
    mustEqual(remembered, folded, 'The state in memory is not the fold of the journal');
    const answered = new Set(this.inbox.map((message) => (message.payload as { taskId?: string }).taskId));
    const nodes = isTerminal(state.status) ? [] : [...state.nodes.values()];
    const waiting = nodes.flatMap((node) => (node.phase === 'task-open' ? (node.taskId ?? []) : []));
    mustEqual([...this.tasks.keys()].sort(), waiting.filter((id) => !answered.has(id)).sort(), 'Open tasks and waiting screens differ');
    const awaited = nodes.flatMap((node) => (node.phase === 'child' ? (node.childId ?? []) : []));
    const told = new Set(this.inbox.map((message) => (message.payload as { childId?: string }).childId));
    mustEqual([...this.children.keys()].sort(), awaited.filter((id) => !told.has(id)).sort(), 'Living children and waiting nodes differ');
    const listening = nodes.flatMap((node) => (node.phase === 'listening' ? (node.waitId ?? []) : []));
    mustEqual([...this.waits.keys()].sort(), listening.sort(), 'Waits for events and listening nodes differ');
    const dispatched = nodes.flatMap((node) => (node.phase === 'dispatched' ? (node.dispatchId ?? []) : []));
    const ended = new Set(this.inbox.map((message) => (message.payload as { dispatchId?: string }).dispatchId));
    mustEqual([...this.dispatches.keys()].sort(), dispatched.filter((id) => !ended.has(id)).sort(), 'Dispatches and waiting steps differ');
  }
}
