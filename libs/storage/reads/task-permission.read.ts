/** Why somebody may not have a task, or nobody, and what an author's `mayDecide` is told. Takes no lock: the transitions have looked themselves. */
import type { Actor, Json } from '@stepwell/contracts';
import { isExcluded, isMeantFor } from '../queries/may-take.js';
import { nobodyIsLeft } from '../queries/nobody-is-left.js';
import { type Sql, statement } from '../sql.js';

const ASKING = { tenant: '$1', actorId: '$3' };

export const TASK_PERMISSION = statement(
  'task-permission',
  `SELECT ${isMeantFor('t', ASKING)} IS TRUE AS "isMeant", ${isExcluded('t', ASKING)} IS TRUE AS "isExcluded",
     EXISTS (SELECT FROM jsonb_array_elements(t.reviews -> 'given') AS g WHERE g -> 'by' ->> 'id' = $3 OR maker_of_key($1, g -> 'by' ->> 'id') IN ($3, maker_of_key($1, $3)) OR g -> 'by' ->> 'id' = maker_of_key($1, $3)) AS "hasReviewed"
   FROM tasks t WHERE t.tenant = $1 AND t.id = $2`,
);

export interface TaskPermission {
  /** The task names nobody, or this person. */
  readonly isMeant: boolean;
  /** It is not for this person, whomever it names. */
  readonly isExcluded: boolean;
  /** He has answered it, or whoever is behind his key: others do now. */
  readonly hasReviewed: boolean;
}

/** @returns `undefined` when there is no such task */
export async function taskPermission(sql: Sql, tenant: string, id: string, actorId: string): Promise<TaskPermission | undefined> {
  const [row] = await sql.query<TaskPermission>(TASK_PERMISSION, [tenant, id, actorId]);
  return row;
}

// Looked for task by task, the members of groups would be a read of all people for each. So a few of each group on the page are looked up
// once: as many as any task excludes, and one more.
export const LEFT_TO_NOBODY = statement(
  'left-to-nobody',
  `WITH asked AS MATERIALIZED (
     SELECT t.id, t.assignee, t.candidate_users, t.candidate_groups, t.excluded FROM tasks t
     WHERE t.tenant = $1 AND t.id = ANY($2::uuid[]) AND t.status IN ('open', 'claimed')),
   members AS MATERIALIZED (
     SELECT u.* FROM (SELECT DISTINCT unnest(candidate_groups) AS name FROM asked) g CROSS JOIN LATERAL (
       SELECT u.tenant, u.id, u.groups FROM users u WHERE u.tenant = $1 AND g.name = ANY(u.groups)
       LIMIT (SELECT 1 + coalesce(max(cardinality(excluded)), 0) FROM asked)) u)
   SELECT a.id FROM asked a WHERE ${nobodyIsLeft('a', '$1', 'members')}`,
);

/** @returns those of the tasks that wait, and that nobody may decide any more */
export async function leftToNobody(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ readonly id: string }>(LEFT_TO_NOBODY, [tenant, ids]);
  return new Set(rows.map(({ id }) => id));
}

export const TASKS_FOR_OTHERS = statement(
  'tasks-for-others',
  `SELECT t.id FROM tasks t
   WHERE t.tenant = $1 AND t.id = ANY($2::uuid[]) AND t.status IN ('open', 'claimed') AND (${isMeantFor('t', ASKING)} IS NOT TRUE OR ${isExcluded('t', ASKING)} IS TRUE)`,
);

/** @returns those of them that wait and name others, or exclude this person; of an author's `mayDecide` they tell nothing */
export async function tasksForOthers(sql: Sql, tenant: string, ids: readonly string[], actorId: string): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(TASKS_FOR_OTHERS, [tenant, ids, actorId]);
  return new Set(rows.map(({ id }) => id));
}

export const TASK_CIRCUMSTANCES = statement(
  'task-circumstances',
  `SELECT r.actor, coalesce(CASE WHEN t.reviews IS NULL THEN t.excluded END, starters_of(r.tenant, r.id)) AS starters, u.name, coalesce(u.groups, '{}') AS groups, maker_of_key($1, $3) AS maker,
     (SELECT coalesce(jsonb_agg(jsonb_build_object('screen', o.screen, 'node', o.path, 'by', o.decided_by, 'answer', o.answer) ORDER BY o.ended_at, o.id), '[]')
      FROM tasks o WHERE o.tenant = r.tenant AND o.run_id = r.id AND o.status = 'completed' AND (o.path, o.iteration) <> (t.path, t.iteration)) AS decisions
   FROM tasks t JOIN runs r ON r.tenant = t.tenant AND r.id = t.run_id
   LEFT JOIN users u ON u.tenant = t.tenant AND u.id::text = $3
   WHERE t.tenant = $1 AND t.id = $2`,
);

export interface TaskCircumstances {
  /** Who started the run. */
  readonly actor: Actor | null;
  /** The ids of all who started it or what led to it. */
  readonly starters: readonly string[];
  /** What the person signs in with; null: it is none. */
  readonly name: string | null;
  readonly groups: readonly string[];
  /** Of a key: who made it, by id. */
  readonly maker: string | null;
  /** What was decided at other places of the run, in that order. */
  readonly decisions: readonly { readonly screen: string; readonly node: string; readonly by: Actor | null; readonly answer: Json }[];
}

/** @returns `undefined` when there is no such task */
export async function taskCircumstances(sql: Sql, tenant: string, id: string, actorId: string): Promise<TaskCircumstances | undefined> {
  const [row] = await sql.query<TaskCircumstances>(TASK_CIRCUMSTANCES, [tenant, id, actorId]);
  return row;
}
