/**
 * A postmaster that somebody left behind. `data/postmaster.pid` names it, but the process id may have been reused since, so it is
 * ours only when its command line is a postgres over this very data folder. Two things must not be done:
 * - signalling a process that merely has the number;
 * - deleting postmaster.pid: it also names the shared memory block by which PostgreSQL sees that backends of a killed postmaster are
 *   still writing. A file whose number now belongs to a stranger is therefore given a number that nobody can have, and kept.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from './start-error.js';

export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  readonly isReady: boolean;
}

/** Larger than any pid_max (4,194,304 on Linux), so no process has it. */
const NO_PROCESS = 99_999_999;

export function readPostmasterFile(dataDirectory: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0), isReady: lines[7]?.trim() === 'ready' } : undefined;
}

/** The running postmaster of this data folder, if there is one. */
export function runningPostmaster(dataDirectory: string): PostmasterFile | undefined {
  const file = readPostmasterFile(dataDirectory);
  return file && isPostmasterOf(file.pid, dataDirectory) ? file : undefined;
}

function isPostmasterOf(pid: number, dataDirectory: string): boolean {
  const command = commandLine(pid);
  return command.includes('postgres') && `${command} `.includes(` ${dataDirectory} `);
}

function commandLine(pid: number): string {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Stops an orphan (fast shutdown: open transactions roll back, nothing committed is lost) and disarms a stale file. */
export async function clearAbandonedPostmaster(dataDirectory: string, log: (line: string) => void): Promise<void> {
  const file = readPostmasterFile(dataDirectory);
  if (!file || !exists(file.pid)) return;
  if (isPostmasterOf(file.pid, dataDirectory)) {
    log(`Stopping the database that an earlier start left running (process ${file.pid}).`);
    await stopPostmaster(file.pid, dataDirectory);
    return;
  }
  const path = join(dataDirectory, 'postmaster.pid');
  writeFileSync(path, readFileSync(path, 'utf8').replace(/^\d+/, String(NO_PROCESS)));
}

async function stopPostmaster(pid: number, dataDirectory: string): Promise<void> {
  // 15 s for the fast shutdown's checkpoint; then SIGQUIT (the next start recovers from the WAL), 5 s more; SIGKILL is never sent, since
  // it would leave backends behind that still write.
  for (const [signal, patienceMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    process.kill(pid, signal);
    if (await isGone(pid, dataDirectory, patienceMs)) return;
  }
  throw new StartError(
    `The database process ${pid} of an earlier start does not stop.`,
    `Look at it (ps ${pid}), end it by hand, and start again.`,
  );
}

async function isGone(pid: number, dataDirectory: string, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if (!isPostmasterOf(pid, dataDirectory)) return true;
    await delay(20);
  }
  return false;
}
