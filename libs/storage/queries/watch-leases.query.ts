/**
 * Looks after leases that are held for long without a commit: a run whose step takes minutes, a dispatched step. Takes no lock; what it
 * finds is only a reason to read the inbox, or to stop a handler that nobody waits for any more. Runs are looked up one by one (LATERAL,
 * kept apart by OFFSET 0), for the reason that the flush gives.
 */
import type { LeaseRow, RunRef } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const WATCH_RUNS = statement(
  'watch-runs',
  `SELECT r.* FROM unnest($1::text[], $2::uuid[]) AS held(tenant, id)
   CROSS JOIN LATERAL (
     SELECT id, epoch, attention FROM runs WHERE runs.tenant = held.tenant AND runs.id = held.id OFFSET 0) AS r`,
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
