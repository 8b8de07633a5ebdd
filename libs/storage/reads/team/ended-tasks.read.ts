/**
 * The tasks of a team that ended in a period, counted by day, by workflow and screen, and by who decided, in one pass of one snapshot.
 * Takes no lock. Percentiles are values that occurred: half of the decisions took no longer than p50, nine of ten no longer than p90.
 */
import { type Sql, statement } from '../../sql.js';
import { endedTasks, HOURS, type WorkflowHours } from './ended-tasks.js';
import { MOST_TASKS, type TeamFilter } from './team-filter.js';

/** [p50, p90] in milliseconds; null when there is nothing to count. */
export type Percentiles = readonly [number, number] | null;

/** The figures of one group: the fields that the group is not made by are null. */
export interface EndedTasksRow {
  readonly kind: 'all' | 'day' | 'screen' | 'reviewer';
  /** The place in the request's `days`, counting from 1. */
  readonly day: number | null;
  readonly workflow: string | null;
  readonly screen: string | null;
  /** What the screen is called. */
  readonly title: string | null;
  /** An actor's id; null for what nobody decided. */
  readonly reviewer: string | null;
  readonly name: string | null;
  readonly total: number;
  readonly decided: number;
  /** Of the decided ones: by canceling the task. */
  readonly canceled: number;
  /** Of the decided ones: after they were due. */
  readonly decidedLate: number;
  readonly answeredByDefault: number;
  readonly expired: number;
  readonly withdrawn: number;
  /** Of those that nobody decided: after they were due. */
  readonly undecidedLate: number;
  readonly sinceOpened: Percentiles;
  /** Of how many it is known when whoever decided had taken it. */
  readonly taken: number;
  readonly sinceTaken: Percentiles;
  /** How many are of a workflow with a calendar. */
  readonly timed: number;
  readonly inBusinessTime: Percentiles;
}

export interface EndedTasksRequest extends TeamFilter {
  /** When each day begins, ascending; the first is when the period begins. */
  readonly days: readonly Date[];
  readonly until: Date;
  readonly hours: readonly WorkflowHours[];
}

const count = (where: string): string => `count(*) FILTER (WHERE ${where})::int`;
const percentiles = (of: string): string => `percentile_disc(ARRAY[0.5, 0.9]::float8[]) WITHIN GROUP (ORDER BY ${of})`;

export const READ_ENDED_TASKS = statement(
  'read-ended-tasks',
  `WITH ${HOURS('$4')}, ended AS MATERIALIZED (
     SELECT t.tenant, t.id, t.workflow, t.screen, t.title, t.status, t.opened_at, t.ended_at, t.due_at, t.decided_by FROM tasks t
     WHERE t.tenant = $1 AND t.ended_at >= ($2::timestamptz[])[1] AND t.ended_at < $3
       AND ($5::text IS NULL OR t.workflow = $5) AND ($6::text IS NULL OR t.screen = $6) AND ($7::text IS NULL OR t.decided_by ->> 'id' = $7)
     LIMIT ${MOST_TASKS + 1}),
   counted AS MATERIALIZED (
     SELECT *, width_bucket(ended_at, $2::timestamptz[]) AS day, CASE WHEN fate = 'decided' THEN decided_by ->> 'id' END AS reviewer
     FROM (${endedTasks('ended')}) fates)
   SELECT CASE WHEN grouping(day) = 0 THEN 'day' WHEN grouping(screen) = 0 THEN 'screen' WHEN grouping(reviewer) = 0 THEN 'reviewer' ELSE 'all' END AS kind,
     day, workflow, screen, CASE WHEN grouping(screen) = 0 THEN max(title) END AS title, reviewer, CASE WHEN reviewer IS NOT NULL THEN max(decided_by ->> 'name') END AS name,
     count(*)::int AS total, ${count("fate = 'decided'")} AS decided, ${count("fate = 'decided' AND status = 'canceled'")} AS canceled,
     ${count("fate = 'decided' AND is_late")} AS "decidedLate", ${count("fate = 'default'")} AS "answeredByDefault", ${count("fate = 'expired'")} AS expired,
     ${count("fate = 'withdrawn'")} AS withdrawn, ${count("fate <> 'decided' AND is_late")} AS "undecidedLate",
     ${percentiles('since_opened')} AS "sinceOpened", count(since_taken)::int AS taken, ${percentiles('since_taken')} AS "sinceTaken",
     count(in_business_time)::int AS timed, ${percentiles('in_business_time')} AS "inBusinessTime"
   FROM counted GROUP BY GROUPING SETS ((), (day), (workflow, screen), (reviewer))`,
);

/** @returns one row of kind `all`, and one for each other group that has a task; more than MOST_TASKS in all are not all of them */
export async function readEndedTasks(sql: Sql, tenant: string, request: EndedTasksRequest): Promise<EndedTasksRow[]> {
  const { days, until, hours, workflow, screen, reviewer } = request;
  return sql.query<EndedTasksRow>(READ_ENDED_TASKS, [tenant, days, until, JSON.stringify(hours), workflow, screen, reviewer]);
}

export interface TakenBackRow {
  readonly reviewer: string;
  readonly name: string;
  readonly count: number;
}

export const READ_TAKEN_BACK = statement(
  'read-taken-back',
  `SELECT h.actor ->> 'id' AS reviewer, max(h.actor ->> 'name') AS name, count(*)::int AS count
   FROM task_history h JOIN tasks t ON t.tenant = h.tenant AND t.id = h.task_id
   WHERE h.tenant = $1 AND h.kind = 'undone' AND h.at >= $2 AND h.at < $3
     AND ($4::text IS NULL OR t.workflow = $4) AND ($5::text IS NULL OR t.screen = $5) AND ($6::text IS NULL OR h.actor ->> 'id' = $6)
   GROUP BY 1`,
);

/** How many decisions each person took back in the period; whoever took none back is absent. */
export async function readTakenBack(
  sql: Sql,
  tenant: string,
  { from, until, workflow, screen, reviewer }: TeamFilter & { readonly from: Date; readonly until: Date },
): Promise<TakenBackRow[]> {
  return sql.query<TakenBackRow>(READ_TAKEN_BACK, [tenant, from, until, workflow, screen, reviewer]);
}
