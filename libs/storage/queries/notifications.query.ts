/**
 * The outbox of messages to people: notices, which wait for their time; notifications, each one message; and what became of them.
 *
 * Locks: notifications by who sends them (SKIP LOCKED), for one statement. A claim is a lease: it moves `next_at` to when another process
 * takes the message for lost. A message is marked after it was sent, so whoever dies in between sends it once more, under the same id.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface NewNotice {
  readonly tenant: string;
  readonly userId: string;
  readonly channel: string;
  readonly kind: string;
  readonly taskId: string;
  readonly actor: Actor | null;
  readonly note: string | null;
  readonly at: Date;
  /** Not before. */
  readonly sendAt: Date;
}

export const INSERT_NOTICES = statement(
  'insert-notices',
  `INSERT INTO notices (tenant, user_id, channel, kind, task_id, actor, note, at, send_at)
   SELECT n.tenant, n."userId", n.channel, n.kind, n."taskId", n.actor, n.note, n.at, n."sendAt"
   FROM jsonb_to_recordset($1::jsonb) AS n(tenant text, "userId" uuid, channel text, kind text, "taskId" uuid, actor jsonb, note text, at timestamptz, "sendAt" timestamptz)`,
);

export async function insertNotices(sql: Sql, notices: readonly NewNotice[]): Promise<void> {
  if (notices.length > 0) await sql.query(INSERT_NOTICES, [JSON.stringify(notices)]);
}

/** What is due is read once, and its rows are remembered by their places, which nobody else changes: people are not held against notices. */
export const GATHER_NOTICES = statement(
  'gather-notices',
  `WITH due AS MATERIALIZED (
     SELECT tenant, user_id, channel, new_id() AS notification, array_agg(ctid) AS places
     FROM notices WHERE notification_id IS NULL AND send_at <= $1 GROUP BY tenant, user_id, channel),
   made AS (
     INSERT INTO notifications (tenant, id, user_id, channel, purpose, next_at, created_at)
     SELECT tenant, notification, user_id, channel, 'notices', $1, $1 FROM due)
   UPDATE notices n SET notification_id = d.notification FROM (SELECT notification, unnest(places) AS place FROM due OFFSET 0) AS d
   WHERE n.ctid = d.place`,
);

/** Under the lock of the planning: one message for all that is due to one person on one channel. */
export async function gatherNotices(sql: Sql, now: Date): Promise<void> {
  await sql.query(GATHER_NOTICES, [now]);
}

export type NotificationPurpose = 'notices' | 'verification';

export interface ClaimedNotification {
  readonly tenant: string;
  readonly id: string;
  readonly userId: string;
  readonly channel: string;
  readonly purpose: NotificationPurpose;
  /** This one included. */
  readonly attempts: number;
  readonly createdAt: Date;
}

const CLAIMED = `n.tenant, n.id, n.user_id AS "userId", n.channel, n.purpose, n.attempts, n.created_at AS "createdAt"`;

export const CLAIM_NOTIFICATIONS = statement(
  'claim-notifications',
  `UPDATE notifications n SET attempts = n.attempts + 1, next_at = $1::timestamptz + $2 * interval '1 millisecond'
   FROM (SELECT tenant, id FROM notifications WHERE status = 'queued' AND channel = $4 AND next_at <= $1 ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED) AS due
   WHERE n.tenant = due.tenant AND n.id = due.id RETURNING ${CLAIMED}`,
);

/** Of one channel, so that those of another one that is away stand in nobody's way. */
export async function claimNotifications(
  sql: Sql,
  channel: string,
  now: Date,
  leaseMs: number,
  limit: number,
): Promise<ClaimedNotification[]> {
  return sql.query<ClaimedNotification>(CLAIM_NOTIFICATIONS, [now, leaseMs, limit, channel]);
}

export const GIVE_UP_WITHOUT_CHANNEL = statement(
  'give-up-without-channel',
  `UPDATE notifications SET status = 'dead', error = $3, ended_at = $1 WHERE status = 'queued' AND next_at <= $1 AND channel <> ALL($2::text[])`,
);

/** What is due on other channels than these, which nobody claims. */
export async function giveUpWithoutChannel(sql: Sql, now: Date, channels: readonly string[], error: string): Promise<void> {
  await sql.query(GIVE_UP_WITHOUT_CHANNEL, [now, channels, error]);
}

/** What became of an attempt. `failed`: it is tried again at `nextAt`. */
export type NotificationOutcome =
  | { readonly is: 'sent' | 'dropped' }
  | { readonly is: 'dead'; readonly error: string }
  | { readonly is: 'failed'; readonly error: string; readonly nextAt: Date };

/** By its key alone (the status within coalesce fits no index): a plan of a quiet hour supposes that one is queued, and reads all that are. */
export const SETTLE_NOTIFICATION = statement(
  'settle-notification',
  `UPDATE notifications SET status = CASE $4 WHEN 'failed' THEN 'queued' ELSE $4 END, error = $5, next_at = coalesce($6, next_at),
     ended_at = CASE $4 WHEN 'failed' THEN NULL ELSE $7::timestamptz END
   WHERE tenant = $1 AND id = $2 AND coalesce(status = 'queued', false) AND attempts = $3`,
);

/** A claim that was lost meanwhile changes nothing. */
export async function settleNotification(
  sql: Sql,
  { tenant, id, attempts }: ClaimedNotification,
  outcome: NotificationOutcome,
  now: Date,
): Promise<void> {
  const error = 'error' in outcome ? outcome.error : null;
  const nextAt = 'nextAt' in outcome ? outcome.nextAt : null;
  await sql.query(SETTLE_NOTIFICATION, [tenant, id, attempts, outcome.is, error, nextAt, now]);
}

export const NOTICES_OF = statement(
  'notices-of',
  'SELECT kind, task_id AS "taskId", actor, note, at FROM notices WHERE tenant = $1 AND notification_id = $2 ORDER BY at, id',
);

export interface NoticeRow {
  readonly kind: string;
  readonly taskId: string;
  readonly actor: Actor | null;
  readonly note: string | null;
  readonly at: Date;
}

export async function noticesOf(sql: Sql, tenant: string, notificationId: string): Promise<NoticeRow[]> {
  return sql.query<NoticeRow>(NOTICES_OF, [tenant, notificationId]);
}

export const DEAD_NOTIFICATIONS = statement(
  'dead-notifications',
  `SELECT id, channel, attempts, error, created_at AS "createdAt" FROM notifications
   WHERE tenant = $1 AND user_id = $2 AND status = 'dead' ORDER BY id DESC LIMIT $3`,
);

export interface DeadNotification {
  readonly id: string;
  readonly channel: string;
  readonly attempts: number;
  readonly error: string | null;
  readonly createdAt: Date;
}

/** Those to a person that were given up, the newest first. */
export async function deadNotifications(sql: Sql, tenant: string, userId: string, limit: number): Promise<DeadNotification[]> {
  return sql.query<DeadNotification>(DEAD_NOTIFICATIONS, [tenant, userId, limit]);
}

export const REVIVE_NOTIFICATION = statement(
  'revive-notification',
  `UPDATE notifications SET status = 'queued', attempts = 0, next_at = $4, ended_at = NULL
   WHERE tenant = $1 AND user_id = $2 AND id = $3 AND (status = 'dead' OR status = 'queued' AND attempts = 0) RETURNING id`,
);

/** Asked twice is no mistake. @returns whether it was one of that person's that had been given up */
export async function reviveNotification(sql: Sql, tenant: string, userId: string, id: string, now: Date): Promise<boolean> {
  return (await sql.query(REVIVE_NOTIFICATION, [tenant, userId, id, now])).length > 0;
}

export const EXPIRE_NOTIFICATIONS = statement(
  'expire-notifications',
  `WITH old AS (
     DELETE FROM notifications n USING (SELECT tenant, id FROM notifications WHERE status <> 'queued' AND ended_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED) AS o
     WHERE n.tenant = o.tenant AND n.id = o.id RETURNING n.tenant, n.id)
   DELETE FROM notices n USING old WHERE n.tenant = old.tenant AND n.notification_id = old.id`,
);

export async function expireNotifications(sql: Sql, before: Date, limit: number): Promise<void> {
  await sql.query(EXPIRE_NOTIFICATIONS, [before, limit]);
}
