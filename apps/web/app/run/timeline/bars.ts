// What is drawn for one step: a bar per attempt, a dashed one for the pause before the next attempt or until somebody retries it, a point
// for what takes no time.
import type { AnyStatus } from '../../status/status-tone.js';
import type { RunStep } from '../run.query.js';
import { shownStatus } from '../shown-status.js';

export interface Bar {
  readonly kind: 'attempt' | 'pause' | 'point';
  readonly status: AnyStatus;
  readonly from: number;
  readonly to: number;
  /** Counted from 1; undefined for a step that is not attempted (a choice, a wait). */
  readonly attempt?: number;
  readonly message?: string;
}

export function barsOf(step: RunStep, now: number): readonly Bar[] {
  const attempts = step.attempts.filter(({ startedAt }) => startedAt !== null);
  if (attempts.length === 0) return step.startedAt === null ? [] : [wholeBar(step, now)];
  return attempts.flatMap((attempt, index) => {
    const from = Date.parse(attempt.startedAt ?? '');
    const to = attempt.endedAt ? Date.parse(attempt.endedAt) : Math.max(now, from);
    const bar: Bar = {
      kind: 'attempt',
      status: attempt.status,
      from,
      to,
      attempt: attempt.number,
      ...(attempt.error ? { message: attempt.error.message } : {}),
    };
    const next = attempts[index + 1]?.startedAt ?? attempt.retryAt;
    if (!next && shownStatus(step) === 'incident') return [bar, { kind: 'pause', status: 'incident', from: to, to: Math.max(now, to) }];
    if (!next || Date.parse(next) <= to) return [bar];
    return [bar, { kind: 'pause', status: 'waiting', from: to, to: Date.parse(next), attempt: attempt.number + 1 } as const];
  });
}

function wholeBar(step: RunStep, now: number): Bar {
  const from = Date.parse(step.startedAt ?? '');
  const to = step.endedAt ? Date.parse(step.endedAt) : Math.max(now, from);
  const error = step.error ? { message: step.error.message } : {};
  return { kind: to - from < 2 && step.endedAt ? 'point' : 'attempt', status: step.status, from, to, ...error };
}
