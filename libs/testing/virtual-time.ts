/**
 * Time that stands still until a test moves it, and then jumps from one timer to the next. What rings again and again (heartbeats, sweeps)
 * rings at most once per jump, as on a machine that was asleep: three days cost as much as a second.
 */
import { Clock, Timers } from '@stepwell/engine';

interface Ring {
  at: number;
  readonly order: number;
  readonly ring: () => void;
  /** Of what rings again and again. */
  readonly everyMs: number | undefined;
}

export class VirtualTime {
  readonly clock: Clock = new VirtualClock(() => this.now);
  private readonly rings = new Set<Ring>();
  private order = 0;

  /** @param now milliseconds since 1970 */
  constructor(public now: number) {}

  /** The timers of one process; `end` takes them all back, as its death does. */
  timersOfAProcess(): { readonly timers: Timers; readonly end: () => void } {
    const own = new Set<Ring>();
    let hasEnded = false;
    const add = (ms: number, ring: () => void, everyMs: number | undefined): (() => void) => {
      if (hasEnded) return () => undefined;
      const one: Ring = { at: Math.ceil(this.now + Math.max(0, ms)), order: this.order++, ring, everyMs };
      own.add(one);
      this.rings.add(one);
      return () => {
        own.delete(one);
        this.rings.delete(one);
      };
    };
    const end = (): void => {
      hasEnded = true;
      for (const one of own) this.rings.delete(one);
    };
    return { timers: new VirtualTimers(() => this.now, add), end };
  }

  /** When the next timer rings; undefined when none is set. */
  get nextAt(): number | undefined {
    return this.next()?.at;
  }

  /** Rings the next timer that is due. @returns false when none is */
  ring(): boolean {
    const next = this.next();
    if (!next || next.at > this.now) return false;
    this.rings.delete(next);
    next.ring();
    return true;
  }

  /** @param at milliseconds since 1970; time does not go back */
  jumpTo(at: number): void {
    this.now = Math.max(this.now, at);
    for (const one of [...this.rings]) {
      if (one.everyMs === undefined || one.at > this.now) continue;
      one.at = this.now + one.everyMs;
      one.ring();
    }
  }

  private next(): Ring | undefined {
    let next: Ring | undefined;
    for (const one of this.rings) {
      if (one.everyMs !== undefined) continue;
      if (!next || one.at < next.at || (one.at === next.at && one.order < next.order)) next = one;
    }
    return next;
  }
}

class VirtualClock extends Clock {
  constructor(override readonly now: () => number) {
    super();
  }
}

class VirtualTimers extends Timers {
  constructor(
    override readonly steadyNow: () => number,
    private readonly add: (ms: number, ring: () => void, everyMs: number | undefined) => () => void,
  ) {
    super();
  }

  override after(ms: number, ring: () => void): () => void {
    return this.add(ms, ring, undefined);
  }

  override every(ms: number, ring: () => void): () => void {
    return this.add(ms, ring, ms);
  }
}
