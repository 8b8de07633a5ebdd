import { randomInt } from 'node:crypto';
import pg from 'pg';
import { BOUNDS, type NamedDatabase } from './shard.js';

/**
 * Two addresses of one database look like two databases. By a lock it is seen for sure, whatever stands between, and without a right that not
 * every user has.
 *
 * @returns whether both are one database; their addresses must be those of PostgreSQL itself, not of a pooler
 */
export async function areSame(one: NamedDatabase, other: NamedDatabase): Promise<boolean> {
  const [holder, asker] = [one, other].map(({ url }) => new pg.Client({ connectionString: url, ...BOUNDS })) as [pg.Client, pg.Client];
  try {
    for (const client of [holder, asker]) {
      // A connection that is cut fails the next statement on it.
      client.on('error', () => undefined);
      await client.connect();
    }
    // By chance: another process may be looking at this moment.
    const key = randomInt(2 ** 47);
    await isFree(holder, key);
    return !(await isFree(asker, key));
  } finally {
    await Promise.all([holder, asker].map((client) => client.end().catch(() => undefined)));
  }
}

/** Takes the lock, when it is. */
async function isFree(client: pg.Client, key: number): Promise<boolean> {
  const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [key]);
  return rows[0]?.free === true;
}
