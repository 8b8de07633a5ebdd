/** The database's clock, by which everything is compared that more than one process decides. Locks nothing. */
import type { Clock } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

/** Milliseconds since 1970, as an expression. */
export const NOW_MS = '(extract(epoch FROM clock_timestamp()) * 1000)::float8';

export const DATABASE_TIME = statement('database-time', `SELECT ${NOW_MS} AS now`);

/** Tells the clock what the database's shows. */
export async function setClock(sql: Sql, clock: Clock): Promise<void> {
  const sentAt = performance.now();
  const [row] = (await sql.query<{ now: number }>(DATABASE_TIME, [])) as [{ readonly now: number }];
  clock.observe(row.now, sentAt, performance.now());
}
