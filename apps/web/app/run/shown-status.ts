import type { AnyStatus } from '../status/status-tone.js';
import type { RunStep } from './run.query.js';

/** An incident waits too, but not for something that comes by itself: it must not look like a timer. */
export function shownStatus({ status, waitReason }: Pick<RunStep, 'status' | 'waitReason'>): AnyStatus {
  return status === 'waiting' && waitReason === 'incident' ? 'incident' : status;
}
