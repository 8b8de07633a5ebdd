/** A seeded source of chance (mulberry32): the same seed plans the same campaign. */
export class Random {
  constructor(private state: number) {}

  /** From 0 to 1, 1 not included. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.next() * items.length)] ?? items[0];
  }

  shuffle<T>(items: readonly T[]): T[] {
    const mixed = items.map((item) => ({ item, order: this.next() }));
    return mixed.sort((a, b) => a.order - b.order).map(({ item }) => item);
  }
}
