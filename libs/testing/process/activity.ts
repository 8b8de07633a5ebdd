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
}
