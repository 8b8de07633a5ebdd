/**
 * Outputs of steps under a key, which other runs may use.
 *
 * Locks: one row by its key, for the statement only, and nothing else: whoever calls them holds no lock, but for a person who says that an
 * effect happened, with whom `finish` comes after the run row. Who has a key's row waits for nothing. Of two runs that take a key at the same
 * time the insert lets one have it; the other then reads who has it, and for how long.
 */
import type { Json } from '@stepwell/contracts';
import type { KeyHolder, KeyTaken, StepKey } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const TAKE_KEY = statement(
  'take-key',
  `INSERT INTO step_keys AS k (tenant, kind, key, holder, lease_until)
   VALUES ($1, 'key', $2, $3, clock_timestamp() + $4 * interval '1 millisecond')
   ON CONFLICT (tenant, kind, key) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until, output = NULL, expires_at = NULL
   WHERE CASE WHEN k.expires_at IS NULL THEN k.holder = excluded.holder OR k.lease_until <= clock_timestamp()
     ELSE k.expires_at <= clock_timestamp() END
   RETURNING 1`,
);

export const READ_KEY = statement(
  'read-key',
  `SELECT output, expires_at IS NOT NULL AS is_done, extract(epoch FROM lease_until - clock_timestamp()) * 1000 AS left_ms
   FROM step_keys WHERE tenant = $1 AND kind = $2 AND key = $3 AND (expires_at IS NULL OR expires_at > clock_timestamp())`,
);

interface KeyRow {
  readonly output: Json;
  readonly is_done: boolean;
  readonly left_ms: string;
}

export async function takeKey(sql: Sql, { tenant, key, holder }: KeyHolder, leaseMs: number): Promise<KeyTaken> {
  if ((await sql.query(TAKE_KEY, [tenant, key, holder, leaseMs])).length > 0) return { state: 'mine' };
  const [row] = await sql.query<KeyRow>(READ_KEY, [tenant, 'key', key]);
  if (row?.is_done) return { state: 'completed', output: row.output };
  return { state: 'held', leftMs: Math.max(0, Number(row?.left_ms ?? 0)) };
}

export const FINISH_KEY = statement(
  'finish-key',
  `UPDATE step_keys SET output = $4::jsonb, expires_at = clock_timestamp() + $5 * interval '1 millisecond'
   WHERE tenant = $1 AND kind = 'key' AND key = $2 AND holder = $3 AND expires_at IS NULL`,
);

export async function finishKey(sql: Sql, { tenant, key, holder }: KeyHolder, output: Json, ttlMs: number): Promise<void> {
  await sql.query(FINISH_KEY, [tenant, key, holder, JSON.stringify(output), ttlMs]);
}

export const DROP_KEY = statement(
  'drop-key',
  `DELETE FROM step_keys WHERE tenant = $1 AND kind = 'key' AND key = $2 AND holder = $3 AND expires_at IS NULL`,
);

export async function dropKey(sql: Sql, { tenant, key, holder }: KeyHolder): Promise<void> {
  await sql.query(DROP_KEY, [tenant, key, holder]);
}

export async function readCached(sql: Sql, { tenant, key }: StepKey): Promise<{ readonly output: Json } | undefined> {
  const [row] = await sql.query<KeyRow>(READ_KEY, [tenant, 'cache', key]);
  return row && { output: row.output };
}

export const CACHE_OUTPUT = statement(
  'cache-output',
  `INSERT INTO step_keys (tenant, kind, key, holder, lease_until, output, expires_at)
   VALUES ($1, 'cache', $2, '', clock_timestamp(), $3::jsonb, clock_timestamp() + $4 * interval '1 millisecond')
   ON CONFLICT (tenant, kind, key) DO UPDATE SET output = excluded.output, expires_at = excluded.expires_at`,
);

export async function cacheOutput(sql: Sql, { tenant, key }: StepKey, output: Json, ttlMs: number): Promise<void> {
  await sql.query(CACHE_OUTPUT, [tenant, key, JSON.stringify(output), ttlMs]);
}
