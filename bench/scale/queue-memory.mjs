// What a worker process holds in memory while it works off a long queue, beside a short one: `npm run bench:queue`.

import { parseArgs } from 'node:util';
import pg from 'pg';
import { queueRuns, WorkerProcess } from './fleet.mjs';
import { say, table, wholeNumbers, withServers } from './setting.mjs';

const HELP = `Usage: npm run bench:queue -- [options]

Queues three-step runs as starts leave them, begins a worker process, lets it work, and says what it holds in memory.

  --queued <list>      how many runs are queued, separated by commas (10000,1000000)
  --seconds <count>    how long it works, at most: a short queue is over sooner (60)
  --help               this text
`;
const LOOK_MS = 1_000;

try {
  const { values } = parseArgs({
    options: {
      queued: { type: 'string', default: '10000,1000000' },
      seconds: { type: 'string', default: '60' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  else await measureAll(wholeNumbers('queued', values.queued), wholeNumbers('seconds', values.seconds)[0]);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function measureAll(queues, seconds) {
  await withServers(async ({ inDatabase }) => {
    const rows = [];
    for (const queued of queues) rows.push(await inDatabase((url) => measure(url, queued, seconds)));
    say(
      table(
        ['queued', 'worked off', 'in s', 'resident MB, at most', 'resident MB, at the end', 'heap MB, at the end, without garbage'],
        rows,
      ),
    );
  });
}

async function measure(url, queued, seconds) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let worker;
  try {
    say(`Queuing ${queued.toLocaleString('en')} runs.`);
    await queueRuns(client, 'steps-3', queued);
    await client.query('VACUUM ANALYZE runs, journal');
    const begin = performance.now();
    worker = await WorkerProcess.start({ databaseUrl: url });
    const elapsed = () => (performance.now() - begin) / 1000;
    while (elapsed() < seconds && (await client.query("SELECT FROM runs WHERE status IN ('queued', 'running') LIMIT 1")).rowCount > 0)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const lasted = elapsed();
    const { residentMb, heapMb } = await worker.memory();
    const { rows } = await client.query("SELECT count(*)::int AS done FROM journal WHERE type = 'run.ended'");
    const numbers = [queued, rows[0].done, lasted, worker.peakMb, residentMb, heapMb];
    return numbers.map((number) => Math.round(number).toLocaleString('en'));
  } finally {
    await worker?.stop();
    await client.end();
  }
}
