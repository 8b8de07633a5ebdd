/** How long the runs of a dead worker had no owner: from its death until none of them is its own any more. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../crash/database.js';

export interface TakeOver {
  readonly runs: number;
  readonly ms: number;
  /** The database was away for a part of it. */
  readonly isDisturbed: boolean;
}

/** Long enough for the lease, the sweep, a slow machine, and a database that is away meanwhile. */
const LIMIT_MS = 60_000;
const EVERY_MS = 50;

export class TakeOvers {
  readonly all: TakeOver[] = [];
  private readonly under = new Set<Promise<void>>();
  private disturbances = 0;
  private isStopped = false;

  constructor(private readonly database: Database) {}

  /** A fault of the database begins or ends. */
  disturb(): void {
    this.disturbances++;
  }

  /** @param pid of a worker that has just died, or was frozen */
  watch(pid: number): void {
    const watched = this.follow(pid, performance.now(), this.disturbances)
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

  private async follow(pid: number, since: number, disturbances: number): Promise<void> {
    const incarnations = await this.ask<{ id: string }>('SELECT id FROM workers WHERE pid = $1 AND ended_at IS NULL', [pid]);
    const ids = incarnations.map(({ id }) => id);
    for (let runs = 0; ; await delay(EVERY_MS)) {
      const [row] = await this.ask<{ held: number }>("SELECT count(*)::int AS held FROM runs WHERE status = 'running' AND worker = ANY($1::uuid[])", [ids]); // prettier-ignore
      const held = row?.held ?? 0;
      runs = Math.max(runs, held);
      const ms = Math.round(performance.now() - since);
      if (held > 0 && ms < LIMIT_MS && !this.isStopped) continue;
      if (runs > 0) this.all.push({ runs, ms, isDisturbed: this.disturbances !== disturbances });
      return;
    }
  }

  private ask<Row extends object>(text: string, values: readonly unknown[]): Promise<(Row & Record<string, unknown>)[]> {
    return this.database.surely<Row & Record<string, unknown>>(text, values);
  }
}
