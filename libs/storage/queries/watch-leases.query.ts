/**
 * Looks after leases that are held for long without a commit: a run whose step takes minutes, a dispatched step. Takes no lock; what it
 * finds is only a reason to read the inbox, or to stop a handler that nobody waits for any more.
 */
import { type Sql, statement } from '../sql.js';
import type { RunRef } from './read-journal.query.js';

export interface LeaseRow {
  readonly id: string;
  readonly epoch: number;
  readonly attention: number;
}

export const WATCH_RUNS = statement(
  'watch-runs',
  `SELECT r.id, r.epoch, r.attention
   FROM unnest($1::text[], $2::uuid[]) AS held(tenant, id) JOIN runs r ON r.tenant = held.tenant AND r.id = held.id`,
);

export async function watchRuns(sql: Sql, runs: readonly RunRef[]): Promise<LeaseRow[]> {
  return sql.query<LeaseRow>(WATCH_RUNS, [runs.map((run) => run.tenant), runs.map((run) => run.id)]);
}

export const WATCH_DISPATCHES = statement(
  'watch-dispatches',
  `SELECT d.id, d.epoch
   FROM unnest($1::text[], $2::uuid[]) AS held(tenant, id) JOIN dispatches d ON d.tenant = held.tenant AND d.id = held.id`,
);

/** @returns the epochs of those that still exist, by id */
export async function watchDispatches(sql: Sql, dispatches: readonly RunRef[]): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query<{ id: string; epoch: number }>(WATCH_DISPATCHES, [
    dispatches.map((one) => one.tenant),
    dispatches.map((one) => one.id),
  ]);
  return new Map(rows.map((row) => [row.id, row.epoch]));
}
