import type pg from 'pg';

interface PlanNode {
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

type Single = string | number | boolean | Date | null;
export type Value = Single | readonly Single[];

/**
 * Runs a statement by its generic plan, as a worker does, and takes it back. The plan is one of a prepared statement: one that is explained
 * with values is planned for these.
 *
 * @returns how many rows the part of its plan has seen that has seen most, all times together: what grows with the square of what is asked
 *   for, or with what else there is, shows in it
 */
export async function mostRows(pool: pg.Pool, { text }: { readonly text: string }, values: readonly Value[]): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN; SET LOCAL plan_cache_mode = 'force_generic_plan'");
    await client.query(`PREPARE looked_at AS ${text}`);
    const said = values.map((value) => literal(client, value)).join(', ');
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE looked_at${said && `(${said})`}`,
    );
    return Math.max(...seenBy((rows[0] as (typeof rows)[number])['QUERY PLAN'][0].Plan));
  } finally {
    await client.query('ROLLBACK');
    client.release(true);
  }
}

function literal(client: pg.PoolClient, value: Value): string {
  if (value === null) return 'NULL';
  if (!isList(value)) return client.escapeLiteral(textOf(value));
  return client.escapeLiteral(`{${value.map((item) => (item === null ? 'NULL' : JSON.stringify(textOf(item)))).join(',')}}`);
}

function isList(value: Value): value is readonly Single[] {
  return Array.isArray(value);
}

function textOf(value: NonNullable<Single>): string {
  return value instanceof Date ? value.toISOString() : String(value);
}

function seenBy(node: PlanNode): number[] {
  const { 'Rows Removed by Filter': filtered = 0, 'Rows Removed by Join Filter': unjoined = 0, Plans: parts = [] } = node;
  return [(node['Actual Rows'] + filtered + unjoined) * node['Actual Loops'], ...parts.flatMap(seenBy)];
}
