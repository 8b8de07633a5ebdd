/**
 * The tasks of a team one by one, page by page, for an export of any length: those that ended in a period by when they ended, and the open
 * ones as the inbox has them. Take no lock, and hold nothing between two pages: a page costs the same however deep it lies.
 */
import { type Sql, statement } from '../../sql.js';
import { endedTasks, HOURS } from './ended-tasks.js';
import type { EndedTasksRequest } from './ended-tasks.read.js';
import type { TeamFilter } from './team-filter.js';

export interface TeamTaskRow {
  readonly id: string;
  readonly runId: string;
  readonly workflow: string;
  readonly screen: string;
  readonly title: string;
  readonly subject: string;
  /** What it is: `open`, `claimed`; or what became of it: `decided`, `canceled`, `default`, `expired`, `withdrawn`. */
  readonly state: string;
  /** Who decided; of an open one who holds it, else its assignee. */
  readonly reviewer: string | null;
  readonly openedAt: Date;
  readonly takenAt: Date | null;
  readonly endedAt: Date | null;
  readonly dueAt: Date | null;
  readonly isLate: boolean;
  /** Milliseconds, of a decided one. */
  readonly sinceOpened: number | null;
  readonly sinceTaken: number | null;
  readonly inBusinessTime: number | null;
  /** Where the next page goes on. */
  readonly place: string;
}

const TASK = `id, run_id AS "runId", workflow, screen, title, subject, opened_at AS "openedAt", ended_at AS "endedAt", due_at AS "dueAt"`;

export const LIST_ENDED_TEAM_TASKS = statement(
  'list-ended-team-tasks',
  `WITH ${HOURS('$4')}, page AS MATERIALIZED (
     SELECT t.* FROM tasks t
     WHERE t.tenant = $1 AND t.ended_at >= $2 AND t.ended_at < $3 AND (t.ended_at, t.id) > ($8::timestamptz, $9::uuid)
       AND ($5::text IS NULL OR t.workflow = $5) AND ($6::text IS NULL OR t.screen = $6) AND ($7::text IS NULL OR t.decided_by ->> 'id' = $7)
     ORDER BY t.ended_at, t.id LIMIT $10)
   SELECT ${TASK}, CASE WHEN fate = 'decided' AND status = 'canceled' THEN status ELSE fate END AS state,
     CASE WHEN fate = 'decided' THEN decided_by ->> 'name' END AS reviewer, taken_at AS "takenAt", is_late AS "isLate",
     since_opened AS "sinceOpened", since_taken AS "sinceTaken", in_business_time AS "inBusinessTime",
     to_char(ended_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || ' ' || id AS place
   FROM (${endedTasks('page')}) t ORDER BY ended_at, id`,
);

export const LIST_OPEN_TEAM_TASKS = statement(
  'list-open-team-tasks',
  `SELECT ${TASK}, CASE WHEN holder IS NULL THEN 'open' ELSE 'claimed' END AS state, coalesce(holder ->> 'name', assignee_name) AS reviewer,
     NULL AS "takenAt", due_at <= $2 IS TRUE AS "isLate", NULL AS "sinceOpened", NULL AS "sinceTaken", NULL AS "inBusinessTime", priority || ' ' || id AS place
   FROM (
     SELECT t.*, u.id::text AS assignee_id, u.display_name AS assignee_name,
       CASE WHEN t.status = 'claimed' AND t.claimed_until > $2 THEN t.claimed_by END AS holder
     FROM tasks t LEFT JOIN users u ON u.tenant = t.tenant AND u.name = t.assignee
     WHERE t.tenant = $1 AND t.status IN ('open', 'claimed') AND t.priority <= $6::int AND (t.priority < $6::int OR t.id > $7::uuid)
       AND ($3::text IS NULL OR t.workflow = $3) AND ($4::text IS NULL OR t.screen = $4)) t
   WHERE $5::text IS NULL OR coalesce(holder ->> 'id', assignee_id) = $5
   ORDER BY priority DESC, id LIMIT $8`,
);

const NO_ID = '00000000-0000-0000-0000-000000000000';

/** @param after the `place` of the last row of the page before; null begins */
export async function listEndedTeamTasks(
  sql: Sql,
  tenant: string,
  { days, until, hours, workflow, screen, reviewer }: EndedTasksRequest,
  after: string | null,
  limit: number,
): Promise<TeamTaskRow[]> {
  const [endedAt, id] = after?.split(' ') ?? ['-infinity', NO_ID];
  const values = [tenant, days[0], until, JSON.stringify(hours), workflow, screen, reviewer, endedAt, id, limit];
  return sql.query<TeamTaskRow>(LIST_ENDED_TEAM_TASKS, values);
}

/** @param after the `place` of the last row of the page before; null begins */
export async function listOpenTeamTasks(
  sql: Sql,
  tenant: string,
  { now, workflow, screen, reviewer }: TeamFilter & { readonly now: Date },
  after: string | null,
  limit: number,
): Promise<TeamTaskRow[]> {
  const [priority, id] = after?.split(' ') ?? [2_147_483_647, NO_ID];
  return sql.query<TeamTaskRow>(LIST_OPEN_TEAM_TASKS, [tenant, now, workflow, screen, reviewer, priority, id, limit]);
}
