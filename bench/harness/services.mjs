// Servers that a peer needs beside Postgres. Each measurement has a fresh one, in a folder of its own below the folder of the campaign, on a
// free port of the loopback interface; it is gone when the measurement is over.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from './free-port.mjs';
import { BENCH_FOLDER } from './packages.mjs';

/** Far above what a start takes. */
const PATIENCE_MS = 60_000;

/** What a peer may name as its `service`: why there is none here (null: there is one), and how it is started. */
export const SERVICES = {
  redis: {
    missing: () =>
      redisProgram() ? null : 'redis-server is not on the PATH: install it (Debian: apt-get install redis-server) or set REDIS_SERVER',
    /** As BullMQ's guide for production asks: nothing is evicted, and the log is appended to; here it is synced at each write, as Postgres does. */
    start: (folder, signal) =>
      startRedis(folder, signal, ['--maxmemory-policy', 'noeviction', '--appendonly', 'yes', '--appendfsync', 'always']),
  },
  /** A Redis for hints, which keeps nothing, as README.md says that it need not. */
  hints: {
    missing: () => SERVICES.redis.missing(),
    start: (folder, signal) => startRedis(folder, signal, ['--appendonly', 'no']),
  },
  restate: {
    missing: () => (existsSync(restateProgram()) ? null : `there is no Restate server on npm for ${process.platform}-${process.arch}`),
    /** One node with its defaults, the log synced, but for what may be in flight: a thousand by default, and workloads have more. */
    start: async (folder, signal) => {
      const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
      const environment = {
        RESTATE_DISABLE_TELEMETRY: 'true',
        RESTATE_BIND_IP: '127.0.0.1',
        RESTATE_LISTEN_MODE: 'tcp',
        RESTATE_BIND_PORT: String(node),
        RESTATE_ADVERTISED_HOST: '127.0.0.1',
        RESTATE_INGRESS__BIND_PORT: String(ingress),
        RESTATE_ADMIN__BIND_PORT: String(admin),
        RESTATE_LOG_FILTER: 'warn',
        RESTATE_NODE_NAME: 'bench',
        RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT: '10000',
      };
      const server = start(restateProgram(), ['--base-dir', folder, '--no-logo'], environment, signal);
      await server.untilAnswering(`http://127.0.0.1:${admin}/health`);
      await server.untilAnswering(`http://127.0.0.1:${ingress}/restate/health`);
      return { ...server, args: [`--restate-ingress-port=${ingress}`, `--restate-admin-port=${admin}`] };
    },
  },
};

/**
 * Runs `use` beside a fresh server.
 * @param {'redis' | 'hints' | 'restate' | undefined} name undefined: none is needed
 * @param {string} parentFolder where its data may lie
 * @param {(args: string[]) => Promise<unknown>} use gets the arguments that tell a measurement of it
 */
export async function besideService(name, parentFolder, signal, use) {
  if (name === undefined) return use([]);
  const folder = await mkdtemp(path.join(parentFolder, `${name}-`));
  let server;
  try {
    server = await SERVICES[name].start(folder, signal);
    return await use([...server.args, `--service-pid=${server.pid}`]);
  } finally {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startRedis(folder, signal, settings) {
  const port = await freePort();
  const words = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings];
  const server = start(redisProgram(), words, {}, signal);
  await server.untilPrinted('Ready to accept connections');
  return { ...server, args: [`--redis-port=${port}`] };
}

function start(program, words, environment, signal) {
  // In a process group of its own: Ctrl-C in the terminal must reach the benchmark, which then stops the server in order.
  const server = spawn(program, words, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let printed = '';
  let hasEnded = false;
  const ended = once(server, 'exit').catch((error) => (printed += error.message));
  void ended.then(() => (hasEnded = true));
  for (const stream of [server.stdout, server.stderr])
    stream.setEncoding('utf8').on('data', (text) => (printed = (printed + text).slice(-4_000)));
  const until = async (isReady) => {
    const deadline = performance.now() + PATIENCE_MS;
    while (!(await isReady())) {
      signal.throwIfAborted();
      if (hasEnded || performance.now() > deadline) throw new Error(`${path.basename(program)} did not start:\n${printed}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  return {
    pid: server.pid,
    untilPrinted: (words) => until(() => printed.includes(words)),
    untilAnswering: (url) => until(() => fetch(url).then((response) => response.ok, () => false)), // prettier-ignore
    stop: async () => {
      if (!hasEnded) server.kill('SIGKILL'); // its data goes with it
      await ended;
    },
  };
}

function redisProgram() {
  if (process.env.REDIS_SERVER) return process.env.REDIS_SERVER;
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, 'redis-server'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function restateProgram() {
  return path.join(
    BENCH_FOLDER,
    'node_modules',
    '@restatedev',
    `restate-server-${process.platform}-${process.arch}`,
    'bin',
    'restate-server',
  );
}
