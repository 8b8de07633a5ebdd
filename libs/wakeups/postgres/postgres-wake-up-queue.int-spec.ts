import { Logger } from '@nestjs/common';
import type { Change } from '@stepwell/engine';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { wakeUpQueueConformance } from '../conformance/wake-up-queue.conformance.js';
import { createPostgresHints } from './create-postgres-hints.js';

const { jest } = import.meta;
Logger.overrideLogger(false);
afterEach(() => jest.restoreAllMocks());

/** Ends all LISTEN sessions, and says when they are gone. */
async function interrupt({ pool }: TestDatabase): Promise<void> {
  await pool.query(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'stepwell-listen' AND datname = current_database()",
  );
}

wakeUpQueueConformance('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const opened: { close(): Promise<void> }[] = [];
  return {
    open: () => {
      const { wakeUps, changes } = createPostgresHints({ pool: database.pool, directUrl: database.url });
      opened.push(wakeUps, changes);
      // The feed shares the connection; it is no part of this suite and leaves at once.
      void changes.close();
      return wakeUps;
    },
    interrupt: () => interrupt(database),
    close: async () => {
      await Promise.all(opened.map((one) => one.close()));
      await database.drop();
    },
  };
});

describe('hints by PostgreSQL', () => {
  let database: TestDatabase;
  const opened: { close(): Promise<void> }[] = [];
  const open = (directUrl: string | undefined = database.url, pool = database.pool) => {
    const hints = createPostgresHints({ pool, directUrl });
    opened.push(hints.wakeUps, hints.changes);
    return hints;
  };
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await database.drop();
  });

  const sessions = async () => {
    const { rows } = await database.pool.query<{ count: number }>(
      "SELECT count(*)::int FROM pg_stat_activity WHERE application_name = 'stepwell-listen' AND datname = current_database()",
    );
    return rows[0]?.count;
  };

  it('take one connection for queue and feed together, and none before somebody listens', async () => {
    const { wakeUps, changes } = open();
    expect(await sessions()).toBe(0);
    expect(wakeUps.isListening).toBe(false);
    await wakeUps.listen(['default'], () => undefined);
    changes.subscribe(() => undefined);
    await wakeUps.listen(['mail'], () => undefined);
    expect(await sessions()).toBe(1);
    expect(wakeUps.isListening).toBe(true);
    await wakeUps.close();
    expect(await sessions()).toBe(1);
    await changes.close();
    expect(await sessions()).toBe(0);
  });

  it('send no NOTIFY while nobody else listens', async () => {
    const { wakeUps, changes } = open();
    await wakeUps.listen(['default'], () => undefined);
    const query = jest.spyOn(database.pool, 'query');
    wakeUps.wake(['default']);
    changes.publish([{ tenant: 'acme', kind: 'run', id: '1' }]);
    await wakeUps.close();
    await changes.close();
    expect(query.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('pg_notify'))).toEqual([]);
  });

  it('send one statement for what is said together', async () => {
    const [sending, listening] = [open(), open()];
    let hear: (queue: string) => void = () => undefined;
    const heard = new Promise<string>((resolve) => (hear = resolve));
    await listening.wakeUps.listen(['default'], hear);
    const changed = new Promise<Change>((resolve) => listening.changes.subscribe(resolve));
    const query = jest.spyOn(database.pool, 'query');
    for (let index = 0; index < 100; index++) {
      sending.wakeUps.wake(['default', 'mail']);
      sending.changes.publish([{ tenant: 'acme', kind: 'run', id: String(index % 10) }]);
    }
    expect([await heard, (await changed).kind]).toEqual(['default', 'run']);
    await Promise.all([sending.wakeUps.close(), sending.changes.close()]);
    expect(query.mock.calls.filter(([text]) => String(text).includes('pg_notify'))).toHaveLength(1);
  });

  it('carry every change to other processes and to its own subscribers, once each', async () => {
    const [one, two] = [open(), open()];
    const changes: Change[] = Array.from({ length: 700 }, (_, index) => ({
      tenant: 'acme',
      kind: 'run',
      id: `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    }));
    const collect = ({ changes: feed }: typeof one) =>
      new Promise<Change[]>((resolve) => {
        const all: Change[] = [];
        feed.subscribe((change) => {
          if (change.kind === 'task') resolve(all);
          else all.push(change);
        });
      });
    const collected = Promise.all([collect(one), collect(two)]);
    await Promise.all([one.wakeUps.listen([], () => undefined), two.wakeUps.listen([], () => undefined)]);
    one.changes.publish(changes);
    one.changes.publish([{ tenant: 'acme', kind: 'task', id: 'the last' }]);
    expect(await collected).toEqual([changes, changes]);
  });

  it('tell subscribers of a gap after a lost connection', async () => {
    const { changes, wakeUps } = open();
    const gap = new Promise<void>((resolve) => changes.subscribe(() => undefined, resolve));
    await wakeUps.listen([], () => undefined);
    await interrupt(database);
    await gap;
    expect(wakeUps.isListening).toBe(true);
  });

  it('start without a database and wake everybody when it has come', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const admin = new pg.Client({ connectionString: process.env['STEPWELL_TEST_ADMIN_URL'] });
    await admin.connect();
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    const { wakeUps } = open();
    let woken: (queue: string) => void = () => undefined;
    const wake = new Promise<string>((resolve) => (woken = resolve));
    await wakeUps.listen(['default'], woken);
    expect(wakeUps.isListening).toBe(false);
    await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await admin.end();
    expect(await wake).toBe('default');
  });

  it('say so and hear only this process without a direct URL, but reach those who have one', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const [deaf, listening] = [createPostgresHints({ pool: database.pool, directUrl: undefined }), open()];
    opened.push(deaf.wakeUps, deaf.changes);
    const own = new Promise((resolve) => void deaf.wakeUps.listen(['default'], resolve));
    await deaf.wakeUps.listen(['mail'], () => undefined);
    expect(warn.mock.calls.flat().filter((line) => String(line).includes('STEPWELL_DATABASE_DIRECT_URL'))).toHaveLength(1);
    expect(deaf.wakeUps.isListening).toBe(false);
    let resolveOther: (queue: string) => void = () => undefined;
    const other = new Promise((resolve) => (resolveOther = resolve));
    await listening.wakeUps.listen(['default'], resolveOther);
    deaf.wakeUps.wake(['default']);
    expect(await Promise.all([own, other])).toEqual(['default', 'default']);
  });
});
