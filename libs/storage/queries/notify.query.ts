/**
 * Hints that go out when the caller's transaction commits, and not if it does not. For transactions of others only: at its commit a NOTIFY
 * waits for every other commit of the database that has one (engine rule 8), so nothing hot carries it.
 */
import { type Sql, statement } from '../sql.js';

export interface Notification {
  readonly channel: string;
  readonly payload: string;
}

export const NOTIFY_AT_COMMIT = statement(
  'notify-at-commit',
  'SELECT pg_notify(channel, payload) FROM unnest($1::text[], $2::text[]) AS message(channel, payload)',
);

export async function notifyAtCommit(sql: Sql, messages: readonly Notification[]): Promise<void> {
  if (messages.length === 0) return;
  await sql.query(NOTIFY_AT_COMMIT, [messages.map(({ channel }) => channel), messages.map(({ payload }) => payload)]);
}
