// How long the inbox takes to answer with a hundred thousand tasks in it: the whole way, HTTP and sign-in and GraphQL and columns, as the
// page asks. `npm run bench:inbox`; it makes a server of its own with a database of its own, and leaves neither behind.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { attachEmbeddedPostgres } from '../../dist/libs/postgres/index.js';
import { percentile } from '../harness/statistics.mjs';
import { questionsOf, SAVED_VIEWS } from './questions.mjs';
import { seedInbox } from './seed.mjs';

const PROJECT = path.resolve(import.meta.dirname, '../..');
const RESULTS = path.join(PROJECT, 'bench/results');
const REVIEWER = 'demo-reviewer';
/** Of the example: enough for a hundred tasks to copy. */
const REPORTS = 1_500;
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

async function saveView(ask, name, filter) {
  const { saveInboxView } = await ask(
    'mutation Save($name: String!, $filter: TaskFilter) { saveInboxView(name: $name, filter: $filter) { errors { message } } }',
    { name, filter },
  );
  if (saveInboxView.errors.length > 0) throw new Error(`The view "${name}" was refused: ${saveInboxView.errors[0].message}`);
}

async function deepCursor(ask, depth) {
  let after = null;
  for (let read = 0; read < depth; read += 100) {
    const { inbox } = await ask('query At($after: String) { inbox(first: 100, after: $after) { pageInfo { endCursor } } }', { after });
    after = inbox.pageInfo.endCursor;
  }
  return after;
}

/** The example's intake is over when nothing is at work any more. */
async function settled(client) {
  const isBusy = "SELECT count(*)::int AS runs, count(*) FILTER (WHERE status IN ('queued', 'running'))::int AS busy FROM runs";
  for (;;) {
    const { rows } = await client.query(isBusy);
    if (rows[0].runs > 100 && rows[0].busy === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function signIn(url) {
  const headers = { 'content-type': 'application/json', 'x-stepwell-csrf': '1' };
  const response = await fetch(`${url}/auth/demo-sign-in`, { method: 'POST', headers, body: JSON.stringify({ role: 'reviewer' }) });
  if (!response.ok) throw new Error(`The sign-in was refused with ${response.status}.`);
  const cookie = response.headers.getSetCookie().map((one) => one.split(';')[0]).join('; '); // prettier-ignore
  return async (query, variables) => {
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, cookie },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await answer.json();
    if (errors) throw new Error(`GraphQL refused: ${JSON.stringify(errors)}`);
    return data;
  };
}

function startServer(dataDirectory) {
  const program = path.join(PROJECT, 'dist/apps/server/main.js');
  if (!existsSync(program)) throw new Error('There is no build: run `npm run build:server` first.');
  const reports = path.join(dataDirectory, 'reports.csv');
  const lines = readFileSync(path.join(PROJECT, 'workflows/strike-intake/data/birdstrikes.csv'), 'utf8').split('\n');
  writeFileSync(reports, [...lines.slice(0, REPORTS + 1), ''].join('\n'));
  const environment = { ...process.env, PORT: '0', STEPWELL_DATA_DIR: dataDirectory, STRIKE_REPORTS_FILE: reports };
  for (const name of ['NODE_ENV', 'DATABASE_URL']) delete environment[name];
  // The IPC channel lets the server see that the benchmark has gone, and stop by itself.
  const server = spawn(process.execPath, ['--enable-source-maps', program], {
    cwd: PROJECT,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  let printed = '';
  return new Promise((resolve, reject) => {
    void ended.then(() => reject(new Error(`The server ended before it was ready:\n${printed}`)));
    server.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
      const url = /Stepwell is ready: (\S+?)\s/.exec(printed)?.[1];
      if (url) resolve({ url, stop: () => (server.kill('SIGTERM'), ended) });
    });
  });
}

function wholeNumber(name) {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name} wants a whole number of at least 1, not "${values[name]}".`);
  return number;
}

function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}
