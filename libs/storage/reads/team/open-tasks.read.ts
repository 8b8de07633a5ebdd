/**
 * The open tasks of a team, counted by age and due time, by workflow and screen, and by whose they are, in one pass of one snapshot. Takes
 * no lock. Goes down the index of the inbox and reads no ended task.
 *
 * A task is of whoever holds it, else of its assignee, else of nobody. A claim that has lapsed holds nothing.
 */
import { type Sql, statement } from '../../sql.js';
import { MOST_TASKS, type TeamFilter } from './team-filter.js';

/** The figures of one group: the fields that the group is not made by are null. */
export interface OpenTasksRow {
  readonly kind: 'all' | 'age' | 'screen' | 'reviewer';
  /** Of an age: the place in the request's `openedBefore`, counting from 1; 0 is older than all. */
  readonly age: number | null;
  readonly workflow: string | null;
  readonly screen: string | null;
  /** What the screen is called. */
  readonly title: string | null;
  /** An actor's id, or null for what is nobody's. */
  readonly reviewer: string | null;
  readonly name: string | null;
  readonly total: number;
  readonly held: number;
  readonly overdue: number;
  readonly dueToday: number;
  readonly dueLater: number;
  /** How many were looked at, whosever they are: more than MOST_TASKS are not all. */
  readonly seen: number;
}

export interface OpenTasksRequest extends TeamFilter {
  readonly now: Date;
  /** When the day ends, in the zone of whoever asks. */
  readonly dayEnd: Date;
  /** The limits between the ages, the earliest first. */
  readonly openedBefore: readonly Date[];
}

export const READ_OPEN_TASKS = statement(
  'read-open-tasks',
  `WITH seen AS MATERIALIZED (
     SELECT t.workflow, t.screen, t.title, t.due_at, width_bucket(t.opened_at, $4::timestamptz[]) AS age,
       CASE WHEN t.status = 'claimed' AND t.claimed_until > $2 THEN t.claimed_by END AS holder, t.assignee
     FROM tasks t
     WHERE t.tenant = $1 AND t.status IN ('open', 'claimed') AND ($5::text IS NULL OR t.workflow = $5) AND ($6::text IS NULL OR t.screen = $6)
     LIMIT ${MOST_TASKS + 1}),
   owned AS (
     SELECT s.*, coalesce(s.holder ->> 'id', u.id::text) AS reviewer, coalesce(s.holder ->> 'name', u.display_name) AS name,
       CASE WHEN s.due_at <= $2 THEN 'overdue' WHEN s.due_at < $3 THEN 'today' WHEN s.due_at IS NOT NULL THEN 'later' END AS due
     FROM seen s LEFT JOIN users u ON u.tenant = $1 AND u.name = s.assignee)
   SELECT CASE WHEN grouping(age) = 0 THEN 'age' WHEN grouping(screen) = 0 THEN 'screen' WHEN grouping(reviewer) = 0 THEN 'reviewer' ELSE 'all' END AS kind,
     age, workflow, screen, CASE WHEN grouping(screen) = 0 THEN max(title) END AS title, reviewer, CASE WHEN reviewer IS NOT NULL THEN max(name) END AS name,
     count(*)::int AS total, count(holder)::int AS held, count(*) FILTER (WHERE due = 'overdue')::int AS overdue,
     count(*) FILTER (WHERE due = 'today')::int AS "dueToday", count(*) FILTER (WHERE due = 'later')::int AS "dueLater",
     (SELECT count(*)::int FROM seen) AS seen
   FROM owned WHERE $7::text IS NULL OR reviewer = $7
   GROUP BY GROUPING SETS ((), (age), (workflow, screen), (reviewer))`,
);

/** @returns one row of kind `all`, and one for each other group that has a task */
export async function readOpenTasks(sql: Sql, tenant: string, request: OpenTasksRequest): Promise<OpenTasksRow[]> {
  const { now, dayEnd, openedBefore, workflow, screen, reviewer } = request;
  return sql.query<OpenTasksRow>(READ_OPEN_TASKS, [tenant, now, dayEnd, openedBefore, workflow, screen, reviewer]);
}
