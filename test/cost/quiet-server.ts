/**
 * A database server on which nothing happens by the clock, so that what a run writes is the same number every time: no checkpoint while
 * we count (the first change of a page after one writes the whole page), and no autovacuum. It is a server of its own, because any
 * neighbour's checkpoint would count as ours. What is written, and in which statements, is what any other server would see.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startEmbeddedPostgres } from '@stepwell/postgres';
import { migrate } from '@stepwell/storage';

export interface QuietServer {
  /** Of a database with all migrations applied. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The prefix by which the tests' server finds and removes what a killed test has left. */
const PREFIX = 'stepwell-test-postgres-';

export async function startQuietServer(): Promise<QuietServer> {
  const directory = mkdtempSync(join(tmpdir(), PREFIX));
  // mkdtemp makes 0700; the server's own user has to get in when the tests run as root.
  chmodSync(directory, 0o755);
  const server = await startEmbeddedPostgres({
    directory,
    isThrowaway: true,
    settings: {
      autovacuum: 'off',
      full_page_writes: 'off',
      checkpoint_timeout: '1d',
      max_wal_size: '4GB',
      'pg_stat_statements.track': 'top',
      'pg_stat_statements.track_utility': 'on',
    },
  });
  await migrate(server.url);
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      rmSync(dirname(server.dataDirectory), { recursive: true, force: true });
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
