/**
 * How long this process has stood still: its event loop was blocked, it was stopped, its machine gave it no time. What others cut meanwhile,
 * because nothing was heard from here, is then the doing of the process. Ticks while somebody watches, and not else.
 */
const TICK_MS = 50;

export interface Watch {
  /** Milliseconds for which the process stood still since this watch began. */
  readonly stalledMs: () => number;
  readonly end: () => void;
}

class StallMeter {
  private watches = 0;
  private timer: NodeJS.Timeout | undefined;
  private seenAt = 0;
  private countedMs = 0;

  begin(): Watch {
    if (this.watches++ === 0) this.start();
    const before = this.totalMs();
    let isOver = false;
    return {
      stalledMs: () => this.totalMs() - before,
      end: () => {
        if (!isOver && --this.watches === 0) clearInterval(this.timer);
        isOver = true;
      },
    };
  }

  private start(): void {
    this.seenAt = performance.now();
    this.timer = setInterval(() => this.tick(), TICK_MS);
    this.timer.unref();
  }

  private tick(): void {
    this.countedMs = this.totalMs();
    this.seenAt = performance.now();
  }

  /** With the tick that is late by now: what has arrived at a socket may be handled before the timers are. */
  private totalMs(): number {
    const lateMs = performance.now() - this.seenAt - TICK_MS;
    return this.countedMs + (lateMs > TICK_MS ? lateMs : 0);
  }
}

/** Of this process. */
export const STALLS = new StallMeter();
