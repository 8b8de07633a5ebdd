/**
 * A database per test file, cloned from one template that is migrated once per server: a clone costs some 50 ms, whatever the number
 * of migrations. Parallel workers agree on who makes the template by an advisory lock in the admin database; the template gets
 * its final name only when it is finished, so a half-migrated one is never cloned.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Closes the pool and removes the database, open connections of others included. */
  drop(): Promise<void>;
}

const TEMPLATE = 'stepwell_template';
/** Any constant: it only has to be the same in all workers. */
const TEMPLATE_LOCK = 7_361_001;

/** A database with all migrations applied. */
export async function createTestDatabase(): Promise<TestDatabase> {
  await withAdmin(makeTemplate);
  return createDatabase(TEMPLATE);
}

/** A database without any table: for tests of the migrations themselves. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template1');
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  // FILE_COPY makes a checkpoint, WAL_LOG (the default) does not; nothing else waits for us then.
  await withAdmin((admin) => admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY wal_log`));
  const url = urlOf(name);
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  // An idle connection that drop() or a test cuts off is no news; without a listener it would end the process.
  pool.on('error', () => undefined);
  let dropped: Promise<void> | undefined;
  return {
    url,
    pool,
    drop: () =>
      (dropped ??= (async () => {
        await pool.end();
        await withAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
      })()),
  };
}

async function makeTemplate(admin: pg.Client): Promise<void> {
  if (await exists(admin, TEMPLATE)) return;
  await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    if (await exists(admin, TEMPLATE)) return;
    const unfinished = `${TEMPLATE}_unfinished`;
    await admin.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${unfinished}`);
    const { migrate } = await import('@stepwell/storage');
    await migrate(urlOf(unfinished));
    await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${TEMPLATE}`);
  } finally {
    await admin.query('SELECT pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function exists(admin: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
  return rowCount === 1;
}

async function withAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl() });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(adminUrl());
  url.pathname = `/${database}`;
  return url.href;
}

function adminUrl(): string {
  const url = process.env['STEPWELL_TEST_ADMIN_URL'];
  if (!url) throw new Error('STEPWELL_TEST_ADMIN_URL is not set: run this test by Jest, whose globalSetup starts the database.');
  return url;
}
