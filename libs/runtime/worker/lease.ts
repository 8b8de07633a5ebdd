/**
 * What a worker may conclude from its heartbeats: whether its own lease holds, and whether it may judge others.
 *
 * Who has not been heard of for a lease is dead only if he could have been heard. After the database was away for longer than that, the
 * leases of all workers have run out together, and whoever came first would take the runs of the living. So a worker judges others only
 * after a whole lease in which its own heartbeats came through one after the other: time enough for everybody who lives to beat as well.
 *
 * Times are of this machine's steady clock, each counted from before the heartbeat was sent. What that clock does not see (a machine that
 * was suspended together with its database), the database says: the lease had run out when it was renewed.
 */
export class Lease {
  private renewedAt = -Infinity;
  private steadySince = Infinity;

  /** @param steadyNow milliseconds since any instant; never goes back */
  constructor(
    private readonly leaseMs: number,
    private readonly steadyNow: () => number = () => performance.now(),
  ) {}

  /** Until then nobody takes our runs over. */
  get isSure(): boolean {
    return this.steadyNow() < this.renewedAt + this.leaseMs;
  }

  /** Whether a worker whose lease has run out may be declared dead by us. */
  get mayJudge(): boolean {
    const now = this.steadyNow();
    return now - this.renewedAt <= this.longestGapMs && now - this.steadySince >= this.leaseMs;
  }

  /**
   * @param sentAt when the heartbeat was sent
   * @param wasHeld the database still held the lease when the heartbeat came; false for a new incarnation
   */
  renewed(sentAt: number, wasHeld: boolean): void {
    if (!wasHeld || sentAt - this.renewedAt > this.longestGapMs) this.steadySince = sentAt;
    this.renewedAt = sentAt;
  }

  /** Three heartbeats make a lease: one that is a little late is no gap, one that is missing is. */
  private get longestGapMs(): number {
    return this.leaseMs / 2;
  }
}
