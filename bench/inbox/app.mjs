// The server of the example, as a process of its own, with somebody signed in: what is asked of pages is asked of it by HTTP.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const PROJECT = path.resolve(import.meta.dirname, '../..');
/** Of the example: enough for a hundred tasks to copy. */
const REPORTS = 1_500;
/** The user name of whoever signs in. */
export const REVIEWER = 'demo-reviewer';

/** The example's intake is over when nothing is at work any more. */
export async function settled(client) {
  const isBusy = "SELECT count(*)::int AS runs, count(*) FILTER (WHERE status IN ('queued', 'running'))::int AS busy FROM runs";
  for (;;) {
    const { rows } = await client.query(isBusy);
    if (rows[0].runs > 100 && rows[0].busy === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

export async function signIn(url) {
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

/** Starts the server of the example, with its data and its database in that folder. */
export function startServer(dataDirectory) {
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
