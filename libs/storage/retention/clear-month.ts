/**
 * Clears an old month of one part: drops its partitions; the few rows that have to stay go on in new partitions of the same range, under
 * the same keys.
 *
 * Locks: ACCESS EXCLUSIVE on the tables of the part and the partitions of the month, leading table first, for one short transaction. So
 * nobody is in the middle of anything: a flush that comes meanwhile waits, and finds its run with the same epoch and the same journal in
 * the new partition. What has to stay is asked for again under the lock, by an index. Getting the locks takes a quarter of a second at
 * most, in all, or it is given up: whoever came after waits no longer than that, and the caller tries again later. What never changes
 * (facts, payloads) is copied before; under the lock only what is new of it is.
 */
import type pg from 'pg';
import { isGivenUp } from '../database-error.js';
import { inTransaction } from '../sql.js';
import { type Keys, type Month, MOST_STRAGGLERS } from './months.js';

/** For all locks together: what everybody else waits at most for us to get them. */
const LOCKS_MS = 250;
/** For each statement under the lock. */
const WORK_MS = 2_000;

export type Cleared =
  | { readonly kind: 'dropped' }
  | { readonly kind: 'reduced'; readonly kept: number }
  /** Somebody used the tables for too long, or what has to stay has changed meanwhile. */
  | { readonly kind: 'busy' };

/** Says at which point the transaction stands; for tests that step in between. */
export type AtStep = (step: 'prepared' | 'swapped', month: Month) => Promise<void>;

class HasChanged extends Error {}

/** @param keys what was found to have to stay */
export async function clearMonth(pool: pg.Pool, month: Month, keys: Keys, atStep: AtStep = async () => undefined): Promise<Cleared> {
  const { part, suffix } = month;
  if (part.index) await makeIndex(pool, month, part.index);
  if (part.name === 'runs') await forgetReads(pool, month, keys);
  await prepare(pool, month, keys);
  await atStep('prepared', month);
  try {
    return await inTransaction(pool, async (_, client) => {
      await client.query(`SET LOCAL statement_timeout = ${LOCKS_MS}`);
      const tables = part.tables.flatMap(({ name }) => [`ONLY ${name}`, `${name}${suffix}`]);
      await client.query(`/* retention-lock */ LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
      await client.query(`SET LOCAL statement_timeout = ${WORK_MS}`);
      const staying = await recheck(client, month, keys);
      for (const table of part.tables) await copy(client, month, table, staying);
      await swap(client, month, staying.ids.length > 0);
      await remember(client, month);
      await atStep('swapped', month);
      return staying.ids.length > 0 ? { kind: 'reduced', kept: staying.ids.length } : { kind: 'dropped' };
    });
  } catch (error) {
    if (error instanceof HasChanged || isGivenUp(error)) return { kind: 'busy' };
    throw error;
  } finally {
    // Those that have become partitions have another name by now.
    await pool.query(`DROP TABLE IF EXISTS ${part.tables.map(({ name }) => freshName(name, month)).join(', ')}`);
  }
}

/** Stops nobody, but is not made in one transaction: one that was broken off is made anew. */
async function makeIndex(pool: pg.Pool, month: Month, text: string): Promise<void> {
  const index = named('{leading}_live', month);
  const { rowCount } = await pool.query('SELECT FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid', [index]);
  if (rowCount !== 0) await pool.query(`DROP INDEX CONCURRENTLY ${index}`);
  await pool.query(named(text, month));
}

/** Makes the new partitions, apart from the tables, and copies what never changes. */
async function prepare(pool: pg.Pool, month: Month, keys: Keys): Promise<void> {
  for (const table of month.part.tables) {
    const fresh = freshName(table.name, month);
    await pool.query(`DROP TABLE IF EXISTS ${fresh}`);
    await pool.query('SELECT make_partition($1, $2)', [table.name, fresh]);
    if (table.isAppendOnly) await copy(pool, month, table, keys);
  }
}

/** Rows are looked up key by key, for the reason that the flush gives. */
async function copy(client: pg.Pool | pg.PoolClient, month: Month, table: Month['part']['tables'][number], keys: Keys): Promise<void> {
  const { name, key, only } = table;
  if (keys.ids.length === 0) return;
  await client.query(
    `/* retention-copy */ INSERT INTO ${freshName(name, month)}
     SELECT row.* FROM unnest($1::text[], $2::uuid[]) AS k(tenant, id)
     CROSS JOIN LATERAL (
       SELECT p.* FROM ${name} p WHERE p.tenant = k.tenant AND p.${key} = k.id AND p.${key} >= ${month.lo} AND p.${key} < ${month.hi}
       ${only ? `AND ${named(only, month)}` : ''} OFFSET 0) AS row
     ON CONFLICT DO NOTHING`,
    [keys.tenants, keys.ids],
  );
}

/** What was found, and what has come to have to stay since. @throws HasChanged when that is too much to move */
async function recheck(client: pg.PoolClient, month: Month, { tenants, ids }: Keys): Promise<Keys> {
  const again = month.part.recheck;
  if (!again) return { tenants, ids };
  const { rows } = await client.query<{ tenant: string; id: string }>(
    `/* retention-recheck */ SELECT * FROM unnest($1::text[], $2::uuid[]) AS k(tenant, id) UNION ${named(again, month)} LIMIT ${MOST_STRAGGLERS + 1}`,
    [tenants, ids],
  );
  if (rows.length > MOST_STRAGGLERS) throw new HasChanged();
  return { tenants: rows.map(({ tenant }) => tenant), ids: rows.map(({ id }) => id) };
}

async function swap(client: pg.PoolClient, month: Month, hasStragglers: boolean): Promise<void> {
  const { part, suffix, lo, hi } = month;
  await client.query(`DROP TABLE ${part.tables.map(({ name }) => name + suffix).join(', ')}`);
  if (!hasStragglers) return;
  for (const { name } of part.tables) {
    await client.query(`ALTER TABLE ${freshName(name, month)} RENAME TO ${name}${suffix}`);
    await client.query(`ALTER TABLE ${name} ATTACH PARTITION ${name}${suffix} FOR VALUES FROM (${bound(lo)}) TO (${bound(hi)})`);
  }
}

/** What verifies the chain of decisions asks for: no later pass takes it back. */
async function remember(client: pg.PoolClient, { part, name }: Month): Promise<void> {
  await client.query(
    `/* retention-cleared */ UPDATE retention SET cleared_at = coalesce(cleared_at, clock_timestamp()) WHERE part = $1 AND month = $2::date`,
    [part.name, `${name}-01`],
  );
}

/**
 * Before the runs of a month go: what emitters of other months have written down of having started them. In batches, and first, so that
 * the ledger adds up at any moment.
 */
async function forgetReads(pool: pg.Pool, { lo, hi }: Month, { tenants, ids }: Keys): Promise<void> {
  for (let deleted: number | null = null; deleted !== 0;) {
    ({ rowCount: deleted } = await pool.query(
      `/* retention-forget-reads */ DELETE FROM emission_reads e
       USING (
         SELECT tenant, emitter_run, batch, ordinal FROM emission_reads
         WHERE outcome = 'started' AND run_id >= ${lo} AND run_id < ${hi} AND (emitter_run < ${lo} OR emitter_run >= ${hi})
           AND (tenant, run_id) NOT IN (SELECT * FROM unnest($1::text[], $2::uuid[]))
         LIMIT 5000) AS gone
       WHERE e.tenant = gone.tenant AND e.emitter_run = gone.emitter_run AND e.batch = gone.batch AND e.ordinal = gone.ordinal`,
      [tenants, ids],
    ));
  }
}

function freshName(table: string, { suffix }: Month): string {
  return `${table}${suffix}_fresh`;
}

function named(text: string, { part, suffix, hi }: Month): string {
  return text
    .replaceAll('{leading}', `${part.tables[0]?.name}${suffix}`)
    .replaceAll('{second}', `${part.tables[1]?.name}${suffix}`)
    .replaceAll('{hi}', hi);
}

/** A bound takes a constant, and no cast. */
function bound(literal: string): string {
  return literal.replace('::uuid', '');
}
