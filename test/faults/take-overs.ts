/**
 * How long the runs of a dead worker had no owner: from its death until none of them is its own any more. Who has not been heard of is dead
 * only if he could have been heard: with each return of the database the lease begins anew, for everybody. So what is promised is told by
 * the longest time within that in which the database was up all along; besides, no take-over may go on and on from one outage to the next.
 *
 * Only deaths are measured. A frozen worker goes on as soon as it is thawed, so a take-over that is late would not be seen of it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../crash/database.js';
import { Outages } from './outages.js';

export interface TakeOver {
  readonly runs: number;
  /** From the death on, by the clock on the wall. */
  readonly ms: number;
  /** Of these, how many the database was up. */
  readonly upMs: number;
  /** The longest time between the two in which the database was up all along. */
  readonly undisturbedMs: number;
  /** False: given up, with runs that still were the dead worker's. */
  readonly isOver: boolean;
}

/** Nobody waits longer, of the time in which the database is up. */
export const TAKE_OVER_LIMIT_MS = 60_000;
const EVERY_MS = 50;

/** Those from whose death on the database was up all along: nothing else kept anybody from taking them over. */
export function withoutOutage(all: readonly TakeOver[]): TakeOver[] {
  return all.filter(({ ms, upMs }) => ms === upMs);
}

export class TakeOvers {
  readonly all: TakeOver[] = [];
  readonly outages = new Outages();
  private readonly under = new Set<Promise<void>>();
  private isStopped = false;

  constructor(private readonly database: Database) {}

  /** @param pid of a worker that has just died */
  watch(pid: number): void {
    const watched = this.follow(pid, performance.now(), new Date())
      .catch((error: unknown) => {
        if (!this.isStopped) throw error;
      })
      .finally(() => this.under.delete(watched));
    this.under.add(watched);
  }

  /** Nobody wants to know any more, and the database goes away. */
  stop(): void {
    this.isStopped = true;
  }

  async settled(): Promise<void> {
    await Promise.all(this.under);
  }

  private async follow(pid: number, since: number, diedAt: Date): Promise<void> {
    // It may be known as dead by now, while the database could not be asked. What has its number later is another process.
    const incarnations = await this.ask<{ id: string }>('SELECT id FROM workers WHERE pid = $1 AND started_at <= $2', [pid, diedAt]);
    const ids = incarnations.map(({ id }) => id);
    for (let runs = 0; ; await delay(EVERY_MS)) {
      const [row] = await this.ask<{ held: number }>("SELECT count(*)::int AS held FROM runs WHERE status = 'running' AND worker = ANY($1::uuid[])", [ids]); // prettier-ignore
      if (this.isStopped) return;
      const held = row?.held ?? 0;
      runs = Math.max(runs, held);
      const now = performance.now();
      const upMs = now - since - this.outages.within(since, now);
      if (held > 0 && upMs < TAKE_OVER_LIMIT_MS) continue;
      const undisturbedMs = this.outages.longestUp(since, now);
      if (runs > 0)
        this.all.push({
          runs,
          ms: Math.round(now - since),
          upMs: Math.round(upMs),
          undisturbedMs: Math.round(undisturbedMs),
          isOver: held === 0,
        });
      return;
    }
  }

  private ask<Row extends object>(text: string, values: readonly unknown[]): Promise<(Row & Record<string, unknown>)[]> {
    return this.database.surely<Row & Record<string, unknown>>(text, values);
  }
}
