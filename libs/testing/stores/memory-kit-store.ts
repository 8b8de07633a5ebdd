import type { Actor } from '@stepwell/contracts';
import { copyOf, type InsertedRun, MemoryStore, type NewRun, startersOf, type WorkflowCatalog } from '@stepwell/engine';
import type { TaskAssignment, TaskSuggestion } from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import {
  type EmittedView,
  type KitDecision,
  type KitStore,
  type RunView,
  type Settlement,
  type StoreConnection,
  type TaskCircumstances,
  type TaskView,
  TENANT,
} from './kit-store.js';

/** Everything in this process: nothing to connect to, and nothing that outlives the test. */
export class MemoryKitStore implements KitStore {
  readonly kind = 'memory';
  readonly dataSource = undefined;
  readonly checkpoints = undefined;
  readonly migrations = undefined;
  readonly store: MemoryStore;

  constructor(catalog: WorkflowCatalog, now: () => number) {
    this.store = new MemoryStore(now);
    for (const { definition } of catalog.current()) {
      if (definition.isDeprecated) continue;
      const { name: workflow, version } = definition;
      for (const { event } of definition.startOn) {
        const listeners = this.store.rows.triggers.get(event) ?? [];
        this.store.rows.triggers.set(event, [...listeners, { workflow, version }]);
      }
    }
  }

  async connect(): Promise<StoreConnection> {
    return { store: this.store, events: this.store.events, close: async () => undefined };
  }

  async setTime(): Promise<void> {}

  insertRun(run: NewRun): Promise<InsertedRun> {
    return this.store.insertRun(run);
  }

  async runs(): Promise<readonly RunView[]> {
    return [...this.store.rows.runs.values()].map(({ id, workflow, status, waitReasons, errorCode, errorMessage }) => {
      return { id, workflow, status, waitsFor: status === 'waiting' ? waitReasons : [], errorCode, errorMessage };
    });
  }

  async tasks(): Promise<readonly TaskView[]> {
    const { tasks, runs } = this.store.rows;
    return [...tasks.values()].map(({ runId, suggestion, assignment = null, reviews = null, ...task }) => {
      const { id, path, iteration, screen, title, subject, props, dueAt, status, answer, decidedBy, endedAt } = task;
      const { workflow = '', version: workflowVersion = 0 } = runs.get(runId) ?? {};
      const recommended = suggestion as TaskSuggestion | null;
      return {
        id,
        runId,
        workflow,
        workflowVersion,
        path,
        iteration,
        screen,
        title,
        subject,
        props,
        suggestion: recommended,
        dueAt,
        assignment: names(assignment) ? assignment : null,
        reviews,
        status,
        answer,
        decidedBy,
        endedAt,
      };
    });
  }

  async events(): Promise<readonly EmittedView[]> {
    return [...this.store.rows.events.values()].map(({ id, name, payload, idempotencyKey, sourceRun: runId }) => {
      return { id, name, payload, idempotencyKey, runId };
    });
  }

  async circumstances({ id, runId }: TaskView): Promise<TaskCircumstances> {
    const { rows } = this.store;
    const { excluded = null, reviews } = rows.tasks.get(id) ?? {};
    // As a server tells it: those who were refused when the task opened, where it refuses them.
    const starters = (reviews ? null : excluded) ?? startersOf(rows, runId);
    return { excluded, starters, startedBy: rows.runs.get(runId)?.actor ?? null };
  }

  async decide({ id, runId }: TaskView, { answer, actor: by, after, handsTo }: KitDecision): Promise<boolean> {
    const task = this.store.rows.tasks.get(id);
    if (task?.status !== 'open') return false;
    if (task.reviews && !task.reviews.isDisputed) {
      const at = new Date(this.store.rows.now()).toISOString();
      const given = [...task.reviews.given, { by, at, answer: copyOf(answer), key: null }];
      task.reviews = { ...task.reviews, given, isDisputed: after === 'disputed' };
      if (after !== 'decided') {
        const { candidateUsers = null, candidateGroups = null } = task.assignment ?? {};
        const { users, groups } = handsTo ?? { users: candidateUsers, groups: candidateGroups };
        task.assignment = { assignee: null, candidateUsers: users, candidateGroups: groups };
        task.excluded = [...(task.excluded ?? []), by.id];
        return true;
      }
    }
    const message = {
      tenant: TENANT,
      runId,
      kind: 'task.completed',
      dedupeKey: `task:${id}`,
      payload: { taskId: id, answer, by },
      holdMs: task.undoMs,
    } as const;
    const outcome = await this.store.journals.append(message);
    if (outcome.kind === 'run-ended' || !outcome.appended) return false;
    task.status = 'completed';
    task.undoUntil = task.undoMs === null ? null : this.store.rows.now() + task.undoMs;
    task.endedAt = this.store.rows.now();
    task.answer = copyOf(answer);
    task.decidedBy = by;
    return true;
  }

  undo({ id, runId }: TaskView, { id: actorId }: Actor): Promise<boolean> {
    return this.store.take(() => {
      const { tasks, inboxes, now } = this.store.rows;
      const task = tasks.get(id);
      const messages = inboxes.get(runId) ?? [];
      const left = messages.filter(({ dedupeKey, heldUntil }) => dedupeKey !== `task:${id}` || (heldUntil ?? 0) <= now());
      const isInTime = task?.status === 'completed' && (task.undoUntil ?? 0) > now() && left.length < messages.length;
      if (!isInTime || task.decidedBy?.id !== actorId) return false;
      inboxes.set(runId, left);
      Object.assign(task, { status: 'open', answer: null, decidedBy: null, undoUntil: null, endedAt: 0 });
      return true;
    });
  }

  emit({ name, payload, idempotencyKey }: Parameters<KitStore['emit']>[0]): Promise<string> {
    return this.store.take(() => {
      const { rows } = this.store;
      const id = uuidV7();
      const about = { tenant: TENANT, sourceRun: null, actor: null, emittedAt: rows.now(), routed: false };
      rows.events.set(id, { id, name, payload: copyOf(payload), idempotencyKey, ...about });
      return id;
    });
  }

  async settle(runId: string, id: string, settlement: Settlement): Promise<boolean> {
    const isSettled = (this.store.rows.journals.get(runId) ?? []).some(
      ({ type, payload }) => type === 'async-result.settled' && (JSON.parse(payload) as { id: string }).id === id,
    );
    if (isSettled) return false;
    const message = { tenant: TENANT, runId, kind: 'async-result.settled', dedupeKey: `async-result:${id}` } as const;
    const outcome = await this.store.journals.append({ ...message, payload: { id, ...settlement } });
    return outcome.kind === 'accepted' && outcome.appended;
  }

  async close(): Promise<void> {}
}

function names(assignment: TaskAssignment | null): boolean {
  return Boolean(assignment && (assignment.assignee ?? assignment.candidateUsers ?? assignment.candidateGroups));
}
