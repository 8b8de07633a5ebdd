// A worker process as a fleet has it, for the measurements of this folder: it takes runs of a database, and nothing else. Its settings are its
// one argument, as JSON: `databaseUrl`, `redisUrl` (wake-ups go by it) and `tells` (the workflow whose ends are told to the parent).
//
// To the parent it says `{ ready }`, then `{ ended: [ids] }`, and, when it is asked by `{ memory }`, what it holds.
import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { AsyncResultIds, hostedWorkflows, SystemClock, Worker, WORKER_DEFAULTS } from '../../dist/libs/runtime/index.js';
import { createPool, GroupCommitter, pgSql, postgresWorkerStore } from '../../dist/libs/storage/index.js';
import { createHints } from '../../dist/libs/wakeups/index.js';
import { BenchModule } from '../stepwell/workflows.mjs';

const MB = 1024 * 1024;
const { databaseUrl, redisUrl, tells } = JSON.parse(process.argv[2]);

const pool = createPool({ url: databaseUrl, max: 8, applicationName: 'stepwell bench worker' });
const leasePool = createPool({ url: databaseUrl, max: 1, applicationName: 'stepwell bench worker' });
const orm = { type: 'postgres', url: databaseUrl, installExtensions: false, uuidExtension: 'pgcrypto' };
const dataSource = await new DataSource(orm).initialize();
const { wakeUps, changes } = await createHints({ pool, directUrl: databaseUrl, redisUrl });
const worker = new Worker(
  {
    store: postgresWorkerStore({ sql: pgSql(pool), leaseSql: pgSql(leasePool), committer: new GroupCommitter(pool), dataSource }),
    catalog: hostedWorkflows([BenchModule]).catalog,
    handlers: { get: (type) => new type(), screen: (type) => new type() },
    wakeUps,
    clock: new SystemClock(),
    asyncResultIds: new AsyncResultIds('bench', 'http://127.0.0.1'),
    log: { debug() {}, info() {}, warn: console.error, error: console.error },
    onCommitted: ({ runId, workflow, intent }) => workflow === tells && intent.kind === 'end' && process.send({ ended: runId }),
  },
  WORKER_DEFAULTS,
);

process.on('message', (message) => {
  if (message.memory) process.send({ memory: memory() });
  if (message.stop) void stop();
});
process.once('disconnect', () => process.exit(1));
await worker.start();
process.send({ ready: true });

/** After what is garbage is gone, where Node lets it be asked for. */
function memory() {
  const resident = process.memoryUsage.rss() / MB;
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  return { residentMb: resident, heapMb: process.memoryUsage().heapUsed / MB };
}

async function stop() {
  await worker.stop();
  await changes.close();
  await wakeUps.close();
  await dataSource.destroy();
  await leasePool.end();
  await pool.end();
  process.exit(0);
}
