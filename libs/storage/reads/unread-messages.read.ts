/** How many messages a run has that it has not read. Takes no lock: who sends at the same time is not counted. */
import { type Sql, statement } from '../sql.js';

export const COUNT_UNREAD_MESSAGES = statement(
  'count-unread-messages',
  'SELECT count(*)::int AS count FROM (SELECT FROM inbox WHERE tenant = $1 AND run_id = $2 LIMIT $3) unread',
);

/** @returns at most `most` */
export async function countUnreadMessages(sql: Sql, tenant: string, runId: string, most: number): Promise<number> {
  const [row] = await sql.query<{ count: number }>(COUNT_UNREAD_MESSAGES, [tenant, runId, most]);
  return row?.count ?? 0;
}
