/** Whether a fleet's connections fit into what the database grants this user. */
import { Client } from 'pg';
import { StartError } from './start-error.js';

/** The server's own limit without what it keeps for superusers, and those of the database and the user; -1 is none. */
const ROOM = `
  SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true)::int, 0) AS server,
    (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database,
    (SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user) AS role`;

/**
 * Told at the start, because a fleet that runs out of connections does so under load, and everywhere at once.
 *
 * @param url where connections are made to PostgreSQL itself, not to a pooler in front of it
 * @param wanted how many the fleet takes at most
 * @param workers how many worker processes it has
 * @param each how many one more of them takes
 * @throws StartError when it is more than the database grants
 */
export async function checkRoom(url: string, { wanted, workers, each }: { wanted: number; workers: number; each: number }): Promise<void> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ server: number; database: number; role: number }>(ROOM);
    const limits = Object.values(rows[0] ?? {}).filter((limit) => limit >= 0);
    const room = Math.min(...limits);
    if (wanted <= room) return;
    const fitting = workers - Math.ceil((wanted - room) / each);
    throw new StartError(
      `A server with ${workers} worker ${workers === 1 ? 'process' : 'processes'} takes up to ${wanted} connections, and the database grants ${room}.`,
      `Raise its max_connections, ${fitting > 0 ? `set STEPWELL_WORKERS to ${fitting} or less, ` : ''}or put a pooler in front of it (docs/reference/scale.md).`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}
