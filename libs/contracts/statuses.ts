/**
 * The statuses of runs, attempts and tasks, and the predicates over them. Terminal statuses never change: the database refuses it
 * (trigger `refuse_terminal_change`), so no code compares status strings itself; it asks the predicates here.
 */
export const RunStatus = {
  queued: 'queued',
  running: 'running',
  waiting: 'waiting',
  paused: 'paused',
  completed: 'completed',
  failed: 'failed',
  canceled: 'canceled',
} as const;
export type RunStatus = (typeof RunStatus)[keyof typeof RunStatus];

/** Why a waiting run waits; stored with the run, so that lists can filter on it. */
export const WaitReason = {
  task: 'task',
  timer: 'timer',
  retry: 'retry',
  asyncResult: 'async-result',
  dispatch: 'dispatch',
  event: 'event',
  signal: 'signal',
  child: 'child',
  incident: 'incident',
  /** Whether an effect happened is being found out. */
  verification: 'verification',
  /** Another run is at work under the same idempotency key of a step. */
  key: 'key',
  /** It was stopped behind a step, until that checkpoint is run. */
  checkpoint: 'checkpoint',
} as const;
export type WaitReason = (typeof WaitReason)[keyof typeof WaitReason];

/** Why a run is not claimed, although a worker has room; not stored, but read from the permits and workers of the moment. */
export const QueueReason = {
  /** Others hold all the permits of its workflow's cap. */
  capacity: 'capacity',
  /** Workers of its queue live, but none of them takes runs of its version. */
  version: 'version',
} as const;
export type QueueReason = (typeof QueueReason)[keyof typeof QueueReason];

export const AttemptStatus = {
  running: 'running',
  waiting: 'waiting',
  completed: 'completed',
  failed: 'failed',
  canceled: 'canceled',
  /** Of an attempt only: whether its effect happened is not known. */
  unknown: 'unknown',
  /** Of a step only: its condition said no. */
  skipped: 'skipped',
} as const;
export type AttemptStatus = (typeof AttemptStatus)[keyof typeof AttemptStatus];

export const TaskStatus = {
  open: 'open',
  claimed: 'claimed',
  completed: 'completed',
  canceled: 'canceled',
  expired: 'expired',
} as const;
export type TaskStatus = (typeof TaskStatus)[keyof typeof TaskStatus];

/** True for `completed`, `failed` and `canceled`: the run has ended and will never change. */
export function isTerminal(status: RunStatus): boolean {
  return status === RunStatus.completed || status === RunStatus.failed || status === RunStatus.canceled;
}

/** True while a person may still decide the task. */
export function isDecidable(status: TaskStatus): boolean {
  return status === TaskStatus.open || status === TaskStatus.claimed;
}
