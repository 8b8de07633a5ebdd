// How long the inbox takes to answer with a hundred thousand tasks in it: the whole way, HTTP and sign-in and GraphQL and columns, as the
// page asks. `npm run bench:inbox`; it makes a server of its own with a database of its own, and leaves neither behind.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { attachEmbeddedPostgres } from '../../dist/libs/postgres/index.js';
import { percentile } from '../harness/statistics.mjs';
import { deepCursor, questionsOf, saveView, SAVED_VIEWS } from './questions.mjs';
import { REVIEWER, settled, signIn, startServer } from './app.mjs';
import { seedInbox } from './seed.mjs';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const RESULTS = path.join(PROJECT, 'bench/results');
const DEEP = 50_000;
const WIDTH = 42;

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '100000' },
    requests: { type: 'string', default: '200' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`Usage: npm run bench:inbox -- [options]

Asks an inbox what its page asks, one request after another, and prints how long the answers took.

  --tasks <count>       how many tasks wait (100000); twice as many have ended
  --requests <count>    how often each question is asked (200)
`);
} else {
  await run(wholeNumber('tasks'), wholeNumber('requests'));
}

async function run(tasks, requests) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stepwell-inbox-'));
  chmodSync(folder, 0o755);
  const server = await startServer(folder);
  const client = new pg.Client({ connectionString: attachEmbeddedPostgres(folder).url });
  try {
    const ask = await signIn(server.url);
    await client.connect();
    await settled(client);
    const counts = await seedInbox(client, { tasks, viewer: REVIEWER, say });
    say(`${counts.waiting.toLocaleString('en')} tasks wait, ${(counts.all - counts.waiting).toLocaleString('en')} have ended.`);
    for (const [name, filter] of Object.entries(SAVED_VIEWS)) await saveView(ask, name, filter);
    const rows = await measure(ask, await deepCursor(ask, Math.min(DEEP, Math.floor(tasks / 2))), requests);
    mkdirSync(RESULTS, { recursive: true });
    const file = path.join(RESULTS, `inbox-${new Date().toISOString().replaceAll(':', '')}.json`);
    writeFileSync(file, `${JSON.stringify({ node: process.version, cpus: os.cpus().length, ...counts, requests, rows }, null, 2)}\n`);
    say(`Written to ${path.relative(PROJECT, file)}.`);
  } finally {
    await client.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(ask, deep, requests) {
  const rows = [];
  const all = [];
  say(['milliseconds'.padEnd(WIDTH), ...['p50', 'p95', 'max'].map((head) => head.padStart(8))].join(''));
  for (const [name, { query, variables }] of Object.entries(questionsOf(deep))) {
    for (let i = 0; i < 10; i += 1) await ask(query, variables);
    const times = [];
    for (let i = 0; i < requests; i += 1) {
      const begin = performance.now();
      await ask(query, variables);
      times.push(performance.now() - begin);
    }
    all.push(...times);
    rows.push(summary(name, times));
  }
  return [...rows, summary('all of them', all)];
}

function summary(name, times) {
  const row = { name, p50Ms: percentile(times, 50), p95Ms: percentile(times, 95), maxMs: Math.max(...times) };
  say([name.padEnd(WIDTH), ...[row.p50Ms, row.p95Ms, row.maxMs].map((ms) => ms.toFixed(1).padStart(8))].join(''));
  return row;
}

function wholeNumber(name) {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} wants a whole number of at least 1, not "${values[name]}".`);
  return number;
}

function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}
