/**
 * The two sides of an activation: what executors may ask of it (`ActivationHandle`), and what it asks of its worker
 * (`ActivationHost`): ports to the outside, and whom to tell what happened.
 */
import type { Json, LogFields } from '@stepwell/contracts';
import type {
  ClaimedRun,
  Clock,
  CommitOutcome,
  ExecuteAction,
  FactDraft,
  GraphNode,
  GraphReadContext,
  NewRun,
  OwnTransaction,
  RunCommit,
  RunRef,
  RunState,
  Secrets,
  Timers,
  UnknownOutcomeError,
  WorkerStore,
  WorkflowCatalog,
} from '@stepwell/engine';
import type { AnyScreen, Type } from '@stepwell/sdk';
import type { AsyncResultIds } from '../runs/async-result-ids.js';
import type { CheckpointTexts } from '../runs/checkpoint-text.js';
import type { Tracing } from '../tracing/tracing.js';
import type { Entry } from './entry.js';
import type { KeptFold } from './kept-folds.js';
import type { StalledTransactions } from './stalled-transactions.js';

/** Finds the provider of a handler, screen or record source. */
export interface Handlers {
  get<T extends object>(type: Type<T>): T;
  screen(type: Type<AnyScreen>): AnyScreen;
}

export interface WorkerLog {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** What a line of the log about a run says of it. */
export function aboutRun({ tenant, id }: RunRef): { readonly tenant: string; readonly runId: string } {
  return { tenant, runId: id };
}

/** The lease has passed on; nothing of the activation was kept. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  constructor(runId: string) {
    super(`Run ${runId} is advanced by another worker now.`);
  }
}

/** Nothing went wrong: it was claimed only to end, its journal says that it is ending, and it queues for a permit to do what comes before. */
export class NeedsPermit extends Error {
  override readonly name = 'NeedsPermit';
}

/** Why a run that was claimed only to end does not go on. */
export function withoutPermit(runId: string, isEnding: boolean): Error {
  const reason = `Run ${runId} was claimed without a permit, and has something to do before it ends.`;
  return isEnding ? new NeedsPermit(reason) : new Error(reason);
}

/** What the interceptors of a workflow have to do with an attempt; those that fail leave a note at its entry. */
export interface StepInterceptors {
  beforeStep(entry: Entry): Promise<void>;
  /**
   * @param withinMs for all of them together, when something waits for them that would be cut
   * @returns what is to be stored
   */
  afterStep(entry: Entry, output: Json, withinMs?: number): Promise<Json>;
}

/** What an executor may ask of the activation its entry belongs to. */
export interface ActivationHandle {
  readonly host: ActivationHost;
  readonly run: ClaimedRun;
  readonly state: RunState;
  readonly readContext: GraphReadContext;
  /** Undefined for a workflow without any. */
  readonly interceptors: StepInterceptors | undefined;
  /** The outcome of an entry. A closed entry's outcome is discarded. */
  complete(entry: Entry, facts: readonly FactDraft[]): void;
  /** The database was lost under an entry: that counts for nothing, neither as an output nor as a failed attempt. */
  interrupt(entry: Entry, cause: UnknownOutcomeError): void;
  /**
   * Writes what is behind, with what an attempt has saved on its way, or because others are about to see what it does.
   *
   * @returns false when the attempt was over before it was durable
   */
  save(entry: Entry, fact?: FactDraft): Promise<boolean>;
  /**
   * The seal of a step's own transaction: its facts, and all that follows from them at once, are committed on the caller's connection.
   *
   * @param facts makes the entry's facts once the seal has its turn; what it throws leaves the entry open
   * @returns false when the attempt or the lease had been lost: then the caller rolls back
   * @throws UnknownOutcomeError when it is not known whether the commit happened
   */
  seal(entry: Entry, facts: () => Promise<readonly FactDraft[]>, transaction: OwnTransaction): Promise<boolean>;
}

/** Where author code is about to be called. */
export interface Entrance {
  readonly tenant: string;
  readonly runId: string;
  readonly node: GraphNode;
  readonly iteration: string;
  /** 0: no attempt, but a condition, a payload or the like. */
  readonly attempt: number;
  /** Not the handler, but what stands in for it, or verifies it. */
  readonly standIn?: ExecuteAction['standIn'];
}

/** Runs that the runs of a worker start: see own-starts.ts. */
export interface RunsOfRuns {
  commit(commit: RunCommit, via: (commit: RunCommit) => Promise<CommitOutcome>): Promise<CommitOutcome>;
  reserve(runs: readonly NewRun[]): readonly NewRun[];
  begin(runs: readonly NewRun[]): void;
  decline(runs: readonly NewRun[], isKnown: boolean): void;
  roomFor(batchSize: number): Promise<void>;
}

export interface ActivationHost {
  /** Which process this is, for people. */
  readonly name: string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Chance, from 0 to 1. */
  readonly random: () => number;
  readonly store: WorkerStore;
  readonly catalog: WorkflowCatalog;
  readonly handlers: Handlers;
  readonly secrets: Secrets;
  readonly asyncResultIds: AsyncResultIds;
  readonly checkpoints: CheckpointTexts;
  readonly log: WorkerLog;
  /** Undefined when nobody asks for spans. */
  readonly tracing: Tracing | undefined;
  /** The worker stops: handlers that run may finish, no further one begins. */
  readonly isStopping: boolean;
  /** At most one attempt of a run at a time, so that it is known in which one the process ends. */
  readonly isIsolated: boolean;
  /** Told before author code is called; cheap, except in isolation. */
  entering(entrance: Entrance): void;
  /** How long a step's transaction may idle: below the lease, so that it is cut before its worker is taken for dead. */
  readonly transactionIdleMs: number;
  /** Transactions that were cut because this process stood still. */
  readonly stalls: StalledTransactions;
  /** Queues this worker serves: a step of another queue is dispatched. */
  serves(queue: string): boolean;
  /** Begins an entry. Returns at once; the outcome comes by `complete` or `seal`. */
  execute(activation: ActivationHandle, entry: Entry): void;
  /** Resolves when the queue has room for another batch. @param goOn is asked meanwhile, and throws when nobody waits any more */
  roomForEmitter(tenant: string, goOn: () => void): Promise<void>;
  readonly ownStarts: RunsOfRuns;
  /** After each commit. */
  committed(commit: RunCommit): void;
  /**
   * The run waits; `dueAt` is its earliest timer, milliseconds since 1970.
   *
   * @param fold of all its facts; undefined when there is none of just those that are durable
   */
  released(activation: ActivationHandle, dueAt: number | null, fold: KeptFold | undefined): void;
  ended(activation: ActivationHandle): void;
  /** The activation cannot go on: fenced, without a permit that it needs, or with an unknown outcome; the host gives the run back if it still holds it. */
  died(activation: ActivationHandle, why: unknown): void;
  /** A closed attempt came back after its activation was over. */
  discarded(activation: ActivationHandle, fact: FactDraft): void;
}
