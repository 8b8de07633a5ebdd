// The launcher's last stage: one server process, our signals passed on to it, its exit code made ours.
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

const record = join(root, '.stepwell', 'server.json');

/**
 * @param {string} entry the server's main file
 * @returns {Promise<number>} the exit code
 */
export async function supervise(entry) {
  await endAbandonedServer();
  const server = spawn(process.execPath, ['--enable-source-maps', '--no-warnings=ExperimentalWarning', entry], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const npm = npmAboveUs();
  const mine = remember({ server: lookAt(server.pid), keepers: [lookAt(process.pid), npm].filter(Boolean) });
  let lastPress = -Infinity;
  let presses = 0;
  const stop = (signal) => {
    if (performance.now() - lastPress < ONE_PRESS_MS) return;
    lastPress = performance.now();
    presses += 1;
    // The first asks for a drain, the second tells the server to hurry; the third does not ask. The next start mends what that leaves.
    server.kill(presses < 3 ? signal : 'SIGKILL');
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(signal));
  process.on('SIGHUP', () => stop('SIGTERM'));
  const watch = setInterval(() => {
    if (npm === undefined || isAlive(npm)) return;
    clearInterval(watch);
    stop('SIGTERM');
  }, NPM_CHECK_MS);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code, signal) => {
      clearInterval(watch);
      forget(mine);
      if (signal && presses === 0) console.error(`The server was ended by ${signal}. Start it again: nothing that was accepted is lost.`);
      resolve(code ?? 1);
    });
  });
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
