// What the measurements of this folder share: a PostgreSQL of their own, a fresh database for each, a Redis where one is asked for.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { EmbeddedServer } from '../harness/embedded-server.mjs';
import { buildStepwell, PROJECT_FOLDER } from '../harness/packages.mjs';
import { besideService } from '../harness/services.mjs';

/** @param {(setting: { server: EmbeddedServer, inDatabase: Function, besideRedis: Function }) => Promise<void>} measure */
export async function withServers(measure) {
  if (process.platform !== 'linux') throw new Error('It reads CPU time and memory from /proc and so runs on Linux only.');
  buildStepwell();
  const stop = new AbortController();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stepwell-scale-'));
  const server = await EmbeddedServer.start({ projectFolder: PROJECT_FOLDER, say });
  const end = async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(signal, () => {
      stop.abort();
      void end().then(() => process.exit(130));
    });
  say(`PostgreSQL ${server.version} on its own port, fsync on; Node ${process.version}; ${os.availableParallelism()} cores.`);
  try {
    await measure({ server, inDatabase: (use) => inDatabase(server, use), besideRedis: (use) => besideRedis(folder, stop.signal, use) });
  } finally {
    await end();
  }
}

/** In a database with the tables of this build. */
async function inDatabase(server, use) {
  const { migrate } = await import('../../dist/libs/storage/index.js');
  await server.createDatabase('measured');
  try {
    await migrate(server.url('measured'));
    return await use(server.url('measured'));
  } finally {
    await server.dropDatabase('measured');
  }
}

function besideRedis(folder, signal, use) {
  return besideService('hints', folder, signal, (args) => {
    const port = args.map((arg) => /^--redis-port=(\d+)$/.exec(arg)?.[1]).find(Boolean);
    const pid = args.map((arg) => /^--service-pid=(\d+)$/.exec(arg)?.[1]).find(Boolean);
    return use({ url: `redis://127.0.0.1:${port}`, pid: Number(pid) });
  });
}

/** @throws Error unless it is a list of whole numbers of at least 1 */
export function wholeNumbers(name, text) {
  const numbers = text.split(',').map(Number);
  if (numbers.some((number) => !Number.isInteger(number) || number < 1)) throw new Error(`--${name} wants whole numbers of at least 1, not "${text}".`); // prettier-ignore
  return numbers;
}

export function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}
