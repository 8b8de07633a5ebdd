/**
 * The chain of decisions of a tenant: what has no place in it, the last place, and the new ones.
 *
 * Locks: one sealer of a tenant at a time, by an advisory lock until its transaction ends; then rows of `decision_seals` that nobody else
 * changes. A decision only inserts there, so nobody who decides waits for a seal: a row that comes meanwhile is sealed by the next pass.
 */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface UnsealedDecision {
  readonly id: string;
  readonly task_id: string;
  /** Null when somebody has removed it. */
  readonly record: Json;
}

export interface ChainEnd {
  readonly seq: number;
  readonly hash: string | null;
  readonly now: Date;
}

export interface NewSeal {
  readonly id: string;
  readonly seq: number;
  readonly content: string;
  readonly hash: string;
}

export const LOCK_CHAIN = statement('lock-chain', `SELECT pg_advisory_xact_lock(hashtext('stepwell.provenance'), hashtext($1))`);

export const CHAIN_END = statement(
  'chain-end',
  `SELECT coalesce(s.seq, 0)::float8 AS seq, s.hash, date_trunc('milliseconds', clock_timestamp()) AS now
   FROM (SELECT) AS one LEFT JOIN LATERAL (
     SELECT seq, hash FROM decision_seals WHERE tenant = $1 AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1) AS s ON true`,
);

/** Waits for whoever seals decisions of the tenant. */
export async function lockChain(sql: Sql, tenant: string): Promise<ChainEnd> {
  await sql.query(LOCK_CHAIN, [tenant]);
  const [end] = await sql.query<ChainEnd>(CHAIN_END, [tenant]);
  return end as ChainEnd;
}

export const UNSEALED_DECISIONS = statement(
  'unsealed-decisions',
  `SELECT s.id, s.task_id, d.record FROM decision_seals s LEFT JOIN decisions d ON d.tenant = s.tenant AND d.task_id = s.task_id AND d.id = s.id
   WHERE s.tenant = $1 AND s.seq IS NULL ORDER BY s.id LIMIT $2`,
);

/** Oldest first. */
export async function unsealedDecisions(sql: Sql, tenant: string, limit: number): Promise<UnsealedDecision[]> {
  return sql.query<UnsealedDecision>(UNSEALED_DECISIONS, [tenant, limit]);
}

/** Each is looked up by itself (LATERAL, kept apart by OFFSET 0): else all that are open are held against all that are sealed. */
export const SEAL_DECISIONS = statement(
  'seal-decisions',
  `UPDATE decision_seals s SET seq = v.seq, content = v.content, hash = v.hash, key_id = $6, sealed_at = $7
   FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[]) AS v(id, seq, content, hash)
   CROSS JOIN LATERAL (SELECT o.ctid FROM decision_seals o WHERE o.tenant = $1 AND o.id = v.id AND o.seq IS NULL OFFSET 0) AS o
   WHERE s.ctid = o.ctid`,
);

/** Under the lock of the chain. */
export async function sealDecisions(sql: Sql, tenant: string, seals: readonly NewSeal[], keyId: string | null, at: Date): Promise<void> {
  const column = <T>(read: (seal: NewSeal) => T): T[] => seals.map(read);
  await sql.query(SEAL_DECISIONS, [
    ...[tenant, column(({ id }) => id), column(({ seq }) => seq), column(({ content }) => content), column(({ hash }) => hash)],
    ...[keyId, at],
  ]);
}
