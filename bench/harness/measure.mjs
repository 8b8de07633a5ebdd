// What a system under measurement runs in its own child process: reads the arguments, drives the workload, prints one JSON line.
//
// The driver is the same for every system, so that a figure differs only by the system. It refuses to print a figure for work that was not
// done: the system's own `verify` looks into the database before the line is written.
//
// Workloads
//   W1  three-step runs, each step durable before the next one starts; never more than `inFlight` runs started and not yet ended
//   W2  one-step runs, one at a time: from the call that starts a run to the durable end of it
//   W3  runs that wait after their first step, resumed one at a time: from the call that resumes a run to its durable end, one step later

import { parseArgs } from 'node:util';
import pg from 'pg';
import { startCpuMeter } from './cpu-meter.mjs';
import { percentile } from './statistics.mjs';

/** Runs before the clock starts: enough for compiled code, prepared statements and warm pages; their cost is not in the figures. */
const WARM_UP = { W1: 4000, W2: 200, W3: 200 };

const STEPS_PER_RUN = { W1: 3, W2: 1, W3: 2 };

/** Runs that are brought to their wait at once, before the clock of W3 starts. */
const PREPARING = 50;

/**
 * @typedef {object} System
 * @property {(steps: 1 | 3) => Promise<unknown>} run starts a run of so many steps; resolves when its end is durable
 * @property {() => Promise<() => Promise<unknown>>} wait starts a run of one step, a wait and one more step; resolves when the wait is durable, with
 *   what resumes that run and resolves when its end is durable
 * @property {(expected: { runs: number, steps: number, waits: number }) => Promise<void>} verify throws unless the database holds exactly so
 *   many completed runs, durable steps and ended waits
 * @property {() => Promise<void>} close
 */

/**
 * Measures one system as the command line says and prints the JSON line.
 * @param {string} name the system's name in the tables
 * @param {(where: { databaseUrl: string, inFlight: number, flags: Record<string, string | boolean> }) => Promise<System>} open makes the
 *   system's tables in an empty database and starts its one worker in this process
 * @param {import('node:util').ParseArgsConfig['options']} ownFlags flags of this system alone, for trying its settings by hand
 */
export async function measureSystem(name, open, ownFlags = {}) {
  const { values } = parseArgs({
    options: {
      ...ownFlags,
      'database-url': { type: 'string' },
      'postmaster-pid': { type: 'string' },
      workload: { type: 'string', default: 'W1' },
      n: { type: 'string', default: '20000' },
      'in-flight': { type: 'string', default: '2000' },
    },
  });
  const databaseUrl = values['database-url'];
  const workload = values.workload;
  const steps = STEPS_PER_RUN[workload];
  if (!databaseUrl || !values['postmaster-pid'] || !steps) {
    throw new Error('Usage: --database-url=... --postmaster-pid=... [--workload=W1|W2|W3] [--n=20000] [--in-flight=2000]');
  }
  const n = Number(values.n);
  const inFlight = workload === 'W1' ? Number(values['in-flight']) : 1;

  const system = await open({ databaseUrl, inFlight, flags: values });
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();

  // Where a run takes long, a fifth of what is measured warms up as well.
  const warmUp = Math.min(WARM_UP[workload], Math.ceil(n / 5));
  const one = workload === 'W3' ? await prepareWaits(system, warmUp + n) : () => system.run(steps);
  await driveRuns(warmUp, inFlight, one);

  const walBefore = await walPosition(database);
  const stopMeter = startCpuMeter(Number(values['postmaster-pid']));
  const latencies = await driveRuns(n, inFlight, one);
  const used = stopMeter();
  const walBytes = (await walPosition(database)) - walBefore;

  const runs = warmUp + n;
  await system.verify({ runs, steps: runs * steps, waits: workload === 'W3' ? runs : 0 });
  await database.end();
  await system.close();

  const cpuMsPerRun = (used.nodeMs + used.postgresMs) / n;
  const line = {
    system: name,
    workload,
    node: process.version,
    n,
    inFlight,
    stepsPerRun: steps,
    wallMs: round(used.wallMs, 0),
    runsPerSecond: round((1000 * n) / used.wallMs, 1),
    stepsPerSecond: round((1000 * n * steps) / used.wallMs, 1),
    nodeCpuMsPerRun: round(used.nodeMs / n, 4),
    postgresCpuMsPerRun: round(used.postgresMs / n, 4),
    cpuMsPerRun: round(cpuMsPerRun, 4),
    cpuMsPerStep: round(cpuMsPerRun / steps, 4),
    p50Ms: round(percentile(latencies, 50), 2),
    p99Ms: round(percentile(latencies, 99), 2),
    walBytesPerRun: round(walBytes / n, 0),
    otherLoadPercent: round(used.otherLoadPercent, 0),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Brings n runs to their waits. @returns resumes the next one of them */
async function prepareWaits(system, n) {
  const waiting = [];
  await driveRuns(n, PREPARING, async () => waiting.push(await system.wait()));
  return () => waiting.pop()();
}

/** Runs `one` n times, at most `inFlight` at once, and returns how many milliseconds each took. */
async function driveRuns(n, inFlight, one) {
  const latencies = [];
  let started = 0;
  const lane = async () => {
    while (started < n) {
      started++;
      const at = performance.now();
      await one();
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, n) }, lane));
  return latencies;
}

async function walPosition(database) {
  const { rows } = await database.query(`SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint AS bytes`);
  return Number(rows[0].bytes);
}

function round(value, digits) {
  return Number(value.toFixed(digits));
}
