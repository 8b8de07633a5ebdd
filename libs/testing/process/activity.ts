/** So long, in real time, a handler may be at work before the test is told that nothing happens. */
const PATIENCE_MS = 10_000;

/** What is under way, so that time moves only when nothing is. */
export class Activity {
  private readonly underWay = new Map<number, string>();
  private count = 0;
  /** Grows with whatever begins or ends. */
  changes = 0;

  get isAny(): boolean {
    return this.underWay.size > 0;
  }

  get names(): readonly string[] {
    return [...new Set(this.underWay.values())];
  }

  /** @returns ends it */
  begin(name: string): () => void {
    const key = this.count++;
    this.underWay.set(key, name);
    this.changes++;
    return () => {
      this.underWay.delete(key);
      this.changes++;
    };
  }

  /**
   * @param since when something last happened, in milliseconds of this process
   * @param handlers how many are at work
   * @throws Error when that is too long ago for a test
   */
  refuseToWait(since: number, handlers: number): void {
    if (performance.now() - since < PATIENCE_MS) return;
    const what = handlers > 0 ? `${handlers} handlers are at work` : `the store is asked for ${this.names.join(', ')}`;
    throw new Error(
      `Nothing has happened for ${PATIENCE_MS / 1_000} s, and ${what}. A handler that is to never answer is stubbed with \`hangs\`.`,
    );
  }
}
