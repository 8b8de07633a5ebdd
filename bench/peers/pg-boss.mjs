// pg-boss: a step is a job, and the handler of one sends the next. Workers are woken by NOTIFY and fetch in batches, as long as these are full.
// A parent and its children are a flow, which is resolved by a poll; it is set to the shortest there is. Ends are read from its table
// (row-watcher.mjs).

import pg from 'pg';
import { RowWatcher } from '../harness/row-watcher.mjs';

const POOL_SIZE = 20;
/** Found by trial on two cores. */
const MANY = { localConcurrency: 1, batchSize: 200 };
const FEW = { localConcurrency: 4, batchSize: 50 };
const MANY_AT_ONCE = ['three-steps', 'emitter', 'fan-out'];
const SHORTEST_POLL_SECONDS = 0.5;
const SHORTEST_FLOW_SECONDS = 1;
const INSERT_BATCH = 500;
const STEPS = ['s1', 's2', 's3'];

export default {
  name: 'pg-boss',
  title: 'pg-boss',
  package: 'pg-boss',
  leavesOut: 'jobs only: no run, no journal, a step hands on what the next one needs; no waits, no people',
  doesLess: { all: 'jobs' },
  cannot: {
    wait: 'a job does not wait',
    screen: 'no people',
    passOver: 'one mode only',
    lists: 'no pages of its own',
    tenants: 'not asked',
    existing: 'not asked',
  },
  atMost: { 'three-steps': 4_000, emitter: 20_000 },
  open,
};

async function open({ databaseUrl, workload }) {
  const { PgBoss } = await import('pg-boss');
  const boss = new PgBoss({
    connectionString: databaseUrl,
    max: POOL_SIZE,
    useListenNotify: true,
    flowIntervalSeconds: SHORTEST_FLOW_SECONDS,
  });
  boss.on('error', (error) => console.error(error));
  await boss.start();
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 3 });
  const ends = new RowWatcher(pool, `SELECT id::text FROM pgboss.job WHERE id = ANY($1::uuid[]) AND state = 'completed'`);
  /** What to tell when the last job of a run has ended, by run. */
  const runs = new Map();
  const newRun = () => {
    const run = crypto.randomUUID();
    return { run, end: new Promise((resolve, reject) => runs.set(run, { resolve, reject })) };
  };
  const tellEnd = ({ id, data: { run } }) => {
    const told = runs.get(run);
    runs.delete(run);
    if (told) ends.end(id).then(told.resolve, told.reject);
  };

  const options = {
    ...(MANY_AT_ONCE.includes(workload) ? MANY : FEW),
    pollingIntervalSeconds: SHORTEST_POLL_SECONDS,
    notifyPollingIntervalSeconds: SHORTEST_POLL_SECONDS,
    burstWhenBatchFull: true,
  };
  const work = async (name, handler) => {
    await boss.createQueue(name, { notify: true });
    await boss.work(name, options, handler);
  };
  for (const [index, name] of STEPS.entries()) {
    await work(name, async (jobs) => {
      const isLast = ({ data: { steps } }) => index + 1 === steps;
      const next = jobs.filter((job) => !isLast(job)).map(({ data }) => ({ data }));
      if (next.length > 0) await boss.insert(STEPS[index + 1], next);
      for (const job of jobs.filter(isLast)) tellEnd(job);
    });
  }
  let handled = 0;
  await work('record', async (jobs) => void (handled += jobs.length));
  await boss.createQueue('carry', { notify: true });
  await boss.work('carry', { ...options, localConcurrency: 10, batchSize: 1 }, async ([job]) => {
    tellEnd({ id: job.id, data: { run: job.data.run } });
    return job.data.payload;
  });
  const fired = new Map();
  await work('timer', async (jobs) => {
    for (const job of jobs) {
      fired.get(job.data.run)(Date.now());
      tellEnd(job);
    }
  });
  await work('parent', async (jobs) => {
    for (const job of jobs) tellEnd(job);
  });

  const send = async (name, data, more = {}) => {
    const { run, end } = newRun();
    await boss.send(name, { ...data, run }, more);
    await end;
  };
  const settled = async () => {
    while ((await one(pool, `SELECT count(*)::int AS open FROM pgboss.job WHERE state < 'completed' AND name NOT LIKE '\\_\\_%'`)).open > 0) await pause(5); // prettier-ignore
  };
  return {
    run: (steps) => send('s1', { steps }),
    carry: (payload) => send('carry', { payload }),
    settled,
    emit: async (records) => {
      const before = handled;
      for (let from = 0; from < records; from += INSERT_BATCH) {
        const size = Math.min(INSERT_BATCH, records - from);
        await boss.insert('record', Array.from({ length: size }, (_, i) => ({ data: { i: from + i } }))); // prettier-ignore
      }
      while (handled - before < records) await pause(2);
    },
    fanOut: async (children) => {
      const { run, end } = newRun();
      const jobs = Array.from({ length: children }, (_, i) => ({ ref: `c${i}`, name: 'record', data: { i } }));
      await boss.flow([...jobs, { ref: 'parent', name: 'parent', data: { run }, dependsOn: jobs.map(({ ref }) => ref) }]);
      await end;
    },
    timer: async (due, onFired) => {
      const { run, end } = newRun();
      fired.set(run, onFired);
      await boss.send('timer', { run }, { startAfter: new Date(due) });
      return { end };
    },
    verify: async ({ steps, parents = 0 }) => {
      const text = `SELECT count(*)::int AS jobs FROM pgboss.job WHERE state = 'completed' AND name NOT LIKE '\\_\\_%'`;
      const { jobs } = await one(pool, text);
      if (jobs !== steps + parents) throw new Error(`Expected ${steps + parents} completed jobs, found ${jobs}.`);
    },
    close: async () => {
      await boss.stop({ graceful: false });
      await pool.end();
    },
  };
}

async function one(pool, text) {
  return (await pool.query(text)).rows[0];
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
