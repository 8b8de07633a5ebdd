/**
 * The timers of Node, of which a test holds those of some lengths: they ring when it says so. Whatever a time-out would be the reason for is
 * then there when the test is ready for it, and does not come of itself because the machine was slow.
 */
import { SystemTimers } from '@stepwell/runtime';

interface Held {
  readonly ms: number;
  readonly isRepeated: boolean;
  readonly ring: () => void;
}

export class HeldTimers extends SystemTimers {
  private readonly lengths: ReadonlySet<number>;
  private readonly held = new Set<Held>();

  /** @param lengths in milliseconds; of no other timer of the worker */
  constructor(...lengths: readonly number[]) {
    super();
    this.lengths = new Set(lengths);
  }

  override after(ms: number, ring: () => void): () => void {
    return this.lengths.has(ms) ? this.hold({ ms, isRepeated: false, ring }) : super.after(ms, ring);
  }

  override every(ms: number, ring: () => void): () => void {
    return this.lengths.has(ms) ? this.hold({ ms, isRepeated: true, ring }) : super.every(ms, ring);
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
