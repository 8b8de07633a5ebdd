/**
 * What the figures and the export of a team know of a task that has ended; one text for both. Goes down the index `tasks_ended` from the
 * beginning of the period to its end, and for each decided task down the primary key of its history.
 *
 * What counts as decided: that a person or a machine with a key completed or canceled the task, and it stands. A decision that was taken
 * back has no end and is none. An answer by default is decided by nobody, and neither is what expired, or was withdrawn when its run or
 * branch ended, a decision within its undo window included.
 */

/** The calendar of a workflow, as the open time that has passed; in milliseconds. */
export interface WorkflowHours {
  readonly workflow: string;
  /** When each opening begins, in milliseconds since 1970, ascending. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** The open time before each. */
  readonly before: readonly number[];
}

/** Of parameter `$hours`, a JSON array of WorkflowHours. */
export const HOURS = (parameter: string): string =>
  `hours AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(${parameter}::jsonb) AS h(workflow text, starts float8[], ends float8[], before float8[]))`;

const MS = (at: string): string => `(extract(epoch FROM ${at}) * 1000)::float8`;

/** The open time of the calendar `h` until an instant: a walk along its openings, found by halving. */
const openTime = (at: string): string => {
  const opening = `width_bucket(${MS(at)}, h.starts)`;
  return `coalesce(h.before[${opening}] + least(${MS(at)}, h.ends[${opening}]) - h.starts[${opening}], 0)`;
};

/**
 * @param tasks the rows of tasks, as a relation that may be selected from
 * @returns a relation with the fate of each of them; how long a decision took is in milliseconds, null where it is not known. Needs HOURS.
 */
export const endedTasks = (tasks: string): string => `
  SELECT t.*, f.*, x.taken_at, t.ended_at > t.due_at IS TRUE AS is_late,
    CASE WHEN f.fate = 'decided' THEN ${MS('t.ended_at')} - ${MS('t.opened_at')} END AS since_opened, ${MS('t.ended_at')} - ${MS('x.taken_at')} AS since_taken,
    CASE WHEN h.workflow IS NOT NULL THEN ${openTime('t.ended_at')} - ${openTime('t.opened_at')} END AS in_business_time
  FROM ${tasks} t
  CROSS JOIN LATERAL (SELECT CASE
    WHEN t.decided_by ->> 'kind' <> 'system' THEN 'decided'
    WHEN t.status = 'completed' THEN 'default'
    WHEN t.status = 'expired' THEN 'expired' ELSE 'withdrawn' END AS fate) f
  LEFT JOIN LATERAL (
    SELECT max(e.at) AS taken_at FROM task_history e
    WHERE e.tenant = t.tenant AND e.task_id = t.id AND e.kind IN ('claimed', 'taken-over') AND e.actor ->> 'id' = t.decided_by ->> 'id'
  ) x ON f.fate = 'decided'
  LEFT JOIN hours h ON h.workflow = t.workflow AND f.fate = 'decided'`;
