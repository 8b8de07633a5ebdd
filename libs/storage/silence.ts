/**
 * For how long the author of a transaction has left it without a statement. What the server heard nothing for, beyond that, is the doing of
 * the wire between them: answers that came late, statements that arrived late or never.
 */
import type { QueryRunner } from 'typeorm';

export class Silence {
  private underWay = 0;
  private since = performance.now();
  private pastMs = 0;

  /** @param runner of this one transaction; repositories and query builders go by its `query`, too */
  constructor(runner: QueryRunner) {
    const query = runner.query.bind(runner) as (...words: readonly unknown[]) => Promise<unknown>;
    runner.query = (async (...words: readonly unknown[]) => {
      this.speak();
      try {
        return await query(...words);
      } finally {
        this.fallSilent();
      }
    }) as QueryRunner['query'];
  }

  /** Milliseconds of the longest one. */
  longestMs(): number {
    return this.underWay > 0 ? this.pastMs : Math.max(this.pastMs, performance.now() - this.since);
  }

  private speak(): void {
    this.pastMs = this.longestMs();
    this.underWay++;
  }

  private fallSilent(): void {
    if (--this.underWay === 0) this.since = performance.now();
  }
}
