/** A process whose clock is wrong: what asks `Date` is told another time. The monotonic clock goes on as it does, as on a real machine. */
export function skewClock(byMs: number): void {
  const Real = Date;
  const now = (): number => Real.now() + byMs;
  class SkewedDate extends Real {
    constructor(...parts: unknown[]) {
      if (parts.length === 0) super(now());
      else super(...(parts as [number]));
    }

    static override now(): number {
      return now();
    }
  }
  globalThis.Date = SkewedDate as DateConstructor;
}
