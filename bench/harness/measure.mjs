// One measurement: one system, one workload, in a process of its own. Reads the arguments, prints one line of JSON.
//
// The workload is the same for every system, so that a figure differs only by the system. No figure is printed for work that was not done:
// the system's own `verify` looks into its database before the line is written.

import { parseArgs } from 'node:util';
import pg from 'pg';
import { findPeer } from '../peers/index.mjs';
import { findWorkload } from '../workloads/index.mjs';
import { startCpuMeter } from './cpu-meter.mjs';

const { values } = parseArgs({
  options: {
    system: { type: 'string' },
    workload: { type: 'string' },
    n: { type: 'string' },
    part: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'string' },
    'database-url': { type: 'string' },
    'postmaster-pid': { type: 'string' },
    'service-pid': { type: 'string' },
    'redis-port': { type: 'string' },
    'restate-ingress-port': { type: 'string' },
    'restate-admin-port': { type: 'string' },
  },
});
const numberOf = (name) => (values[name] === undefined ? null : Number(values[name]));
const databaseUrl = values['database-url'];
const peer = findPeer(values.system);
const workload = findWorkload(values.workload);
const n = numberOf('n');

const system = await peer.open({
  databaseUrl,
  redisPort: numberOf('redis-port'),
  restateIngressPort: numberOf('restate-ingress-port'),
  restateAdminPort: numberOf('restate-admin-port'),
  workload: workload.name,
  n,
});
const database = new pg.Client({ connectionString: databaseUrl });
await database.connect();
const profiler = values.profile ? await (await import('../profile/profiler.mjs')).Profiler.open(databaseUrl) : null;

let figures;
try {
  figures = await workload.measure(system, { n, isQuick: values.quick, part: numberOf('part'), measured });
  await profiler?.close(values.profile);
} finally {
  // Also when it failed: some have started servers.
  await database.end();
  await system.close();
}

const line = { system: peer.name, workload: workload.name, node: process.version, n, ...rounded(figures) };
// Some peers keep timers or connections after their close.
process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));

/**
 * Does some work and tells what it took: `wallMs`, `unitsPerSecond`, and CPU and WAL for each of `count` units.
 * @param {number} count units of work
 * @param {() => Promise<unknown>} work
 * @param {readonly number[]} [pids] of processes that take part beside this one
 */
async function measured(count, work, pids = []) {
  const before = await writes();
  await profiler?.begin();
  const stop = startCpuMeter(numberOf('postmaster-pid'), numberOf('service-pid'), pids);
  await work();
  await system.settled?.();
  const used = stop();
  await profiler?.end(count);
  const after = await writes();
  return {
    wallMs: used.wallMs,
    unitsPerSecond: (1000 * count) / used.wallMs,
    nodeCpuMs: used.nodeMs / count,
    serverCpuMs: used.serverMs / count,
    cpuMs: (used.nodeMs + used.serverMs) / count,
    ...(peer.service === undefined ? { walBytes: (after.walBytes - before.walBytes) / count } : {}),
    otherLoadPercent: used.otherLoadPercent,
  };
}

async function writes() {
  const { rows } = await database.query(`SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS "walBytes"`);
  return rows[0];
}

/** Four digits that mean something are more than a figure has. */
function rounded(figures) {
  return Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [name, typeof value === 'number' ? Number(value.toPrecision(5)) : value]),
  );
}
