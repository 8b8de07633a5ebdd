import type { Timers } from '@stepwell/engine';
import { Alarm } from './alarm.js';
import { SYSTEM_TIMERS } from './system-timers.js';

/** Rings when the earliest known timer of any waiting run is due. Later ones are found by asking again when it has rung. */
export class DueTimer {
  private readonly alarm: Alarm;
  private at = Infinity;

  /** @param longestMs it rings after this at the latest: timers of other processes' runs are known to the database only */
  constructor(
    private readonly longestMs: number,
    private readonly onDue: () => void,
    private readonly timers: Timers = SYSTEM_TIMERS,
  ) {
    this.alarm = new Alarm(timers);
  }

  /** A timer is due in so many milliseconds. */
  expect(inMs: number): void {
    const at = this.timers.steadyNow() + inMs;
    if (at >= this.at) return;
    this.at = at;
    this.alarm.set(Math.min(inMs, this.longestMs), () => {
      this.at = Infinity;
      this.onDue();
    });
  }

  clear(): void {
    this.alarm.clear();
    this.at = Infinity;
  }
}
