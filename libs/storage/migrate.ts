/**
 * Brings a database to the schema of this build. Several processes may start at once: an advisory lock lets one migrate while the
 * others wait. A database with migrations this build does not know belongs to a newer build; it is refused, never touched.
 */
import pg from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/index.js';

/** Any constant: it only has to be the same in all processes. */
const MIGRATION_LOCK = 7_361_002;

/** The database was written by a newer build. */
export class SchemaTooNewError extends Error {
  override readonly name = 'SchemaTooNewError';
}

/**
 * @param url of a PostgreSQL database in which we may create tables
 * @param onProgress is told each migration's name before it runs
 * @throws SchemaTooNewError when the database has migrations that this build does not know
 */
export async function migrate(url: string, onProgress: (migration: string) => void = () => undefined): Promise<void> {
  const lock = new pg.Client({ connectionString: url });
  await lock.connect();
  const source = new DataSource({
    type: 'postgres',
    url,
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
  });
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.initialize();
    const known = new Set(MIGRATIONS.map((migration) => migration.name));
    const done = new Set(await appliedMigrations(lock));
    const unknown = [...done].filter((name) => !known.has(name));
    if (unknown.length > 0) {
      throw new SchemaTooNewError(
        `The database has migrations this version does not know (${unknown.join(', ')}). Start the newer version of Stepwell, or name another database.`,
      );
    }
    for (const name of known) if (!done.has(name)) onProgress(name);
    await source.runMigrations({ transaction: 'each' });
  } finally {
    if (source.isInitialized) await source.destroy();
    await lock.end();
  }
}

async function appliedMigrations(client: pg.Client): Promise<string[]> {
  const { rows: tables } = await client.query<{ there: boolean }>("SELECT to_regclass('migrations') IS NOT NULL AS there");
  if (!tables[0]?.there) return [];
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
  return rows.map((row) => row.name);
}
