// Graphile Worker: a step is a job, and the task of one adds the next. Where many are at work it has the local queue and the batched
// completion of its page on performance; where one is, neither, since both trade latency for rate. A job is gone from its table when it has
// ended, which is how ends are read (row-watcher.mjs).

import pg from 'pg';
import { RowWatcher } from '../harness/row-watcher.mjs';

const POOL_SIZE = 20;
/** As its page on performance has it. */
const MANY = { concurrentJobs: 24, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
const ONE = { concurrentJobs: 10 };
const ONE_AT_A_TIME = ['latency', 'payloads'];
const ADD_BATCH = 500;

export default {
  name: 'graphile-worker',
  title: 'Graphile Worker',
  package: 'graphile-worker',
  leavesOut: 'jobs only: no run, no journal, no outputs, nothing of a job that has ended; no parents, no waits, no people',
  doesLess: { all: 'jobs', 'fan-out': 'no parent' },
  cannot: {
    wait: 'a job does not wait',
    screen: 'no people',
    passOver: 'one mode only',
    lists: 'no pages of its own',
    tenants: 'not asked',
    existing: 'not asked',
  },
  atMost: { 'three-steps': 4_000 },
  open,
};

async function open({ databaseUrl, workload }) {
  const { Logger, makeWorkerUtils, run } = await import('graphile-worker');
  const pool = new pg.Pool({ connectionString: databaseUrl, max: POOL_SIZE });
  const own = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const logger = new Logger(() => (level, message) => void (level === 'error' && console.error(message)));
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  const ends = new RowWatcher(
    own,
    `SELECT asked::text AS id FROM unnest($1::bigint[]) asked WHERE NOT EXISTS (SELECT FROM graphile_worker._private_jobs j WHERE j.id = asked)`,
  );
  /** What to tell when the last job of a run has ended, by run. */
  const runs = new Map();
  const fired = new Map();
  let handled = 0;
  const tellEnd = (run, id) => {
    const { resolve, reject } = runs.get(run);
    runs.delete(run);
    ends.end(id).then(resolve, reject);
  };
  const worker = ONE_AT_A_TIME.includes(workload) ? ONE : MANY;
  const runner = await run({
    pgPool: pool,
    logger,
    noHandleSignals: true,
    preset: { worker },
    concurrency: worker.concurrentJobs,
    taskList: {
      step: async ({ run, step, steps }, helpers) => {
        handled++;
        if (step < steps) await helpers.addJob('step', { run, step: step + 1, steps });
        else tellEnd(run, helpers.job.id);
      },
      record: async () => void handled++,
      carry: async ({ run }, helpers) => {
        handled++;
        tellEnd(run, helpers.job.id);
      },
      timer: async ({ run }, helpers) => {
        handled++;
        fired.get(run)(Date.now());
        tellEnd(run, helpers.job.id);
      },
    },
  });
  const add = async (task, data, more) => {
    const run = crypto.randomUUID();
    const end = new Promise((resolve, reject) => runs.set(run, { resolve, reject }));
    fired.set(run, more?.onFired);
    await utils.addJob(task, { ...data, run }, more?.spec);
    return { end };
  };
  const toEnd = async (task, data) => (await add(task, data)).end;
  const isEmpty = async () => (await own.query('SELECT FROM graphile_worker._private_jobs LIMIT 1')).rowCount === 0;
  const addMany = async (count) => {
    const before = handled;
    for (let from = 0; from < count; from += ADD_BATCH) {
      const size = Math.min(ADD_BATCH, count - from);
      await utils.addJobs(Array.from({ length: size }, (_, i) => ({ identifier: 'record', payload: { i: from + i } })));
    }
    while (handled - before < count) await pause(2);
    while (!(await isEmpty())) await pause(5);
  };
  return {
    run: (steps) => toEnd('step', { step: 1, steps }),
    carry: (payload) => toEnd('carry', { payload }),
    emit: addMany,
    fanOut: addMany,
    timer: (due, onFired) => add('timer', {}, { spec: { runAt: new Date(due) }, onFired }),
    settled: async () => {
      while (!(await isEmpty())) await pause(5);
    },
    verify: async ({ steps }) => {
      if (handled !== steps || !(await isEmpty())) throw new Error(`Expected ${steps} jobs, and none left; ${handled} were handled.`);
    },
    close: async () => {
      await runner.stop();
      await utils.release();
      await own.end();
      await pool.end();
    },
  };
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
