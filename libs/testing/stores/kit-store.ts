/** What the test kit needs of a store: connections for the processes that it plays, and what people and services do from outside. */
import type { Actor, Json, RunStatus, WaitReason } from '@stepwell/contracts';
import type {
  AfterReview,
  EventStore,
  InsertedRun,
  NewRun,
  TaskReviews,
  WorkerStore,
  WakeUpQueue,
  WorkflowCatalog,
} from '@stepwell/engine';
import type { PortableCheckpointParts, PortableCheckpoints, RunMigration } from '@stepwell/runtime';
import type { TaskAssignment, TaskSuggestion } from '@stepwell/sdk';
import type { DataSource } from 'typeorm';

/** How one process reaches the store. */
export interface StoreConnection {
  readonly store: WorkerStore;
  readonly events: EventStore;
  close(): Promise<void>;
}

export interface RunView {
  readonly id: string;
  readonly workflow: string;
  readonly status: RunStatus;
  /** What a waiting run waits for. */
  readonly waitsFor: readonly WaitReason[];
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
}

export interface TaskView {
  readonly id: string;
  readonly runId: string;
  readonly workflow: string;
  readonly workflowVersion: number;
  readonly path: string;
  readonly iteration: string;
  readonly screen: string;
  readonly title: string;
  readonly subject: string;
  /** What the reviewer sees beside the form. */
  readonly props: Json;
  /** What fills the form; null: nothing. */
  readonly suggestion: TaskSuggestion | null;
  /** Milliseconds since 1970. */
  readonly dueAt: number | null;
  /** Whom it is for; null: everybody. */
  readonly assignment: TaskAssignment | null;
  /** What several people have answered so far; null: whoever answers decides. */
  readonly reviews: TaskReviews | null;
  readonly status: 'open' | 'claimed' | 'completed' | 'canceled' | 'expired';
  readonly answer: Json;
  readonly decidedBy: Actor | null;
  /** Milliseconds since 1970; 0 while it waits. */
  readonly endedAt: number;
}

/** What the store knows of who may decide a task. */
export interface TaskCircumstances {
  /** The ids of those who may not, whomever it names; null: nobody is refused. */
  readonly excluded: readonly string[] | null;
  /** The ids of all who started its run or what led to it. */
  readonly starters: readonly string[];
  readonly startedBy: Actor | null;
}

export interface KitDecision {
  readonly answer: Json;
  readonly actor: Actor;
  /** What becomes of the task with it. */
  readonly after: AfterReview;
  /** Whom it is for from then on, when it stays open; null: it stays with its candidates. */
  readonly handsTo: { readonly users: readonly string[] | null; readonly groups: readonly string[] | null } | null;
}

export interface EmittedView {
  readonly id: string;
  readonly name: string;
  readonly payload: Json;
  readonly idempotencyKey: string | null;
  /** The run that emitted it; null when it came from outside. */
  readonly runId: string | null;
}

export type Settlement = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly reason: string };

export type CheckpointParts = Omit<PortableCheckpointParts, 'pool' | 'forks'>;

export interface KitStore {
  readonly kind: 'memory' | 'postgres';
  /** For handlers that inject it; undefined where there is no database. */
  readonly dataSource: DataSource | undefined;
  connect(): Promise<StoreConnection>;
  /** The clock by which leases and timers go. @param now milliseconds since 1970 */
  setTime(now: number): Promise<void>;
  insertRun(run: NewRun): Promise<InsertedRun>;
  /** In the order in which they began. */
  runs(): Promise<readonly RunView[]>;
  tasks(): Promise<readonly TaskView[]>;
  events(): Promise<readonly EmittedView[]>;
  circumstances(task: TaskView): Promise<TaskCircumstances>;
  /** Whether the actor may is looked at before. @returns false when it was not open any more */
  decide(task: TaskView, decision: KitDecision): Promise<boolean>;
  /** @returns false when the decision is not the actor's, or can no longer be taken back */
  undo(task: TaskView, actor: Actor): Promise<boolean>;
  emit(event: { readonly name: string; readonly payload: Json; readonly idempotencyKey: string | null }): Promise<string>;
  /** @returns false when it was settled before, or its run has ended */
  settle(runId: string, id: string, settlement: Settlement): Promise<boolean>;
  /** Undefined where there is no database. */
  readonly checkpoints: ((parts: CheckpointParts) => PortableCheckpoints) | undefined;
  /** Undefined where there is no database. */
  readonly migrations: ((catalog: WorkflowCatalog, wakeUps: WakeUpQueue) => RunMigration) | undefined;
  close(): Promise<void>;
}

export const TENANT = 'default';
