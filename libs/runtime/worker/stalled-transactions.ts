/**
 * How often a step has lost its transaction because its process stood still. Each run beside it may have blocked the process, so it is begun
 * again; but a step that does it by itself would be begun again for ever. Kept in memory: a process that ends tells more by that.
 */

/** Lost so often, a step has it to itself. */
const LOSSES = 3;
/** Steps that are remembered; the oldest is forgotten first, and so has its chances anew. */
const REMEMBERED = 1_000;

export class StalledTransactions {
  private readonly losses = new Map<string, number>();

  /** Counts a loss. @returns true when it is the last one that is nobody's fault, or was before */
  isOneTooMany(runId: string, entry: string): boolean {
    const key = `${runId} ${entry}`;
    const times = (this.losses.get(key) ?? 0) + 1;
    this.losses.delete(key);
    if (times >= LOSSES) return true;
    this.losses.set(key, times);
    const [oldest] = this.losses.keys();
    if (oldest !== undefined && this.losses.size > REMEMBERED) this.losses.delete(oldest);
    return false;
  }
}
