// Stepwell itself, as its server wires it: run service, worker and group committer with the settings of a user, from the build in dist/.
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { AsyncResultIds, hostedWorkflows, RunService, SystemClock, Worker, WORKER_DEFAULTS } from '../../dist/libs/runtime/index.js';
import { workflow, WorkflowModule } from '../../dist/libs/sdk/index.js';
import { createPool, GroupCommitter, migrate, pgSql, postgresWorkerStore, RunInserter } from '../../dist/libs/storage/index.js';
import { createPostgresHints } from '../../dist/libs/wakeups/index.js';
import { measureSystem } from '../harness/measure.mjs';

const step = (n) => async () => ({ ok: true, n });
/** The async results that runs wait for, by run. */
const asked = new Map();

const WORKFLOWS = {
  1: workflow('one-step', { version: 1 }).then('s1', step(1)),
  3: workflow('three-steps', { version: 1 })
    .then('s1', step(1))
    .then('s2', step(2))
    .then('s3', (ctx) => ({ ok: true, n: 3, before: [ctx.resultOf('s1'), ctx.resultOf('s2')] })),
  wait: workflow('wait', { version: 1 })
    .then('s1', step(1))
    .then('answer', async (ctx) => {
      if (ctx.isResumed) return ctx.resumeData;
      const { id } = await ctx.createAsyncResult();
      asked.set(ctx.runId, id);
      return ctx.resumeWhenComplete(id);
    })
    .then('s2', step(2)),
};

class BenchModule {}
WorkflowModule({ workflows: Object.values(WORKFLOWS) })(BenchModule);

await measureSystem('stepwell', async ({ databaseUrl, inFlight }) => {
  await migrate(databaseUrl);
  const pool = createPool({ url: databaseUrl, max: 12, applicationName: 'stepwell bench' });
  const dataSource = await new DataSource({
    type: 'postgres',
    url: databaseUrl,
    installExtensions: false,
    uuidExtension: 'pgcrypto',
  }).initialize();
  const { catalog } = hostedWorkflows([BenchModule]);
  const { wakeUps, changes } = createPostgresHints({ pool, directUrl: databaseUrl });
  const ids = new AsyncResultIds('bench', 'http://127.0.0.1');
  const ends = new Map();
  const waits = new Map();
  const log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const worker = new Worker(
    {
      store: postgresWorkerStore({ sql: pgSql(pool), leaseSql: pgSql(pool), committer: new GroupCommitter(pool), dataSource }),
      catalog,
      handlers: { get: () => undefined, screen: () => undefined },
      wakeUps,
      clock: new SystemClock(),
      asyncResultIds: ids,
      log,
      onCommitted: ({ tenant, runId, intent }) => {
        changes.publish([{ tenant, kind: 'run', id: runId }]);
        if (intent.kind === 'end') {
          ends.get(runId)?.(intent.status);
          ends.delete(runId);
        }
        if (intent.kind === 'release') {
          waits.get(runId)?.();
          waits.delete(runId);
        }
      },
    },
    { ...WORKER_DEFAULTS, maxActive: Math.max(inFlight, 100) + 100 },
  );
  await worker.start();
  const runs = new RunService(pool, catalog, new RunInserter(pool), wakeUps, ids, worker);
  const start = async (name) => {
    const { runId } = await runs.start({ tenant: 'default', workflow: name, input: { i: 1 }, actor: null });
    return runId;
  };
  const endOf = async (runId) => {
    const status = await new Promise((resolve) => ends.set(runId, resolve));
    if (status !== 'completed') throw new Error(`Run ${runId} ended as ${status}.`);
  };
  return {
    run: async (steps) => {
      await endOf(await start(steps === 1 ? 'one-step' : 'three-steps'));
    },
    wait: async () => {
      const runId = await start('wait');
      await new Promise((resolve) => waits.set(runId, resolve));
      return async () => {
        const end = endOf(runId);
        await runs.settleAsyncResult({ tenant: 'default', id: asked.get(runId) }, { ok: true, value: { ok: true } });
        await end;
      };
    },
    verify: async ({ runs: wanted, steps, waits: ended }) => {
      const { rows } = await pool.query(
        `SELECT (SELECT count(*) FROM runs WHERE status = 'completed')::int AS runs, (SELECT count(*) FROM journal WHERE type = 'step.completed')::int AS steps,
           (SELECT count(*) FROM journal WHERE type = 'async-result.settled')::int AS waits`,
      );
      // The step that asks and is resumed completes as well.
      if (rows[0].runs !== wanted || rows[0].steps !== steps + ended || rows[0].waits !== ended)
        throw new Error(`Expected ${wanted} runs, ${steps} steps and ${ended} waits, found ${JSON.stringify(rows[0])}.`);
    },
    close: async () => {
      await worker.stop();
      await changes.close();
      await wakeUps.close();
      await dataSource.destroy();
      await pool.end();
    },
  };
});
