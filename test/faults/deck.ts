/**
 * What a hand deals, and when. All of it follows from the seed alone: which harm, after which pause, in which order, and how it turns out,
 * such as at which statement and for how long. Whom it meets does not: that is drawn elsewhere, of those who are free at that moment.
 */
import { Random } from '../crash/random.js';

export interface Card<T> {
  readonly pauseMs: number;
  readonly item: T;
  /** Of this card alone: however much a harm draws, the next one is what it would have been. */
  readonly chance: Random;
}

/** Endless: each once, before any comes again; from then on as often as it is in the deck. */
export class Deck<T> {
  private readonly random: Random;
  private left: T[];

  constructor(
    private readonly items: readonly [T, ...T[]],
    private readonly pauseMs: readonly [least: number, most: number],
    seed: number,
  ) {
    this.random = new Random(seed);
    this.left = this.random.shuffle([...new Set(items)]);
  }

  next(): Card<T> {
    const pauseMs = this.random.between(...this.pauseMs);
    if (this.left.length === 0) this.left = this.random.shuffle(this.items);
    return { pauseMs, item: this.left.pop() ?? this.items[0], chance: new Random(Math.floor(this.random.next() * 2 ** 32)) };
  }
}
