import type { Timers } from '@stepwell/engine';
import { Alarm } from './alarm.js';
import { SYSTEM_TIMERS } from './system-timers.js';

/** Rings when the earliest known timer of any waiting run is due. Later ones are found by asking again when it has rung. */
export class DueTimer {
  private readonly alarm: Alarm;
  private at = Infinity;

  /** @param sweepMs so often somebody asks what is due: what is further away than two of these is not waited for */
  constructor(
    private readonly sweepMs: number,
    private readonly onDue: () => void,
    private readonly timers: Timers = SYSTEM_TIMERS,
  ) {
    this.alarm = new Alarm(timers);
  }

  /** A timer is due in so many milliseconds. */
  expect(inMs: number): void {
    if (inMs > 2 * this.sweepMs) return;
    const at = this.timers.steadyNow() + inMs;
    if (at >= this.at) return;
    this.at = at;
    this.alarm.set(inMs, () => {
      this.at = Infinity;
      this.onDue();
    });
  }

  clear(): void {
    this.alarm.clear();
    this.at = Infinity;
  }
}
