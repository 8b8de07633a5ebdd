/**
 * The timers of Node, of which a test holds those of some lengths: they ring when it says so. Whatever a time-out would be the reason for is
 * then there when the test is ready for it, and does not come of itself because the machine was slow.
 */
import { Timers } from '@stepwell/engine';

/** setTimeout takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

interface Held {
  readonly ms: number;
  readonly isRepeated: boolean;
  readonly ring: () => void;
}

export class HeldTimers extends Timers {
  private readonly lengths: ReadonlySet<number>;
  private readonly held = new Set<Held>();

  /** @param lengths in milliseconds; of no other timer of the worker */
  constructor(...lengths: readonly number[]) {
    super();
    this.lengths = new Set(lengths);
  }

  override steadyNow(): number {
    return performance.now();
  }

  override after(ms: number, ring: () => void): () => void {
    if (this.lengths.has(ms)) return this.hold({ ms, isRepeated: false, ring });
    const timer = setTimeout(ring, Math.min(Math.max(0, ms), LONGEST_MS));
    return () => clearTimeout(timer);
  }

  override every(ms: number, ring: () => void): () => void {
    if (this.lengths.has(ms)) return this.hold({ ms, isRepeated: true, ring });
    const timer = setInterval(ring, ms);
    return () => clearInterval(timer);
  }

  /** How many of this length are set. */
  count(ms: number): number {
    return [...this.held].filter((one) => one.ms === ms).length;
  }

  /** Those of this length that are set now ring, in the order in which they were set. */
  ring(ms: number): void {
    for (const one of [...this.held].filter((each) => each.ms === ms)) {
      if (!one.isRepeated) this.held.delete(one);
      one.ring();
    }
  }

  private hold(one: Held): () => void {
    this.held.add(one);
    return () => void this.held.delete(one);
  }
}
