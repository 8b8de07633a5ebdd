import { StalledProcessError, UnknownOutcomeError } from '@stepwell/engine';
import { RetryAfterError, TerminalError, UnknownEffectError } from '@stepwell/sdk';
import { DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { until } from '../../test/engine/engine.js';
import { Proxy } from '../../test/faults/proxy.js';
import { createEmptyDatabase } from '../../test/postgres/test-database.js';
import { GroupCommitter } from './group-committer.js';
import { PostgresOwnTransactions } from './own-transactions.js';
import { pgSql } from './sql.js';
import { STALLS } from './stall-meter.js';

const { jest } = import.meta;

it("what cannot be written in a transaction that began read-only is nobody's fault, also when the server has left that since, without a word in its settings", async () => {
  const database = await createEmptyDatabase();
  // One connection, on which transactions begin read-only until the first has failed, as they do until a standby is promoted.
  const source = new DataSource({
    type: 'postgres',
    url: database.url,
    poolSize: 1,
    extra: { options: '-c default_transaction_read_only=on' },
  });
  await source.initialize();
  const transactions = new PostgresOwnTransactions(source, new GroupCommitter(database.pool), pgSql(database.pool));
  const write = (before: string) =>
    transactions.run(60_000, async ({ manager }) => {
      await manager.query(before);
      try {
        await manager.query('CREATE TABLE written ()');
      } finally {
        await manager.query('ROLLBACK; SET default_transaction_read_only = off');
      }
    });
  await expect(write('SELECT')).rejects.toThrow(UnknownOutcomeError);
  await expect(write('SET TRANSACTION READ ONLY')).rejects.toMatchObject({ code: '25006' });
  await source.destroy();
  await database.drop();
});

describe('a transaction that the server cuts because it hears nothing', () => {
  const IDLE_MS = 600;
  /** For what is to fail by itself before that is over, on a machine that stands still now and then. */
  const LONG_MS = 60_000;
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let source: DataSource;
  let transactions: PostgresOwnTransactions;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    source = await new DataSource({ type: 'postgres', url: database.url, poolSize: 3 }).initialize();
    transactions = new PostgresOwnTransactions(source, new GroupCommitter(database.pool), pgSql(database.pool));
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  const serverOf = async (manager: EntityManager): Promise<number> => {
    const [row] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
    return row?.pid ?? 0;
  };
  /** Resolves when the server has cut a connection. */
  const cut = async (pid: number): Promise<void> => {
    while ((await database.pool.query('SELECT 1 FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount !== 0);
  };
  /** Whatever this machine does, the process does not stand still. */
  const runsSmoothly = (): void => void jest.spyOn(STALLS, 'begin').mockReturnValue({ stalledMs: () => 0, end: () => undefined });
  afterEach(() => jest.restoreAllMocks());
  const standStill = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, IDLE_MS + 150);

  it('is told as such to an author who does not write for so long', async () => {
    runsSmoothly();
    const idling = transactions.run(IDLE_MS, async ({ manager }) => {
      const server = await serverOf(manager);
      const since = performance.now();
      await cut(server);
      // The answer may have been read late: then less has passed here than for the server.
      await until(() => performance.now() - since, (ms) => ms > IDLE_MS, 'The author should be silent'); // prettier-ignore
      return manager.query('SELECT 1');
    });
    await expect(idling).rejects.toMatchObject({ code: 'TRANSACTION_IDLED', message: expect.stringContaining('600 ms') });
  });

  it.each([new TerminalError('refused'), new RetryAfterError('slow down', '5s'), new UnknownEffectError('who knows')])(
    'leaves it to its author what became of the step: $name',
    async (word) => {
      const failing = transactions.run(IDLE_MS, async ({ manager }) => {
        await cut(await serverOf(manager));
        throw word;
      });
      await expect(failing).rejects.toBe(word);
    },
  );

  it.each(['before its next statement is sent', 'by the answer to that'])(
    "is nobody's fault when the process stood still and learns of it %s",
    async (when) => {
      const stalled = transactions.run(IDLE_MS, async ({ manager }) => {
        const server = await serverOf(manager);
        standStill();
        if (when === 'before its next statement is sent') await cut(server);
        return manager.query('SELECT 1');
      });
      await expect(stalled).rejects.toThrow(StalledProcessError);
    },
  );

  it("is nobody's fault when what was sent arrives late", async () => {
    runsSmoothly();
    const proxy = new Proxy(() => Number(new URL(database.url).port));
    await proxy.start();
    const url = Object.assign(new URL(database.url), { port: String(proxy.port) }).href;
    const far = await new DataSource({ type: 'postgres', url, poolSize: 3 }).initialize();
    const asked = new PostgresOwnTransactions(far, new GroupCommitter(database.pool), pgSql(database.pool)).run(
      IDLE_MS,
      async ({ manager }) => {
        proxy.delay(10 * IDLE_MS, 0);
        return manager.query('SELECT 1');
      },
    );
    await expect(asked).rejects.toMatchObject({ name: 'UnknownOutcomeError', message: expect.stringContaining('network was slow') });
    proxy.close();
    await far.destroy();
  });

  it.each([
    ['57014', UnknownOutcomeError],
    ['40001', UnknownOutcomeError],
    ['22P02', QueryFailedError],
  ])('is that of whoever is to blame when the engine’s statement fails with %s', async (code, error) => {
    const ended = transactions.run(LONG_MS, async ({ manager, authorIsDone }) => {
      await authorIsDone({ hasWritten: false });
      await manager.query(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${code}'; END $$`);
    });
    await expect(ended).rejects.toThrow(error);
  });

  it("is nobody's fault while the engine has it", async () => {
    const behind = transactions.run(IDLE_MS, async (transaction) => {
      await transaction.authorIsDone({ hasWritten: true });
      await cut(await serverOf(transaction.manager));
      await transaction.commit();
    });
    await expect(behind).rejects.toThrow(UnknownOutcomeError);
  });
});
