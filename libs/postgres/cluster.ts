/**
 * A cluster on disk: `data/` (the server's own folder, 0700) and `password` (0600, this process's). initdb works in a folder of its
 * own that is renamed into place at the end, so an interrupted one leaves nothing that looks like a cluster.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import type { ServerAccount } from './server-account.js';
import { StartError } from './start-error.js';

/** The superuser of an embedded cluster, and the name of its database. */
export const CLUSTER_NAME = 'stepwell';

export interface Cluster {
  readonly dataDirectory: string;
  readonly password: string;
}

export async function openCluster(
  folder: string,
  binaries: Binaries,
  account: ServerAccount | undefined,
  options: { log: (line: string) => void; isThrowaway: boolean },
): Promise<Cluster> {
  const dataDirectory = join(folder, 'data');
  if (existsSync(join(dataDirectory, 'PG_VERSION'))) {
    refuseOtherMajor(dataDirectory, binaries.major);
    return { dataDirectory, password: readPassword(folder) };
  }
  if (existsSync(dataDirectory) && readdirSync(dataDirectory).length > 0) {
    throw new StartError(`${dataDirectory} is not empty and holds no PostgreSQL cluster.`, 'Move it away and start again.');
  }
  options.log(`Making a database in ${dataDirectory}.`);
  const password = randomBytes(24).toString('base64url');
  await makeCluster(folder, dataDirectory, password, binaries, account, options.isThrowaway);
  return { dataDirectory, password };
}

function refuseOtherMajor(dataDirectory: string, major: string): void {
  const found = readFileSync(join(dataDirectory, 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw new StartError(
    `The database in ${dataDirectory} was made by PostgreSQL ${found}, and this Stepwell carries PostgreSQL ${major}.`,
    `Dump it with a PostgreSQL ${found} and load it into a new one, or move that folder away to start empty.`,
  );
}

function readPassword(folder: string): string {
  try {
    return readFileSync(join(folder, 'password'), 'utf8').trim();
  } catch (cause) {
    throw new StartError(
      `The password of the database in ${folder} cannot be read (${join(folder, 'password')}).`,
      'Start as the user who made it, or move that folder away to start empty.',
      { cause },
    );
  }
}

async function makeCluster(
  folder: string,
  dataDirectory: string,
  password: string,
  binaries: Binaries,
  account: ServerAccount | undefined,
  isThrowaway: boolean,
): Promise<void> {
  for (const name of readdirSync(folder)) if (name.startsWith('data.new')) rmSync(join(folder, name), { recursive: true, force: true });
  const unfinished = join(folder, 'data.new');
  mkdirSync(unfinished, { mode: 0o700 });
  const passwordFile = join(unfinished, '..', 'data.new-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account) for (const path of [unfinished, passwordFile]) chownSync(path, account.uid, account.gid);
  const words = [
    ...['-D', unfinished, '-U', CLUSTER_NAME, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8'],
    // PostgreSQL's own C.UTF-8: the same order of strings on every machine, whatever its C library.
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    // The copy into place is made durable by initdb itself, unless nobody will miss it.
    ...(isThrowaway ? ['--no-sync'] : []),
  ];
  try {
    await runInitdb(binaries.initdb, words, account);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  // The password first: a cluster whose password is lost cannot be opened, a password without a cluster is just overwritten.
  writeFileSync(join(folder, 'password'), `${password}\n`, { mode: 0o600 });
  rmSync(dataDirectory, { recursive: true, force: true });
  renameSync(unfinished, dataDirectory);
}

function runInitdb(program: string, words: string[], account: ServerAccount | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: '/', env: serverEnvironment(), stdio: ['ignore', 'ignore', 'pipe'], ...account });
    const stopAtExit = () => child.kill();
    process.once('exit', stopAtExit);
    child.once('close', () => process.off('exit', stopAtExit));
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    const refuse = (what: string, cause?: Error) =>
      reject(
        new StartError(
          `The embedded PostgreSQL could not make its data folder: ${what}.`,
          'Set DATABASE_URL to a PostgreSQL of your own if this machine cannot run it.',
          { cause },
        ),
      );
    child.on('error', (error) => refuse(String(error), error));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else refuse(`initdb ended with ${signal ?? code}: ${lastLines(output)}`);
    });
  });
}

/** Nothing of our environment: PGDATA, PGPORT or a locale of the caller must not leak into the server. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot } = process.env;
  return { PATH, ...(SystemRoot ? { SystemRoot } : {}), LC_ALL: 'C' };
}

/** The end of a program's output, on one line. */
export function lastLines(output: string, lines = 4): string {
  return output.trim().split('\n').slice(-lines).join(' ').trim() || 'it printed nothing';
}
