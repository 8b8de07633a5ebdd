/**
 * Gives a task to somebody else, or to groups, by compare-and-set, where it says so on the version that was seen. Whoever held it holds
 * it no longer; the draft stays.
 *
 * Locks: the task row only, as a claim does. The version goes up: others may decide from now on. Who is away has his substitute named in
 * his place, as when a task opens; nobody is named whom the task excludes. A person who hands on what is his has `isOwn`: then the
 * statement looks whether it is, under the lock.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { isExcluded, mayTake } from './may-take.js';
import { ifNobodyIsLeft } from './nobody-is-left.js';
import { nobodyIsThere } from './nobody-is-there.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

/** To a person, who is then its assignee; or to groups, whose members may claim it. */
export type NewAssignee = { readonly user: string } | { readonly groups: readonly string[] };

export interface Reassignment {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
  /** Of the task as the actor saw it; null: whatever it is. */
  readonly expectedVersion: number | null;
  readonly to: NewAssignee;
  readonly note: string | null;
  /** Only what the actor holds, or may take. */
  readonly isOwn: boolean;
  /** The author of the screen was asked, about the actor if he has only `isOwn` and about the new one, and agreed. */
  readonly isAgreed: boolean;
}

const ASKING = { tenant: '$1', actorId: "$3::jsonb ->> 'id'", isAgreed: '$8::bool' };
/** Who has it then. */
const NEW_ONE = { tenant: '$1', actorId: '(SELECT u.id::text FROM users u WHERE u.tenant = $1 AND u.name = stand_in_of($1, $4::text))' };

const IS_OWN = `(t.claimed_by ->> 'id' = $3::jsonb ->> 'id'
  OR (t.status = 'open' OR t.claimed_until <= clock_timestamp()) AND ${mayTake('t', ASKING)})`;

export const REASSIGN_TASK = statement(
  'reassign-task',
  `WITH before AS MATERIALIZED (
     SELECT t.id, t.assignee, t.candidate_groups FROM tasks t
     WHERE t.tenant = $1 AND t.id = $2 AND t.status IN ('open', 'claimed') AND t.version = coalesce($9::int, t.version) AND (NOT $7::bool OR ${IS_OWN})
       AND ($4::text IS NULL OR NOT coalesce(${isExcluded('t', NEW_ONE)}, false) AND (NOT t.asks_author OR $8::bool))
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
       'from', from_assignee, 'fromGroups', from_groups, 'to', assignee, 'for', nullif(assigned_for, assignee), 'isNobodyThere', ${nobodyIsThere('$1')}, 'isNobodyLeft', ${ifNobodyIsLeft('reassigned', '$1')}, 'toGroups', $5::text[], 'note', $6::text))
     FROM reassigned)
   SELECT * FROM reassigned`,
);

/** @returns `undefined` when there is no such task, it is closed or of another version, it is not the actor's to hand on, or not for whom he names */
export async function reassignTask(
  sql: Sql,
  { tenant, id, actor, expectedVersion, to, note, isOwn, isAgreed }: Reassignment,
): Promise<TaskRecord | undefined> {
  const [user, groups] = 'user' in to ? [to.user, null] : [null, to.groups];
  const values = [tenant, id, JSON.stringify(actor), user, groups, note, isOwn, isAgreed, expectedVersion];
  const [row] = await sql.query<TaskRecord>(REASSIGN_TASK, values);
  return row;
}
