/**
 * Saves the draft of an answer, by compare-and-set on the draft's own version: of two windows, the one that has not seen the other's
 * draft is told so, and nothing is overwritten. Only the holder may, while the task is
 * for him; saving also extends the lease, for who writes is at work.
 *
 * The screen's author was asked about him when he took it.
 *
 * Locks: the task row only. The task's version stays (nobody may decide who could not before), and no history is written: a draft is
 * saved every few seconds and only the last one counts.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { mayTake } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

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
  `UPDATE tasks
   SET draft = $5::jsonb, draft_by = $3::jsonb, draft_version = draft_version + 1, claimed_until = clock_timestamp() + $6 * interval '1 millisecond'
   WHERE tenant = $1 AND id = $2 AND status = 'claimed' AND claimed_by ->> 'id' = $3::jsonb ->> 'id' AND draft_version = $4
     AND ${mayTake('tasks', { tenant: '$1', actorId: "$3::jsonb ->> 'id'", isAgreed: 'true' })}
   RETURNING ${taskColumns('tasks')}`,
);

/** @returns `undefined` when the actor does not hold the task, it is for others, or the draft has another version */
export async function saveTaskDraft(
  sql: Sql,
  { tenant, id, actor, expectedDraftVersion, draft, leaseMs }: DraftToSave,
): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(SAVE_TASK_DRAFT, [tenant, id, JSON.stringify(actor), expectedDraftVersion, draft, leaseMs]);
  return row;
}
