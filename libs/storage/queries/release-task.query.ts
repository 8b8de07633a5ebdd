/**
 * Gives a claimed task back to the inbox, by compare-and-set on the holder: its own one, or whoever may release any, of the version that
 * was seen. The draft stays for whoever goes on; the history says from whom it was taken.
 *
 * Locks: the task row only. The version goes up: others may decide again.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export const RELEASE_TASK = statement(
  'release-task',
  `WITH before AS MATERIALIZED (
     SELECT id, claimed_by FROM tasks
     WHERE tenant = $1 AND id = $2 AND status = 'claimed' AND version = coalesce($4::int, version)
       AND (claimed_by ->> 'id' = $3::jsonb ->> 'id' OR $5::bool)
     FOR NO KEY UPDATE),
   released AS (
     UPDATE tasks t SET status = 'open', claimed_by = NULL, claimed_until = NULL, version = t.version + 1
     FROM before b WHERE t.tenant = $1 AND t.id = b.id
     RETURNING ${taskColumns('t')}, CASE WHEN b.claimed_by ->> 'id' <> $3::jsonb ->> 'id' THEN b.claimed_by END AS taken_from),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, 'released', $3::jsonb, nullif(jsonb_strip_nulls(jsonb_build_object('takenFrom', taken_from, 'reason', $6::text)), '{}') FROM released)
   SELECT * FROM released`,
);

export interface Release {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  /** Of the task as the actor saw it; null: whatever it is. */
  readonly expectedVersion: number | null;
  /** Whoever holds it; else only what the actor holds. */
  readonly isAny: boolean;
  readonly reason: string | null;
}

/** @returns `undefined` when nobody holds the task, the actor does not and may not release it, or it is of another version */
export async function releaseTask(
  sql: Sql,
  { tenant, id, actor, expectedVersion, isAny, reason }: Release,
): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(RELEASE_TASK, [tenant, id, JSON.stringify(actor), expectedVersion, isAny, reason]);
  return row;
}
