/** setTimeout takes no more (24.8 days) and fires at once beyond it. */
const LONGEST_MS = 2 ** 31 - 1;

/** One timer, for delays of any length. Setting it again replaces what was set. */
export class Alarm {
  private timer: NodeJS.Timeout | undefined;

  /** @param ms a negative delay is none */
  set(ms: number, ring: () => void): void {
    clearTimeout(this.timer);
    this.timer = ms > LONGEST_MS ? setTimeout(() => this.set(ms - LONGEST_MS, ring), LONGEST_MS) : setTimeout(ring, Math.max(0, ms));
  }

  clear(): void {
    clearTimeout(this.timer);
  }
}
