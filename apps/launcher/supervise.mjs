// The launcher's last stage: one server process at a time, our signals passed on to it, its exit code made ours.
//
// One Ctrl-C arrives here up to three times: the terminal signals its whole process group, and npm passes the signal on as well. The
// server therefore has a group of its own and gets each press once. The wish to stop also comes without a signal: npm is killed (we see
// it gone), or this process is (the server sees its IPC channel close). In both cases the server drains by itself; a start that comes
// while it still does so finds it in .stepwell/server.json and waits for it, or ends it.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, lookAt, npmAboveUs } from './process-identity.mjs';
import { root } from './run-program.mjs';

/** Signals closer together than this are one press; people are slower, npm is faster. */
const ONE_PRESS_MS = 300;
/** How often to look whether npm is still there; a process that nobody waits for may live a second longer. */
const NPM_CHECK_MS = 1000;
/** What an abandoned server gets to finish its drain before it is killed, which costs it no accepted work. */
const DRAIN_MS = 20_000;

/** A step that ends its process ends two servers before it is isolated; a machine that kills them again and again needs a person. */
const MOST_RESTARTS = 5;
/** Whoever has served for so long starts with a clean slate. */
const FORGET_MS = 600_000;
/** Before the first restart; each further one in a row waits twice as long. */
const FIRST_PAUSE_MS = 1000;

const record = join(root, '.stepwell', 'server.json');

/**
 * Runs the server until somebody stops it. One that had served and ends by itself is started again, a few times and a little later each
 * time; one that did not get so far has said why, and the same would happen again.
 *
 * @param {string} entry the server's main file
 * @returns {Promise<number>} the exit code of the last one
 */
export async function supervise(entry) {
  await endAbandonedServer();
  const wish = new Wish();
  const npm = npmAboveUs();
  const watch = setInterval(() => {
    if (npm === undefined || isAlive(npm)) return;
    clearInterval(watch);
    wish.stop('SIGTERM');
  }, NPM_CHECK_MS);
  try {
    for (let restarts = 0; ; restarts++) {
      const startedAt = performance.now();
      const { code, signal, hasServed, isStopping } = await run(entry, wish, npm);
      if (signal && !wish.isStop) console.error(`The server was ended by ${signal}. Nothing that was accepted is lost.`);
      // Its exit code does not tell: a step that ends the process does so with 0, too.
      if (isStopping || !hasServed || wish.isStop) return code ?? 1;
      if (performance.now() - startedAt > FORGET_MS) restarts = 0;
      if (restarts >= MOST_RESTARTS) {
        console.error(
          `The server has ended by itself ${restarts + 1} times in a row. What it said is above; start it again when that is mended.`,
        );
        return code ?? 1;
      }
      const pauseMs = FIRST_PAUSE_MS * 2 ** restarts;
      console.error(`The server has ended by itself (${signal ?? `exit code ${code}`}). It is started again in ${pauseMs / 1000} s.`);
      await delay(pauseMs, undefined, { signal: wish.signal }).catch(() => undefined);
      if (wish.isStop) return code ?? 1;
    }
  } finally {
    clearInterval(watch);
  }
}

/** @returns {Promise<{ code: number | null, signal: string | null, hasServed: boolean, isStopping: boolean }>} the last: somebody has asked it to */
function run(entry, wish, npm) {
  const server = spawn(process.execPath, ['--enable-source-maps', '--no-warnings=ExperimentalWarning', entry], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const mine = remember({ server: lookAt(server.pid), keepers: [lookAt(process.pid), npm].filter(Boolean) });
  wish.server = server;
  let [hasServed, isStopping] = [false, false];
  server.on('message', (message) => {
    hasServed ||= message?.isServing === true;
    isStopping ||= message?.isStopping === true;
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code, signal) => {
      forget(mine);
      resolve({ code, signal, hasServed, isStopping });
    });
  });
}

/** The wish to stop: what arrives here is passed on to the server of the moment. */
class Wish {
  server;
  #lastPress = -Infinity;
  #presses = 0;
  #stop = new AbortController();

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => this.stop(signal));
    process.on('SIGHUP', () => this.stop('SIGTERM'));
    // No wish to stop: the server restarts its worker processes one after the other.
    process.on('SIGUSR2', () => this.server?.kill('SIGUSR2'));
  }

  get isStop() {
    return this.#presses > 0;
  }

  get signal() {
    return this.#stop.signal;
  }

  stop(signal) {
    if (performance.now() - this.#lastPress < ONE_PRESS_MS) return;
    this.#lastPress = performance.now();
    this.#presses += 1;
    this.#stop.abort();
    // The first asks for a drain, the second, when it is Ctrl-C, tells the server to hurry; the third does not ask. The next start mends what that leaves.
    this.server?.kill(this.#presses < 3 ? signal : 'SIGKILL');
  }
}

/** A server whose launcher or npm was killed: nobody can press Ctrl-C for it any more. One that is kept is none of our business. */
async function endAbandonedServer() {
  const found = readRecord();
  if (!found?.server || !isAlive(found.server) || found.keepers.every(isAlive)) return;
  console.log(`Waiting for the server of an earlier start to end (process ${found.server.pid}) ...`);
  process.kill(found.server.pid, 'SIGTERM');
  for (const deadline = performance.now() + DRAIN_MS; isAlive(found.server); await delay(50)) {
    if (performance.now() > deadline) process.kill(found.server.pid, 'SIGKILL');
  }
}

function readRecord() {
  try {
    return JSON.parse(readFileSync(record, 'utf8'));
  } catch {
    return undefined;
  }
}

function remember(processes) {
  const text = JSON.stringify(processes);
  mkdirSync(join(root, '.stepwell'), { recursive: true });
  // A second server beside a kept one (another port, another database) leaves the first one's record alone.
  const found = readRecord();
  if (!found?.server || !isAlive(found.server)) writeFileSync(record, text);
  return text;
}

function forget(text) {
  if (JSON.stringify(readRecord()) === text) rmSync(record, { force: true });
}
