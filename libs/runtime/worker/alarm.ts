import type { Timers } from '@stepwell/engine';
import { SYSTEM_TIMERS } from './system-timers.js';

/** One timer, for delays of any length. Setting it again replaces what was set. */
export class Alarm {
  private takeBack: (() => void) | undefined;

  constructor(private readonly timers: Timers = SYSTEM_TIMERS) {}

  /** @param ms a negative delay is none */
  set(ms: number, ring: () => void): void {
    this.takeBack?.();
    this.takeBack = this.timers.after(ms, ring);
  }

  clear(): void {
    this.takeBack?.();
    this.takeBack = undefined;
  }
}
