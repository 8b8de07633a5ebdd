/** When the database was away: ended, or up and taking nothing. What is measured of the system is measured without that time. */
export class Outages {
  private readonly spans: { readonly from: number; to: number | undefined }[] = [];

  /** @param at milliseconds, as of `performance.now()`, likewise below @returns ends it */
  begin(at = performance.now()): (at?: number) => void {
    const span: (typeof this.spans)[number] = { from: at, to: undefined };
    this.spans.push(span);
    return (end = performance.now()) => void (span.to ??= end);
  }

  /** The database is away while `work` is done. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const end = this.begin();
    return work().finally(() => end());
  }

  /** @returns milliseconds of the time between the two in which it was away; once, also where two outages overlap */
  within(from: number, to: number): number {
    let [away, seenTo] = [0, from];
    for (const span of [...this.spans].sort((a, b) => a.from - b.from)) {
      const begins = Math.max(span.from, seenTo);
      const ends = Math.min(span.to ?? to, to);
      if (ends <= begins) continue;
      away += ends - begins;
      seenTo = ends;
    }
    return away;
  }

  /** @returns milliseconds of the longest time between the two in which it was up all along */
  longestUp(from: number, to: number): number {
    let [longest, upSince] = [0, from];
    for (const span of [...this.spans].sort((a, b) => a.from - b.from)) {
      if ((span.to ?? to) <= upSince || span.from >= to) continue;
      longest = Math.max(longest, span.from - upSince);
      upSince = span.to ?? to;
    }
    return Math.max(longest, to - upSince);
  }
}
