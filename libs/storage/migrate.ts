/**
 * Brings a database to the schema of this build. Several processes may start at once: an advisory lock lets one migrate while the
 * others wait. A database with migrations this build does not know belongs to a newer build; it is refused, never touched.
 */
import pg from 'pg';
import { DataSource, type Logger, type MigrationInterface, type QueryRunner } from 'typeorm';
import { MIGRATIONS } from '../../migrations/index.js';

/** Any constant: it only has to be the same in all processes. */
const MIGRATION_LOCK = 7_361_002;

/** What fails is thrown, and said once by whoever catches it. */
const SILENT: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

/** One that takes connections and answers nothing would be waited for without end. */
const CONNECT_MS = 10_000;

/** The database was written by a newer build. */
export class SchemaTooNewError extends Error {
  override readonly name = 'SchemaTooNewError';
}

/**
 * @param url of a PostgreSQL database in which we may create tables
 * @param onProgress is told each migration's name before it runs; what it throws stops there, with those before it kept
 * @param signal ends the wait for another process that migrates
 * @throws SchemaTooNewError when the database has migrations that this build does not know
 */
export async function migrate(url: string, onProgress: (migration: string) => void = () => undefined, signal?: AbortSignal): Promise<void> {
  const lock = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  // A connection that is cut fails the next statement on it; without a listener it would end the process.
  lock.on('error', () => undefined);
  await lock.connect();
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS.map((migration) => announced(migration, onProgress)),
    migrationsTableName: 'migrations',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    logger: SILENT,
  });
  try {
    await takeLock(lock, signal);
    await source.initialize();
    const known = new Set(MIGRATIONS.map((migration) => migration.name));
    const done = new Set(await appliedMigrations(lock));
    const unknown = [...done].filter((name) => !known.has(name));
    if (unknown.length > 0) {
      throw new SchemaTooNewError(
        `The database has migrations this version does not know (${unknown.join(', ')}). Start the newer version of Stepwell, or name another database.`,
      );
    }
    await source.runMigrations({ transaction: 'each' });
  } finally {
    if (source.isInitialized) await source.destroy();
    await lock.end();
  }
}

async function takeLock(client: pg.Client, signal: AbortSignal | undefined): Promise<void> {
  const giveUp = (): void => void client.end().catch(() => undefined);
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}

/** The same migration under the same name, which says so when its turn comes. */
function announced(Migration: new () => MigrationInterface, onProgress: (migration: string) => void): new () => MigrationInterface {
  class Announced extends Migration {
    override async up(runner: QueryRunner): Promise<void> {
      onProgress(Migration.name);
      await super.up(runner);
    }
  }
  // TypeORM keeps a migration under the name of its class.
  Object.defineProperty(Announced, 'name', { value: Migration.name });
  return Announced;
}

async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ there: boolean }>("SELECT to_regclass('migrations') IS NOT NULL AS there");
  if (!tables[0]?.there) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
  return rows.map((row) => row.name);
}
