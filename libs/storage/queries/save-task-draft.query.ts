/**
 * Saves the draft of an answer, by compare-and-set on the draft's own version: of two windows, the one that has not seen the other's
 * draft is told so, and nothing is overwritten. Only the holder may, while the task is
 * for them; saving also extends the lease, for who writes is at work.
 *
 * The screen's author was asked about him when he took it.
 *
 * Locks: the task row only. The task's version stays (nobody may decide who could not before). A draft is saved every few seconds, so
 * the history has one entry for its author's five minutes, as long as nothing else happens to the task: it keeps the draft as it was before.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { mayTake } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';
import { shownDraft } from './review-task.query.js';

export interface DraftToSave {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  readonly expectedDraftVersion: number;
  /** JSON text. */
  readonly draft: string;
  readonly leaseMs: number;
}

export const SAVE_TASK_DRAFT = statement(
  'save-task-draft',
  `WITH before AS MATERIALIZED (
     SELECT id, ${shownDraft('tasks', "$3::jsonb ->> 'id'")} AS draft FROM tasks
     WHERE tenant = $1 AND id = $2 AND status = 'claimed' AND claimed_by ->> 'id' = $3::jsonb ->> 'id' AND draft_version = $4
       AND ${mayTake('tasks', { tenant: '$1', actorId: "$3::jsonb ->> 'id'", isAgreed: 'true' })}
     FOR NO KEY UPDATE),
   saved AS (
     UPDATE tasks t
     SET draft = $5::jsonb, draft_by = $3::jsonb, draft_version = t.draft_version + 1, claimed_until = clock_timestamp() + $6 * interval '1 millisecond'
     FROM before b WHERE t.tenant = $1 AND t.id = b.id
     RETURNING ${taskColumns('t')}, b.draft AS last_draft),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, 'drafted', $3::jsonb, jsonb_build_object('before', last_draft) FROM saved
     WHERE NOT EXISTS (
       SELECT FROM (SELECT kind, actor, at FROM task_history h WHERE h.tenant = $1 AND h.task_id = $2 ORDER BY h.id DESC LIMIT 1) AS last
       WHERE last.kind = 'drafted' AND last.actor ->> 'id' = $3::jsonb ->> 'id' AND last.at > clock_timestamp() - interval '5 minutes'))
   SELECT * FROM saved`,
);

/** @returns `undefined` when the actor does not hold the task, it is for others, or the draft has another version */
export async function saveTaskDraft(
  sql: Sql,
  { tenant, id, actor, expectedDraftVersion, draft, leaseMs }: DraftToSave,
): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(SAVE_TASK_DRAFT, [tenant, id, JSON.stringify(actor), expectedDraftVersion, draft, leaseMs]);
  return row;
}
