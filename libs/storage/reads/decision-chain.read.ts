/** The chain of decisions as it stands, for whoever verifies it. Takes no lock. */
import type { Json, TaskStatus } from '@stepwell/contracts';
import type { TaskReviews } from '@stepwell/engine';
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

export interface SealAt {
  /** The number of the last seal; 0 before the first. */
  readonly last: number;
  /** Null: there is no such seal. */
  readonly hash: string | null;
  readonly key_id: string | null;
}

export const SEAL_AT = statement(
  'seal-at',
  `SELECT coalesce((SELECT max(l.seq) FROM decision_seals l WHERE l.tenant = $1 AND l.seq IS NOT NULL), 0)::float8 AS last, s.hash, s.key_id
   FROM (SELECT) AS one LEFT JOIN decision_seals s ON s.tenant = $1 AND s.seq = $2`,
);

/** One seal, without its record, and how far the chain goes. */
export async function sealAt(sql: Sql, tenant: string, seq: number): Promise<SealAt> {
  const [row] = await sql.query<SealAt>(SEAL_AT, [tenant, seq]);
  return row as SealAt;
}

export interface RecordSeal {
  /** That of the record. */
  readonly id: string;
  /** Null: it is not sealed. */
  readonly seq: number | null;
  readonly hash: string | null;
  readonly sealed_at: Date | null;
  /** It has a seal, or is to get one. False: it came another way than by a decision. */
  readonly is_known: boolean;
}

export const SEALS_OF_TASK = statement(
  'seals-of-task',
  `SELECT s.id, s.seq::float8 AS seq, s.hash, s.sealed_at, true AS is_known
   FROM decision_seals s WHERE s.tenant = $1 AND s.task_id = $2 AND s.seq IS NOT NULL
   UNION ALL
   SELECT d.id, NULL, NULL, NULL, EXISTS (SELECT FROM decision_seals o WHERE o.tenant = $1 AND o.id = d.id AND o.task_id = $2 AND o.seq IS NULL)
   FROM decisions d WHERE d.tenant = $1 AND d.task_id = $2
     AND NOT EXISTS (SELECT FROM decision_seals s WHERE s.tenant = $1 AND s.task_id = $2 AND s.id = d.id AND s.seq IS NOT NULL)
   ORDER BY 1 DESC LIMIT $3`,
);

/** The newest first. */
export async function sealsOfTask(sql: Sql, tenant: string, taskId: string, limit: number): Promise<RecordSeal[]> {
  return sql.query<RecordSeal>(SEALS_OF_TASK, [tenant, taskId, limit]);
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

export const REVIEWED_TASKS = statement(
  'reviewed-tasks',
  'SELECT id, reviews, status FROM tasks WHERE tenant = $1 AND id = ANY($2::uuid[]) AND reviews IS NOT NULL',
);

export interface ReviewedTask {
  readonly id: string;
  readonly reviews: TaskReviews;
  readonly status: TaskStatus;
}

/** Those of them that several people answer. */
export async function reviewedTasks(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReviewedTask[]> {
  return sql.query<ReviewedTask>(REVIEWED_TASKS, [tenant, ids]);
}
