/**
 * The database that needs no set-up: PostgreSQL from an npm package, run as a child of this process over a folder.
 *
 * It stops with its process (`stop()`, and on `process.exit`). A process that dies by kill -9 leaves the postmaster running, and a
 * machine that loses power leaves a stale postmaster.pid: the next start stops the one and disarms the other; PostgreSQL recovers
 * the rest from its WAL. One Stepwell process owns a folder at a time; a second one is refused, never given the first one's server.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { findBinaries } from './binaries.js';
import { type Cluster, CLUSTER_NAME, lastLines, openCluster, serverEnvironment } from './cluster.js';
import { livingOwner, takeOwnership } from './owner.js';
import { choosePlace, findPlace } from './place.js';
import { clearAbandonedPostmaster, readPostmasterFile, runningPostmaster } from './postmaster.js';
import { type ServerAccount, serverAccount } from './server-account.js';
import { asArguments, type ServerSettings, serverSettings } from './server-settings.js';
import { StartError } from './start-error.js';

export interface EmbeddedPostgresOptions {
  /** The folder of the project's own data, e.g. `<project>/.stepwell`; the server gets `postgres/` in it. Made if missing. */
  readonly directory: string;
  /** Takes one line per thing worth telling: a new database, a place elsewhere, an orphan stopped. Silent by default. */
  readonly log?: (line: string) => void;
  /** Settings on top of ours, e.g. `{ log_min_duration_statement: '100ms' }`. */
  readonly settings?: ServerSettings;
  /** To listen on; by default one that is free, another one at each start. */
  readonly port?: number;
  /** The data will be thrown away (tests): nothing waits for the disk. Kills of processes lose nothing even so. */
  readonly isThrowaway?: boolean;
  /** What belongs to this machine rather than to the project; tests give their own. */
  readonly machine?: {
    /** Folders to go to when the directory is out of the server's reach, the best first. */
    readonly placesElsewhere?: readonly string[];
    /** The `native` folder of the platform's package. */
    readonly nativeFolder?: string;
  };
}

export interface EmbeddedPostgres {
  /** Connects as superuser to the database `stepwell`. Holds the password: not for logs. */
  readonly url: string;
  readonly dataDirectory: string;
  readonly port: number;
  readonly pid: number;
  /** True when the data does not lie in the directory that was asked for (root in a folder that others may not enter). */
  readonly isElsewhere: boolean;
  /** Settles when the server has ended, wanted or not. */
  readonly ended: Promise<void>;
  /** Fast shutdown: open transactions roll back, everything committed is kept. May be called twice. */
  stop(): Promise<void>;
}

/** @throws StartError for everything that the user can mend */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const { folder, isElsewhere } = choosePlace(resolve(options.directory), options.machine?.placesElsewhere);
  if (isElsewhere) log(`The database lies in ${folder}, because its user may not enter ${resolve(options.directory)}.`);
  const releaseOwnership = takeOwnership(folder);
  try {
    const account = serverAccount(join(folder, 'data'));
    const binaries = findBinaries(folder, account, log, options.machine?.nativeFolder);
    await clearAbandonedPostmaster(join(folder, 'data'), log);
    const cluster = await openCluster(folder, binaries, account, { log, isThrowaway: options.isThrowaway ?? false });
    const libraries = binaries.hasExtension('pg_stat_statements') ? ['pg_stat_statements'] : [];
    const settings = options.isThrowaway ? { fsync: 'off', ...options.settings } : (options.settings ?? {});
    const choosePort = () => (options.port === undefined ? freePort() : Promise.resolve(options.port));
    const { child, port } = await startServer(folder, binaries.postgres, cluster, account, choosePort, (port) =>
      asArguments(serverSettings(port, libraries, settings)),
    );
    const url = urlOf(cluster, port);
    const server = ownedServer(child, { url, port, dataDirectory: cluster.dataDirectory, isElsewhere }, releaseOwnership);
    try {
      await makeDatabase(urlOf(cluster, port, 'postgres'));
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  } catch (error) {
    releaseOwnership();
    throw error;
  }
}

/** Has one been made for this directory, running or not? */
export function hasEmbeddedPostgres(directory: string): boolean {
  return findPlace(resolve(directory)) !== undefined;
}

/** The server that another process runs over this directory, to connect to; undefined when none runs. Never starts or stops it. */
export function attachEmbeddedPostgres(directory: string): Pick<EmbeddedPostgres, 'url' | 'dataDirectory' | 'port' | 'pid'> | undefined {
  const folder = findPlace(resolve(directory));
  if (!folder) return undefined;
  const dataDirectory = join(folder, 'data');
  const postmaster = runningPostmaster(dataDirectory);
  if (!postmaster?.isReady) return undefined;
  const password = readFileSync(join(folder, 'password'), 'utf8').trim();
  return { url: urlOf({ password }, postmaster.port), dataDirectory, port: postmaster.port, pid: postmaster.pid };
}

/**
 * Stops the server that a dead process left running over this directory.
 * @returns false when a living process runs one there, which is then left alone
 */
export async function stopAbandonedPostgres(directory: string): Promise<boolean> {
  const folder = findPlace(resolve(directory));
  if (!folder) return true;
  if (livingOwner(folder) !== undefined) return false;
  await clearAbandonedPostmaster(join(folder, 'data'), () => undefined);
  return true;
}

function urlOf(cluster: Pick<Cluster, 'password'>, port: number, database = CLUSTER_NAME): string {
  return `postgres://${CLUSTER_NAME}:${cluster.password}@127.0.0.1:${port}/${database}`;
}

function ownedServer(
  child: ChildProcess,
  facts: Pick<EmbeddedPostgres, 'url' | 'port' | 'dataDirectory' | 'isElsewhere'>,
  releaseOwnership: () => void,
): EmbeddedPostgres {
  const stopAtExit = () => child.kill('SIGINT');
  const ended = new Promise<void>((settle) => {
    child.once('exit', () => {
      process.off('exit', stopAtExit);
      releaseOwnership();
      settle();
    });
  });
  process.once('exit', stopAtExit);
  // A forgotten server must not keep the process alive; stop() takes the reference back.
  child.unref();
  return {
    ...facts,
    pid: child.pid ?? 0,
    ended,
    stop: () => {
      child.ref();
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      return ended;
    },
  };
}

/**
 * Starts the postmaster and waits until it takes connections. Two things pass by themselves and are tried again: the free port was
 * taken in between, and backends of a killed postmaster are still ending (they hold the shared memory block).
 */
async function startServer(
  folder: string,
  program: string,
  cluster: Cluster,
  account: ServerAccount | undefined,
  choosePort: () => Promise<number>,
  words: (port: number) => string[],
): Promise<{ child: ChildProcess; port: number }> {
  // Recovery after a crash replays the WAL since the last checkpoint: seconds, at most a minute or two on a slow disk.
  const deadline = Date.now() + 180_000;
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort();
    const logFile = join(folder, 'postgres.log');
    const logStart = logSize(logFile);
    const logHandle = openSync(logFile, 'a', 0o600);
    const child = spawn(program, ['-D', cluster.dataDirectory, ...words(port)], {
      cwd: '/',
      env: serverEnvironment(),
      stdio: ['ignore', logHandle, logHandle],
      // A process group of its own: Ctrl-C in a terminal reaches the whole group, and the database must outlive the drain.
      detached: true,
      ...account,
    });
    closeSync(logHandle);
    // Until `ownedServer` takes over: who exits while it still starts leaves none behind.
    const stopAtExit = () => child.kill('SIGINT');
    process.once('exit', stopAtExit);
    const outcome = await readiness(child, cluster.dataDirectory, deadline).finally(() => process.off('exit', stopAtExit));
    if (outcome === 'ready') return { child, port };
    const output = logTail(logFile, logStart);
    const mayPass = /could not bind|Address already in use|shared memory block .* still in use/.test(output);
    if (outcome === 'ended' && mayPass && attempt < 100) {
      await delay(100);
      continue;
    }
    if (outcome === 'late') child.kill('SIGQUIT');
    throw new StartError(
      `The embedded PostgreSQL ${outcome === 'late' ? 'is not ready after three minutes' : 'did not start'}: ${lastLines(output)}`,
      `Its log is ${logFile}; DATABASE_URL points Stepwell at a PostgreSQL of your own.`,
    );
  }
}

/** Ready is what the postmaster says of itself in postmaster.pid, as for pg_ctl. */
async function readiness(child: ChildProcess, dataDirectory: string, deadline: number): Promise<'ready' | 'ended' | 'late'> {
  let hasEnded = false;
  child.once('exit', () => (hasEnded = true)).once('error', () => (hasEnded = true));
  while (Date.now() < deadline) {
    await delay(10);
    if (hasEnded) return 'ended';
    const file = readPostmasterFile(dataDirectory);
    if (file?.pid === child.pid && file?.isReady) return 'ready';
  }
  return 'late';
}

async function makeDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [CLUSTER_NAME]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${CLUSTER_NAME}`);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((found, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Begins the log anew past 10 MB, so that it never fills a disk; the server appends, so this is safe between two starts. */
function logSize(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < 10_000_000) return size;
  truncateSync(file);
  return 0;
}

function logTail(file: string, from: number): string {
  return readFileSync(file).subarray(from).toString('utf8');
}
