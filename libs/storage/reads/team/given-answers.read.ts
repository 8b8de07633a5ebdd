/**
 * The answers of a team in a period to tasks that several people answer, counted by day, by workflow and screen, and by who gave them, in
 * one pass of one snapshot. Takes no lock. Goes down the index `task_history_reviewed` from the beginning of the period to its end.
 *
 * The answer that decides its task is none of them: it is a decision, and counted as one when the task has ended.
 */
import { type Sql, statement } from '../../sql.js';
import { MOST_TASKS, type TeamFilter } from './team-filter.js';

/** How many answers one group has: the fields that the group is not made by are null. */
export interface GivenAnswersRow {
  readonly kind: 'all' | 'day' | 'screen' | 'reviewer';
  /** The place in the request's `days`, counting from 1. */
  readonly day: number | null;
  readonly workflow: string | null;
  readonly screen: string | null;
  /** What the screen is called. */
  readonly title: string | null;
  /** An actor's id. */
  readonly reviewer: string | null;
  readonly name: string | null;
  readonly count: number;
}

export interface GivenAnswersRequest extends TeamFilter {
  /** When each day begins, ascending; the first is when the period begins. */
  readonly days: readonly Date[];
  readonly until: Date;
}

export const READ_GIVEN_ANSWERS = statement(
  'read-given-answers',
  `WITH given AS MATERIALIZED (
     SELECT width_bucket(h.at, $2::timestamptz[]) AS day, t.workflow, t.screen, t.title, h.actor ->> 'id' AS reviewer, h.actor ->> 'name' AS name
     FROM task_history h JOIN tasks t ON t.tenant = h.tenant AND t.id = h.task_id
     WHERE h.tenant = $1 AND h.kind = 'reviewed' AND h.at >= ($2::timestamptz[])[1] AND h.at < $3
       AND ($4::text IS NULL OR t.workflow = $4) AND ($5::text IS NULL OR t.screen = $5) AND ($6::text IS NULL OR h.actor ->> 'id' = $6)
     LIMIT ${MOST_TASKS + 1})
   SELECT CASE WHEN grouping(day) = 0 THEN 'day' WHEN grouping(screen) = 0 THEN 'screen' WHEN grouping(reviewer) = 0 THEN 'reviewer' ELSE 'all' END AS kind,
     day, workflow, screen, CASE WHEN grouping(screen) = 0 THEN max(title) END AS title, reviewer, CASE WHEN grouping(reviewer) = 0 THEN max(name) END AS name,
     count(*)::int AS count
   FROM given GROUP BY GROUPING SETS ((), (day), (workflow, screen), (reviewer))`,
);

/** @returns one row of kind `all`, and one for each other group that has an answer; more than MOST_TASKS in all are not all of them */
export async function readGivenAnswers(sql: Sql, tenant: string, request: GivenAnswersRequest): Promise<GivenAnswersRow[]> {
  const { days, until, workflow, screen, reviewer } = request;
  return sql.query<GivenAnswersRow>(READ_GIVEN_ANSWERS, [tenant, days, until, workflow, screen, reviewer]);
}
