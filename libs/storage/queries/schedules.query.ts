/**
 * Schedules as rows. Which there are comes from the code of the hosted workflows, at the start of a process; what was settled comes from
 * the database.
 *
 * Locks: registering takes the schedules' rows in id order; LOCK_SCHEDULE takes the one row whose slots are about to be settled, before
 * any slot, key or run; pausing and resuming take that row too, so each slot is settled before or after it. Reads take none.
 */
import type { Actor, Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { NOW_MS } from './database-time.query.js';

export interface ScheduleRow {
  readonly tenant: string;
  readonly id: string;
  readonly workflow: string;
  readonly cron: string;
  readonly zone: string;
  readonly overlap: 'skip' | 'allow';
  readonly catch_up: 'latest' | 'all' | 'none';
  readonly input: Json;
  readonly settled_until: Date;
  readonly paused_at: Date | null;
  readonly paused_by: Actor | null;
  readonly pause_reason: string | null;
}

export interface NewSchedule {
  readonly id: string;
  readonly workflow: string;
  readonly cron: string;
  readonly zone: string;
  readonly overlap: string;
  readonly catchUp: string;
  /** JSON text. */
  readonly input: string;
}

const COLUMNS = 'tenant, id, workflow, cron, zone, overlap, catch_up, input, settled_until, paused_at, paused_by, pause_reason';

// A new schedule, and one that comes back, begins now: what fell due while it did not exist is nobody's slot. A changed one keeps what
// it has settled.
export const REGISTER_SCHEDULES = statement(
  'register-schedules',
  `WITH wanted AS (
     SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::jsonb[])
       AS w(id, workflow, cron, zone, overlap, catch_up, input)),
   gone AS (
     UPDATE schedules s SET active = false
     WHERE s.tenant = $1 AND s.active AND s.workflow = ANY($9::text[]) AND NOT s.id = ANY($2::text[]))
   INSERT INTO schedules AS s (tenant, id, workflow, cron, zone, overlap, catch_up, input, settled_until)
   SELECT $1, w.*, to_timestamp($10::float8 / 1000) FROM wanted w ORDER BY w.id
   ON CONFLICT (tenant, id) DO UPDATE
   SET workflow = excluded.workflow, cron = excluded.cron, zone = excluded.zone, overlap = excluded.overlap, catch_up = excluded.catch_up,
     input = excluded.input, active = true, settled_until = CASE WHEN s.active THEN s.settled_until ELSE excluded.settled_until END,
     rule_since = CASE WHEN s.active AND s.cron = excluded.cron AND s.zone = excluded.zone THEN s.rule_since ELSE excluded.rule_since END`,
);

/**
 * @param hosted all workflows of this process: a schedule of theirs that is not among `schedules` is turned off
 * @param now milliseconds since 1970
 */
export async function registerSchedules(
  sql: Sql,
  tenant: string,
  schedules: readonly NewSchedule[],
  hosted: readonly string[],
  now: number,
): Promise<void> {
  const column = (read: (schedule: NewSchedule) => string): string[] => schedules.map(read);
  await sql.query(REGISTER_SCHEDULES, [
    tenant,
    column((one) => one.id),
    column((one) => one.workflow),
    column((one) => one.cron),
    column((one) => one.zone),
    column((one) => one.overlap),
    column((one) => one.catchUp),
    column((one) => one.input),
    hosted,
    now,
  ]);
}

export const LIST_SCHEDULES = statement('list-schedules', `SELECT ${COLUMNS} FROM schedules WHERE tenant = $1 AND active ORDER BY id`);
const ONE = 'FROM schedules WHERE tenant = $1 AND id = $2 AND active';
export const FIND_SCHEDULE = statement('find-schedule', `SELECT ${COLUMNS} ${ONE}`);
export const LOCK_SCHEDULE = statement('lock-schedule', `SELECT ${COLUMNS}, ${NOW_MS} AS now ${ONE} FOR NO KEY UPDATE`);

export const listSchedules = (sql: Sql, tenant: string) => sql.query<ScheduleRow>(LIST_SCHEDULES, [tenant]);

export async function findSchedule(sql: Sql, tenant: string, id: string): Promise<ScheduleRow | undefined> {
  return (await sql.query<ScheduleRow>(FIND_SCHEDULE, [tenant, id]))[0];
}

export interface LockedSchedule extends ScheduleRow {
  /** The time when it was read, by the database's clock, in milliseconds since 1970. */
  readonly now: number;
}

/** The row, locked until the end of the transaction; `undefined` when the schedule is off. */
export async function lockSchedule(sql: Sql, tenant: string, id: string): Promise<LockedSchedule | undefined> {
  return (await sql.query<LockedSchedule>(LOCK_SCHEDULE, [tenant, id]))[0];
}

export const PAUSE_SCHEDULE = statement(
  'pause-schedule',
  `UPDATE schedules SET paused_at = clock_timestamp(), paused_by = $3, pause_reason = $4
   WHERE tenant = $1 AND id = $2 AND active AND paused_at IS NULL`,
);

/** Does nothing to a schedule that is paused. */
export async function pauseSchedule(sql: Sql, tenant: string, id: string, by: Actor, reason: string | null): Promise<void> {
  await sql.query(PAUSE_SCHEDULE, [tenant, id, JSON.stringify(by), reason]);
}

export const RESUME_SCHEDULE = statement(
  'resume-schedule',
  'UPDATE schedules SET paused_at = NULL, paused_by = NULL, pause_reason = NULL WHERE tenant = $1 AND id = $2',
);

/** Under the lock of its row, once what came due meanwhile is settled. */
export async function resumeSchedule(sql: Sql, tenant: string, id: string): Promise<void> {
  await sql.query(RESUME_SCHEDULE, [tenant, id]);
}
