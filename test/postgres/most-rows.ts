import type pg from 'pg';
import type { Statement } from '../../libs/storage/sql.js';

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/**
 * Runs a statement by its generic plan, as a worker does, and takes it back.
 *
 * @returns how many rows the part of its plan has seen that has seen most, all times together: what grows with the square of what is asked
 *   for, or with what else there is, shows in it
 */
export async function mostRows(pool: pg.Pool, { text }: Statement, values: readonly unknown[]): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN; SET LOCAL plan_cache_mode = 'force_generic_plan'");
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [...values]);
    return Math.max(...seenBy((rows[0] as (typeof rows)[number])['QUERY PLAN'][0].Plan));
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

function seenBy(node: PlanNode): number[] {
  const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Join Filter': unjoined = 0, Plans: parts = [] } = node;
  return [(node['Actual Rows'] + filtered + unjoined) * node['Actual Loops'], ...parts.flatMap(seenBy)];
}
