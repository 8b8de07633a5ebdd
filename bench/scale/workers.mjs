// What worker processes bring, and when it pays that wake-ups go by Redis: `npm run bench:workers`. For each number of workers, on either
// carrier: three-step runs that are queued all at once, then one-step runs that another process starts, one at a time.

import { parseArgs } from 'node:util';
import pg from 'pg';
import { startCpuMeter } from '../harness/cpu-meter.mjs';
import { percentile, spread } from '../harness/statistics.mjs';
import { Ends } from './ends.mjs';
import { queueRuns, WorkerProcess } from './fleet.mjs';
import { say, table, wholeNumbers, withServers } from './setting.mjs';

const HELP = `Usage: npm run bench:workers -- [options]

Three-step runs per second, and how long a one-step run takes that another process starts, by the number of worker
processes, with wake-ups by PostgreSQL and by Redis (redis-server on the PATH, or REDIS_SERVER).

  --workers <list>     numbers of worker processes, separated by commas (1,2,4,8)
  --carriers <list>    what carries wake-ups (postgres,redis)
  --runs <count>       three-step runs that are queued at once (20000)
  --starts <count>     one-step runs that are started one at a time (300)
  --reps <count>       how often each is measured (3); the table has medians
  --help               this text
`;
const CARRIERS = ['postgres', 'redis'];
/** Before it is measured: code that is compiled, statements that are prepared. */
const WARM_UP = 0.1;
const LOOK_MS = 50;

try {
  const { values } = parseArgs({
    options: {
      workers: { type: 'string', default: '1,2,4,8' },
      carriers: { type: 'string', default: CARRIERS.join(',') },
      runs: { type: 'string', default: '20000' },
      starts: { type: 'string', default: '300' },
      reps: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  else await measureAll(values);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function measureAll(values) {
  const counts = wholeNumbers('workers', values.workers);
  const [runs] = wholeNumbers('runs', values.runs);
  const [starts] = wholeNumbers('starts', values.starts);
  const [reps] = wholeNumbers('reps', values.reps);
  const carriers = values.carriers.split(',');
  const unknown = carriers.find((one) => !CARRIERS.includes(one));
  if (unknown !== undefined) throw new Error(`There is no carrier "${unknown}"; there are ${CARRIERS.join(' and ')}.`);
  await withServers(async ({ server, inDatabase, besideRedis }) => {
    const measured = [];
    for (let rep = 0; rep < reps; rep++)
      for (const workers of counts)
        for (const carrier of carriers) {
          const one = (redis) => inDatabase((url) => measure({ server, url, redis, workers, runs, starts }));
          const line = { carrier, workers, ...(carrier === 'redis' ? await besideRedis(one) : await one()) };
          say(JSON.stringify(line));
          measured.push(line);
        }
    say(tableOf(measured, counts, carriers));
  });
}

async function measure({ server, url, redis, workers, runs, starts }) {
  const ends = new Ends();
  const redisUrl = redis?.url;
  const fleet = await Promise.all(
    Array.from({ length: workers }, () => WorkerProcess.start({ databaseUrl: url, redisUrl, tells: 'steps-1' }, (id) => ends.told(id))),
  );
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const starter = await openStarter(url, redisUrl);
  try {
    const workerMs = () => fleet.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
    const measured = async (count, work) => {
      const before = workerMs();
      const stop = startCpuMeter(server.postmasterPid, redis?.pid ?? null);
      await work();
      const { serverMs, otherLoadPercent } = stop();
      // What this process itself does is neither: it counts, and hears of ends.
      return { workerMs: (workerMs() - before) / count, serverMs: serverMs / count, otherLoadPercent };
    };
    await workOff(client, starter, Math.ceil(runs * WARM_UP));
    let seconds = 0;
    const many = await measured(runs, async () => (seconds = await workOff(client, starter, runs)));
    ends.clear();
    const latencies = [];
    const startOne = async () => {
      const begin = performance.now();
      await ends.of(await starter.start('steps-1'));
      latencies.push(performance.now() - begin);
    };
    for (let i = 0; i < starts * WARM_UP; i++) await startOne();
    latencies.length = 0;
    const one = await measured(starts, async () => {
      for (let i = 0; i < starts; i++) await startOne();
    });
    return {
      ...{ runsPerS: runs / seconds, workerMs: many.workerMs, serverMs: many.serverMs },
      ...{ p50Ms: percentile(latencies, 50), p99Ms: percentile(latencies, 99), oneWorkerMs: one.workerMs, oneServerMs: one.serverMs },
      otherLoadPercent: Math.max(many.otherLoadPercent, one.otherLoadPercent),
    };
  } finally {
    await starter.close();
    await client.end();
    await Promise.all(fleet.map((worker) => worker.stop()));
  }
}

/** Queues runs at once, and waits for their ends. @returns the seconds from the commit to the last end */
async function workOff(client, starter, count) {
  await queueRuns(client, 'steps-3', count);
  const { rows: begin } = await client.query('SELECT clock_timestamp() AS at');
  starter.wake();
  const LIVING = "SELECT FROM runs WHERE status IN ('queued', 'running') LIMIT 1";
  while ((await client.query(LIVING)).rowCount > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  const { rows } = await client.query(
    `SELECT count(*)::int AS ended, extract(epoch FROM max(at) - $1)::float8 AS seconds FROM journal WHERE type = 'run.ended' AND at > $1`,
    [begin[0].at],
  );
  if (rows[0].ended !== count) throw new Error(`Expected ${count} ends, found ${rows[0].ended}.`);
  return rows[0].seconds;
}

/** A process that starts runs and does none, as one with the role api. The build is there only by now. */
async function openStarter(databaseUrl, redisUrl) {
  const [{ WakeUpQueue }, { RunService }, { openRuntime, TENANT }] = await Promise.all([
    import('../../dist/libs/engine/index.js'),
    import('../../dist/libs/runtime/index.js'),
    import('../stepwell/runtime.mjs'),
  ]);
  const app = await openRuntime({ databaseUrl, redisUrl, roles: ['api'] });
  const [runs, wakeUps] = [app.get(RunService), app.get(WakeUpQueue)];
  return {
    start: async (workflow) => (await runs.start({ tenant: TENANT, workflow, input: { i: 1 }, actor: null })).runId,
    wake: () => wakeUps.wake(['default']),
    close: () => app.close(),
  };
}

function tableOf(measured, counts, carriers) {
  const rows = counts.flatMap((workers) =>
    carriers.map((carrier) => {
      const lines = measured.filter((line) => line.workers === workers && line.carrier === carrier);
      const median = (key) => spread(lines.map((line) => line[key])).median;
      const digits = (key, count) => median(key).toFixed(count);
      return [
        ...[workers, carrier, Math.round(median('runsPerS')).toLocaleString('en'), digits('workerMs', 2), digits('serverMs', 2)],
        ...[
          digits('p50Ms', 1),
          digits('p99Ms', 1),
          digits('oneWorkerMs', 1),
          digits('oneServerMs', 1),
          Math.round(median('otherLoadPercent')),
        ],
      ];
    }),
  );
  const head = ['workers', 'wake-ups by', 'three-step runs/s', 'CPU ms a run, workers', 'servers'];
  return table([...head, 'one-step run, p50 ms', 'p99 ms', 'CPU ms a run, workers', 'servers', 'other load %'], rows);
}
