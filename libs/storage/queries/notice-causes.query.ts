/**
 * What has happened to tasks, of which somebody may have to be told. The rows are written by a trigger on task_history, in the statement
 * that writes the history; here they are taken.
 *
 * Locks: the row of `notifying`, held by the one process that plans at a time (the others pass by), then causes. Nobody else locks
 * either: the trigger only reads the one and inserts the others.
 */
import type { Actor, Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export type NoticeCauseKind =
  'opened' | 'reassigned' | 'delegated' | 'escalated' | 'nobody-left' | 'commented' | 'comment-edited' | 'due-soon' | 'overdue';

export interface NoticeCauseRow {
  readonly tenant: string;
  readonly id: string;
  readonly taskId: string;
  readonly kind: NoticeCauseKind;
  readonly actor: Actor | null;
  readonly details: Json | null;
  readonly dueAt: Date;
}

export interface LaterCause {
  readonly tenant: string;
  readonly taskId: string;
  readonly kind: NoticeCauseKind;
  readonly dueAt: Date;
}

export const KEEP_NOTIFYING = statement('keep-notifying', `UPDATE notifying SET until = clock_timestamp() + interval '1 day'`);

/** From now on, and for a day, causes are written. */
export async function keepNotifying(sql: Sql): Promise<void> {
  await sql.query(KEEP_NOTIFYING, []);
}

/** In the order of the indexes: most causes are of a day to come, and EXISTS would read them all to find none that is due. */
export const NOTICE_WORK = statement(
  'notice-work',
  `SELECT (SELECT true FROM notice_causes WHERE due_at <= $1 ORDER BY due_at LIMIT 1) IS NOT NULL
     OR (SELECT true FROM notices WHERE notification_id IS NULL AND send_at <= $1 ORDER BY send_at LIMIT 1) IS NOT NULL AS "toPlan",
   ARRAY(SELECT c FROM unnest($2::text[]) AS c
         WHERE EXISTS (SELECT FROM notifications WHERE status = 'queued' AND channel = c AND next_at <= $1)) AS "toSend"`,
);

export interface NoticeWork {
  readonly toPlan: boolean;
  /** Those of the channels on which something is due. */
  readonly toSend: readonly string[];
}

export async function noticeWork(sql: Sql, now: Date, channels: readonly string[]): Promise<NoticeWork> {
  const [work] = await sql.query<NoticeWork>(NOTICE_WORK, [now, channels]);
  return work ?? { toPlan: false, toSend: [] };
}

export const LOCK_PLANNING = statement('lock-planning', 'SELECT FROM notifying FOR NO KEY UPDATE SKIP LOCKED');

/** Until the end of the transaction. @returns false when another process plans */
export async function lockPlanning(sql: Sql): Promise<boolean> {
  return (await sql.query(LOCK_PLANNING, [])).length > 0;
}

export const TAKE_CAUSES = statement(
  'take-causes',
  `WITH taken AS (
     DELETE FROM notice_causes c WHERE c.ctid = ANY(ARRAY(SELECT ctid FROM notice_causes WHERE due_at <= $1 ORDER BY due_at LIMIT $2))
     RETURNING c.tenant, c.id, c.task_id AS "taskId", c.kind, c.actor, c.details, c.due_at AS "dueAt")
   SELECT * FROM taken ORDER BY "dueAt", id`,
);

/** Under the lock of the planning; the oldest first, at most `limit`. */
export async function takeCauses(sql: Sql, now: Date, limit: number): Promise<NoticeCauseRow[]> {
  return sql.query<NoticeCauseRow>(TAKE_CAUSES, [now, limit]);
}

export const CAUSE_LATER = statement(
  'cause-later',
  `INSERT INTO notice_causes (tenant, task_id, kind, due_at)
   SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::timestamptz[])`,
);

export async function causeLater(sql: Sql, causes: readonly LaterCause[]): Promise<void> {
  if (causes.length === 0) return;
  const column = <T>(read: (cause: LaterCause) => T): T[] => causes.map(read);
  await sql.query(CAUSE_LATER, [
    column((one) => one.tenant),
    column((one) => one.taskId),
    column((one) => one.kind),
    column((one) => one.dueAt),
  ]);
}

export const PEOPLE_TO_TELL = statement(
  'people-to-tell',
  `SELECT u.id, u.name, u.display_name AS "displayName", u.groups, p.channels, p.kinds, p.rhythm, p.daily_at AS "dailyAt", p.zone, p.quiet_from AS "quietFrom", p.quiet_until AS "quietUntil",
     CASE WHEN p.address_verified_at IS NOT NULL THEN p.address END AS address
   FROM users u LEFT JOIN notification_preferences p ON p.tenant = u.tenant AND p.user_id = u.id
   WHERE u.tenant = $1 AND (u.name = ANY($2::text[]) OR u.groups && $2::text[] OR u.id::text = ANY($3::text[]))
   ORDER BY u.name LIMIT $4`,
);

export interface PersonToTell {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly groups: readonly string[];
  /** Null, as all that follows: he has said nothing. */
  readonly channels: readonly string[] | null;
  readonly kinds: readonly string[] | null;
  readonly rhythm: string | null;
  readonly dailyAt: string | null;
  readonly zone: string | null;
  readonly quietFrom: string | null;
  readonly quietUntil: string | null;
  /** Verified. */
  readonly address: string | null;
}

/** @param names of people, or of groups that they are in */
export async function peopleToTell(
  sql: Sql,
  tenant: string,
  names: readonly string[],
  ids: readonly string[],
  limit: number,
): Promise<PersonToTell[]> {
  return sql.query<PersonToTell>(PEOPLE_TO_TELL, [tenant, names, ids, limit]);
}
