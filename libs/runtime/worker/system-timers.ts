import { Timers } from '@stepwell/engine';

/** setTimeout takes no more (24.8 days) and fires at once beyond it. */
const LONGEST_MS = 2 ** 31 - 1;

/** The timers of Node. */
export class SystemTimers extends Timers {
  steadyNow(): number {
    return performance.now();
  }

  after(ms: number, ring: () => void): () => void {
    let timer: NodeJS.Timeout;
    const set = (left: number): void => {
      timer = left > LONGEST_MS ? setTimeout(() => set(left - LONGEST_MS), LONGEST_MS) : setTimeout(ring, Math.max(0, left));
    };
    set(ms);
    return () => clearTimeout(timer);
  }

  every(ms: number, ring: () => void): () => void {
    const timer = setInterval(ring, ms);
    return () => clearInterval(timer);
  }
}

export const SYSTEM_TIMERS: Timers = new SystemTimers();
