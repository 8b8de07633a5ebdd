// What a workload may ask of one process of Stepwell on an empty database.
import pg from 'pg';
import { WakeUpQueue, WorkflowCatalog } from '../../dist/libs/engine/index.js';
import { AsyncResultIds, QueueGauge, RunService, WORKER } from '../../dist/libs/runtime/index.js';
import { migrate, PG_POOL, RunInserter } from '../../dist/libs/storage/index.js';
import { TaskService } from '../../dist/libs/tasks/index.js';
import { createCrowd } from './crowd.mjs';
import { openRuntime, TENANT } from './runtime.mjs';
import { Said } from './said.mjs';
import { asked, fired, source } from './workflows.mjs';

export { openServer } from './server.mjs';

const REVIEWER = { id: 'reviewer-1', name: 'Reviewer', kind: 'user' };
/** For what the benchmark itself asks of the database; the product has its own. */
const OWN_CONNECTIONS = 2;

/** @param {{ databaseUrl: string }} where */
export async function openProcess({ databaseUrl }) {
  await migrate(databaseUrl);
  const said = new Said();
  const app = await openRuntime({ databaseUrl, onCommitted: (commit) => said.note(commit) });
  const [worker, runs, tasks, wakeUps] = [app.get(WORKER), app.get(RunService), app.get(TaskService), app.get(WakeUpQueue)];
  const pool = new pg.Pool({ connectionString: databaseUrl, max: OWN_CONNECTIONS });
  const start = async (workflow, input) => (await runs.start({ tenant: TENANT, workflow, input, actor: null })).runId;
  const elsewhere = withoutWorker(app);
  const runToEnd = async (workflow, input) => said.end(await start(workflow, input));
  const startToWait = async (workflow, input) => {
    const runId = await start(workflow, input);
    await said.wait(runId);
    return runId;
  };
  return {
    run: (steps) => runToEnd(`steps-${steps}`, { i: 1 }),
    carry: (payload) => runToEnd('carry', payload),
    fanOut: (children) => runToEnd('parent', { children }),
    wait: async () => {
      const runId = await startToWait('wait', { i: 1 });
      const id = asked.get(runId);
      asked.delete(runId);
      return async () => {
        const end = said.end(runId);
        await runs.settleAsyncResult({ tenant: TENANT, id }, { ok: true, value: { ok: true } });
        await end;
      };
    },
    timer: async (due, onFired) => {
      const mark = crypto.randomUUID();
      fired.set(mark, onFired);
      const runId = await start('timer', { due, mark });
      const end = said.end(runId);
      await Promise.race([said.wait(runId), end]); // one that is due by now does not wait
      return { end: end.then(() => fired.delete(mark)) };
    },
    emit: async (records) => {
      source.left = records;
      const all = said.ends('record', records);
      await runToEnd('records', null);
      await all;
    },
    screen: async () => {
      const runId = await startToWait('screen', { total: 500 });
      const id = said.taskOf(runId);
      return async () => {
        const end = said.end(runId);
        await tasks.complete({ tenant: TENANT, id, actor: REVIEWER, expectedVersion: 1, answer: { verdict: 'yes' } });
        await end;
      };
    },
    passOver: (mode, items) => runToEnd(`pass-${mode}`, { items }),
    /** A one-step run of another tenant, by way of this process's worker or of the queue. */
    quietRun: async (way) => {
      const service = way === 'queued' ? elsewhere : runs;
      await said.end((await service.start({ tenant: 'quiet', workflow: 'steps-1', input: { i: 1 }, actor: null })).runId);
    },
    carryThree: (payload) => runToEnd('carry-3', payload),
    ...createCrowd({ pool, databaseUrl, tenant: TENANT, said, wake: () => wakeUps.wake(['default']) }),
    commits: () => said.commits,
    /** No longer takes runs itself: others are to. */
    stopWorking: () => worker.stop(),
    verify: async ({ runs: wanted, steps, waits = 0, screens = 0, waiting = 0 }) => {
      const { rows } = await pool.query(
        `SELECT (SELECT count(*) FROM runs WHERE status = 'completed' AND workflow <> 'records')::int AS runs,
           (SELECT count(*) FROM runs WHERE status = 'waiting')::int AS waiting,
           (SELECT count(*) FROM journal WHERE type = 'step.completed' AND path LIKE '%s_')::int AS steps,
           (SELECT count(*) FROM journal WHERE type = 'async-result.settled')::int AS waits,
           (SELECT count(*) FROM tasks WHERE status = 'completed')::int AS screens`,
      );
      const [found] = rows;
      const expected = { runs: wanted, waiting, steps, waits, screens };
      if (Object.entries(expected).some(([what, count]) => found[what] !== count))
        throw new Error(`Expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}.`);
    },
    close: async () => {
      await app.close();
      await pool.end();
    },
  };
}

/** Starts as another process does that has no worker: what it starts is queued. */
function withoutWorker(app) {
  const [pool, catalog, inserter, wakeUps] = [PG_POOL, WorkflowCatalog, RunInserter, WakeUpQueue].map((token) => app.get(token));
  return new RunService(pool, catalog, inserter, wakeUps, app.get(AsyncResultIds), undefined, app.get(QueueGauge));
}
