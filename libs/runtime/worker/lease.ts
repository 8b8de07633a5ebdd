/**
 * What a worker may conclude from its heartbeats: whether its own lease holds, and whether it may judge others.
 *
 * Who has not been heard of for a lease is dead only if he could have been heard. After the database was away for longer than that, the
 * leases of all workers have run out together, and whoever came first would take the runs of the living. So a worker judges others only
 * after a whole lease in which heartbeats came through one after the other, of whomever: time enough for everybody who lives to beat as well.
 * For how long they have, the database says with each heartbeat (workers.query.ts): who has just begun need not wait for what others have seen.
 *
 * Times are of this machine's steady clock: a lease counts from before its heartbeat was sent, what the database has heard from its answer.
 */
export class Lease {
  private renewedAt = -Infinity;
  private heardSince = Infinity;

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
    return now - this.renewedAt <= this.longestGapMs && now - this.heardSince >= this.leaseMs;
  }

  /**
   * @param sentAt when the heartbeat was sent
   * @param heardForMs for how long up to its answer somebody was heard at least every half lease
   */
  renewed(sentAt: number, heardForMs: number): void {
    this.heardSince = this.steadyNow() - heardForMs;
    this.renewedAt = sentAt;
  }

  /** Three heartbeats make a lease: one that is a little late is no gap, one that is missing is. */
  private get longestGapMs(): number {
    return this.leaseMs / 2;
  }
}
