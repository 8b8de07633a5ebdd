/** What may not overlap: one piece of work after the other, in the order in which they came. */
export class Lane {
  private last: Promise<unknown> = Promise.resolve();

  /** @param onFailed of what was entered */
  constructor(private readonly onFailed: (error: unknown) => void) {}

  enter(work: () => Promise<void>): void {
    this.last = this.behind(this.last, work);
  }

  /** @returns what the work returns; its failure is the caller's */
  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** Takes half as many turns of the queue of microtasks as `then` and `catch`. */
  private async behind(before: Promise<unknown>, work: () => Promise<void>): Promise<void> {
    try {
      await before;
      await work();
    } catch (error) {
      this.onFailed(error);
    }
  }
}
