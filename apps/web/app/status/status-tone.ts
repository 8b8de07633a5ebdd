/** Every status that a page shows: of runs, attempts, tasks, deliveries and sessions; `incident` is a step that waits for an operator, `disputed` a task whose answers differ. */
export type AnyStatus =
  | 'queued'
  | 'running'
  | 'waiting'
  | 'incident'
  | 'paused'
  | 'completed'
  | 'failed'
  | 'canceled'
  | 'skipped'
  | 'unknown'
  | 'open'
  | 'claimed'
  | 'disputed'
  | 'expired'
  | 'pending'
  | 'started'
  | 'declined'
  | 'duplicate'
  | 'delivered'
  | 'woke'
  | 'active';

export type Tone = 'good' | 'bad' | 'warn' | 'live' | 'wait' | 'idle';

const TONES: Readonly<Record<AnyStatus, Tone>> = {
  queued: 'idle',
  pending: 'idle',
  running: 'live',
  started: 'good',
  waiting: 'wait',
  incident: 'warn',
  open: 'wait',
  claimed: 'live',
  disputed: 'warn',
  paused: 'warn',
  completed: 'good',
  failed: 'bad',
  expired: 'warn',
  canceled: 'idle',
  skipped: 'idle',
  unknown: 'warn',
  declined: 'idle',
  duplicate: 'idle',
  delivered: 'idle',
  woke: 'good',
  active: 'good',
};

export function toneOf(status: AnyStatus): Tone {
  return TONES[status];
}

/** True while something happens right now. */
export function isLiveStatus(status: AnyStatus): boolean {
  return status === 'running';
}

/** True for a run that will never change again. */
export function hasEnded(status: AnyStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'canceled';
}

/** True while a person may still decide the task. */
export function isDecidable(status: AnyStatus): boolean {
  return status === 'open' || status === 'claimed';
}
