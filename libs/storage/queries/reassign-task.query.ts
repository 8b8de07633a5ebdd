/**
 * Gives a task to somebody else, or to groups, by compare-and-set. Whoever held it holds it no longer; the draft stays.
 *
 * Locks: the task row only, as a claim does. The version goes up: others may decide from now on. Who is away has his substitute named in
 * his place, as when a task opens. A person who hands on what is his has `isOwn`: then the statement looks whether it is, under the lock.
 */
import type { Actor, TaskStatus } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { mayTake } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

/** To a person, who is then its assignee; or to groups, whose members may claim it. */
export type NewAssignee = { readonly user: string } | { readonly groups: readonly string[] };

export interface Reassignment {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  readonly to: NewAssignee;
  readonly note: string | null;
  /** Only what the actor holds, or may take. */
  readonly isOwn: boolean;
}

const ASKING = { tenant: '$1', actorId: "$3::jsonb ->> 'id'" };

const IS_OWN = `(t.claimed_by ->> 'id' = $3::jsonb ->> 'id'
  OR (t.status = 'open' OR t.claimed_until <= clock_timestamp()) AND ${mayTake('t', ASKING)})`;

export const REASSIGN_TASK = statement(
  'reassign-task',
  `WITH before AS MATERIALIZED (
     SELECT t.id, t.assignee, t.candidate_groups FROM tasks t
     WHERE t.tenant = $1 AND t.id = $2 AND t.status IN ('open', 'claimed') AND (NOT $7::bool OR ${IS_OWN})
     FOR NO KEY UPDATE),
   reassigned AS (
     UPDATE tasks t SET status = 'open', version = t.version + 1, claimed_by = NULL, claimed_until = NULL,
       assignee = stand_in_of($1, $4::text), assigned_for = $4::text,
       candidate_users = CASE WHEN $4::text IS NULL THEN NULL ELSE t.candidate_users END,
       candidate_groups = CASE WHEN $4::text IS NULL THEN $5::text[] ELSE t.candidate_groups END
     FROM before b WHERE t.tenant = $1 AND t.id = b.id
     RETURNING ${taskColumns('t')}, b.assignee AS from_assignee, b.candidate_groups AS from_groups),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, CASE WHEN $7::bool THEN 'delegated' ELSE 'reassigned' END, $3::jsonb, jsonb_strip_nulls(jsonb_build_object(
       'from', from_assignee, 'fromGroups', from_groups, 'to', assignee, 'for', nullif(assigned_for, assignee), 'toGroups', $5::text[], 'note', $6::text))
     FROM reassigned)
   SELECT * FROM reassigned`,
);

/** @returns `undefined` when there is no such task, it is closed, or it is not the actor's to hand on */
export async function reassignTask(sql: Sql, { tenant, id, actor, to, note, isOwn }: Reassignment): Promise<TaskRecord | undefined> {
  const [user, groups] = 'user' in to ? [to.user, null] : [null, to.groups];
  const [row] = await sql.query<TaskRecord>(REASSIGN_TASK, [tenant, id, JSON.stringify(actor), user, groups, note, isOwn]);
  return row;
}

export const MAY_TAKE_TASK = statement(
  'may-take-task',
  `SELECT t.status, ${mayTake('t', { tenant: '$1', actorId: '$3' })} IS TRUE AS may FROM tasks t WHERE t.tenant = $1 AND t.id = $2`,
);

/** Takes no lock: to say why a transition did not happen, the transition itself has looked. */
export async function mayTakeTask(sql: Sql, tenant: string, id: string, actorId: string): Promise<boolean> {
  const [row] = await sql.query<{ readonly status: TaskStatus; readonly may: boolean }>(MAY_TAKE_TASK, [tenant, id, actorId]);
  return row?.may ?? false;
}
