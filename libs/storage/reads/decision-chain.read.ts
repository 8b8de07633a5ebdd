/** The chain of decisions as it stands, for whoever verifies it. Takes no lock. */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface SealedDecision {
  readonly seq: number;
  readonly id: string;
  readonly task_id: string;
  readonly content: string;
  readonly hash: string;
  readonly key_id: string | null;
  readonly sealed_at: Date;
  /** Null when there is none: its month was dropped, or somebody has removed it. */
  readonly record: Json;
  /** There is none, and the month of its task was dropped, with all but what had to stay. */
  readonly is_dropped: boolean;
}

export const READ_CHAIN = statement(
  'read-chain',
  `SELECT s.seq::float8 AS seq, s.id, s.task_id, s.content, s.hash, s.key_id, s.sealed_at, d.record,
     d.id IS NULL AND EXISTS (
       SELECT FROM retention r WHERE r.part = 'tasks' AND r.cleared_at IS NOT NULL
         AND s.task_id >= uuid_floor(r.month::timestamp AT TIME ZONE 'UTC') AND s.task_id < uuid_floor((r.month + interval '1 month') AT TIME ZONE 'UTC')) AS is_dropped
   FROM decision_seals s LEFT JOIN decisions d ON d.tenant = s.tenant AND d.task_id = s.task_id AND d.id = s.id
   WHERE s.tenant = $1 AND s.seq > $2 ORDER BY s.seq LIMIT $3`,
);

export async function readChain(sql: Sql, tenant: string, after: number, limit: number): Promise<SealedDecision[]> {
  return sql.query<SealedDecision>(READ_CHAIN, [tenant, after, limit]);
}

/** Each half of the seals has its index: those that are made, and those that are to be. */
export const UNCHAINED_DECISIONS = statement(
  'unchained-decisions',
  `SELECT d.id, d.task_id FROM decisions d
   WHERE d.tenant = $1
     AND NOT EXISTS (SELECT FROM decision_seals s WHERE s.tenant = $1 AND s.task_id = d.task_id AND s.id = d.id AND s.seq IS NOT NULL)
     AND NOT EXISTS (SELECT FROM decision_seals s WHERE s.tenant = $1 AND s.task_id = d.task_id AND s.id = d.id AND s.seq IS NULL)
   ORDER BY d.id LIMIT $2`,
);

/** Records that came another way than by a decision: each decision inserts a row that is to be sealed. */
export async function unchainedDecisions(sql: Sql, tenant: string, limit: number): Promise<{ id: string; task_id: string }[]> {
  return sql.query(UNCHAINED_DECISIONS, [tenant, limit]);
}

export const FORMS_OF_RECORDS = statement('forms-of-records', 'SELECT hash, form FROM forms WHERE tenant = $1 ORDER BY hash');

export async function formsOfRecords(sql: Sql, tenant: string): Promise<{ hash: string; form: Json }[]> {
  return sql.query(FORMS_OF_RECORDS, [tenant]);
}

export const FORMS_BY_HASH = statement('forms-by-hash', 'SELECT hash, form FROM forms WHERE tenant = $1 AND hash = ANY($2) ORDER BY hash');

export async function formsByHash(sql: Sql, tenant: string, hashes: readonly string[]): Promise<{ hash: string; form: Json }[]> {
  return sql.query(FORMS_BY_HASH, [tenant, hashes]);
}
