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
  factOf,
  payloadOf,
  type TaskDraft,
  type TaskEscalationDraft,
} from '../facts/fact.js';
import type { InboxRow } from '../facts/inbox.js';
import type { NodeRef, RetryStartedPayload } from '../facts/retry.facts.js';
import { openRowOf, type RunState } from '../run-state.js';
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

  /** As a migration: what is open has its place in the newer graph. */
  move(paths: ReadonlyMap<string, string>): void {
    for (const rows of [this.tasks, this.waits, this.children] as Map<string, { path: string }>[])
      for (const [id, row] of rows) rows.set(id, { ...row, path: paths.get(row.path) ?? row.path });
  }

  /** As the flush: facts, their rows, consumed messages, all at once. What is opened and closed by one commit is not written. */
  commit(drafts: readonly FactDraft[], consumed: ReadonlySet<string>, state: RunState, now: number): void {
    const ends = isTerminal(state.status);
    const canceled = new Set(drafts.flatMap((draft) => draft.effects?.cancel ?? []));
    for (const draft of drafts) {
      const { path, effects } = draft;
      this.journal.push(factOf(draft, this.journal.length + 1, now));
      if (!effects) continue;
      if (effects.openTask) this.tasks.set(effects.openTask.id, effects.openTask);
      if (effects.escalateTask && !ends && !canceled.has(effects.escalateTask.taskId)) this.escalate(effects.escalateTask);
      if (effects.dispatch) this.dispatches.set(effects.dispatch.id, effects.dispatch);
      if (effects.startRun?.isAwaited) this.children.set(effects.startRun.id, { ...effects.startRun, path });
      for (const { runId } of effects.tell ?? []) this.children.delete(runId);
      if (effects.listen) this.waits.set(effects.listen.id, { ...effects.listen, path });
      this.events.push(...(effects.emitEvents ?? []));
    }
    for (const rows of [this.tasks, this.dispatches, this.waits])
      for (const id of rows.keys()) if (ends || canceled.has(id)) rows.delete(id);
    this.inbox = this.inbox.filter((message) => !consumed.has(message.id));
    this.checkRows(state);
  }

  /** The row is the judge: of what is decided already nothing is said. */
  private escalate(escalation: TaskEscalationDraft): void {
    const { taskId } = escalation;
    const task = this.tasks.get(taskId);
    if (!task) return;
    if (escalation.what === 'assign' && escalation.assignment) this.tasks.set(taskId, { ...task, assignment: escalation.assignment });
    if (escalation.what === 'answer') this.append('task.completed', { taskId, answer: escalation.answer, by: null });
    if (escalation.what === 'fail') this.append('task.expired', { taskId, reason: escalation.reason, fault: escalation.fault ?? null });
    if (escalation.what === 'answer' || escalation.what === 'fail') this.tasks.delete(taskId);
  }

  /** @param folded of the journal, which is all that there is */
  checkState({ progress: _, ...remembered }: RunState, { progress: __, ...folded }: RunState = fold(this.journal)): void {
    mustEqual(remembered, folded, 'The state in memory is not the fold of the journal');
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

  /** What is open of a node is open here, until somebody has said what became of it. */
  private checkRows(state: RunState): void {
    const open = new Set<string>();
    for (const node of isTerminal(state.status) ? [] : state.nodes.values()) {
      const row = node.phase === 'child' ? node.childId : openRowOf(node);
      if (row !== undefined) open.add(row);
    }
    for (const { payload } of this.inbox) {
      const { taskId, childId, dispatchId } = payload as Readonly<Record<string, string | undefined>>;
      open.delete(taskId ?? childId ?? dispatchId ?? '');
    }
    const { tasks, children, waits, dispatches } = this;
    const rows = [tasks, children, waits, dispatches].flatMap((table) => [...table.keys()]);
    if (rows.length !== open.size || !rows.every((id) => open.has(id)))
      throw new Error(`Open are the rows ${rows.join(', ')}; the nodes wait for ${[...open].join(', ')}.`);
  }
}
