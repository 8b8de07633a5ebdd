// A Postgres server for one benchmark: its own data directory, port and process, gone without a trace at the end.
//
// It syncs what it commits (fsync and synchronous_commit are on, whatever the defaults are): a figure without that says nothing about
// durable steps. As root it runs as an unprivileged user, since Postgres refuses root.
//
// Should the benchmark itself be killed outright, the server and its folder stay behind; the next start finds them by the note in the folder
// and clears them away, but only when the process that wrote the note is gone.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, readdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.mjs';
import { findNativeBinaries } from './native-binaries.mjs';

const FOLDER_PREFIX = 'stepwell-bench-';
const OWNER_NOTE = 'owner.pid';
/** "nobody": exists everywhere without being made. */
const UNPRIVILEGED = 65534;
const TMPFS_MAGIC = 0x01021994;
/** A fast shutdown takes well under a second; after this the server is made to quit. */
const STOP_PATIENCE_MS = 15_000;

export class EmbeddedServer {
  #folder;
  #process;
  #port;
  #version;
  #stopped = null;

  /**
   * Makes and starts a server.
   * @param {{ projectFolder: string, sharedBuffers?: string, settings?: Record<string, string>, say?: (sentence: string) => void }} options
   *   `settings`: of the server, beside its own
   */
  static async start({ projectFolder, sharedBuffers = '512MB', settings = {}, say = () => {} }) {
    await clearAbandoned(say);
    const server = new EmbeddedServer();
    server.#folder = await mkdtemp(path.join(os.tmpdir(), FOLDER_PREFIX));
    try {
      await server.#boot(projectFolder, { shared_buffers: sharedBuffers, ...settings }, say);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  get postmasterPid() {
    return this.#process.pid;
  }

  get version() {
    return this.#version;
  }

  url(database) {
    return `postgresql://postgres@127.0.0.1:${this.#port}/${database}`;
  }

  /** An empty database, with what came before it written out, so that a measurement does not pay for the last one's pages. */
  async createDatabase(name) {
    await this.#administer([`CREATE DATABASE ${name}`, 'CHECKPOINT']);
  }

  async dropDatabase(name) {
    await this.#administer([`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`]);
  }

  /** Stops the server and removes its folder; may be called more than once. */
  stop() {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #boot(projectFolder, more, say) {
    await writeFile(path.join(this.#folder, OWNER_NOTE), String(process.pid));
    if ((await statfs(this.#folder)).type === TMPFS_MAGIC) {
      say(
        `${os.tmpdir()} is kept in memory, where syncing costs nothing: set TMPDIR to a folder on a disk for figures that mean something.`,
      );
    }
    const user = process.getuid() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {};
    if (user.uid) await chown(this.#folder, user.uid, user.gid);
    const { binaries, version } = await findNativeBinaries(projectFolder, this.#folder, user);
    this.#version = version;

    const data = path.join(this.#folder, 'data');
    const spawnOptions = { ...user, cwd: '/', env: { ...process.env, LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] };
    const initdb = watch(
      spawn(
        path.join(binaries, 'initdb'),
        ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions'],
        spawnOptions,
      ),
    );
    if ((await initdb.ended) !== 0) throw new Error(`initdb failed:\n${initdb.lastLines()}`);

    this.#port = await freePort();
    const settings = {
      port: this.#port,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 100,
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      ...more,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    // In a process group of its own: Ctrl-C in the terminal must reach the benchmark, which then stops the server in order.
    this.#process = spawn(path.join(binaries, 'postgres'), ['-D', data, ...flags], { ...spawnOptions, detached: true });
    const postgres = watch(this.#process);
    const ready = postgres.sees('database system is ready to accept connections');
    const exit = postgres.ended.then((code) => {
      throw new Error(`Postgres ended with code ${code} instead of starting:\n${postgres.lastLines()}`);
    });
    exit.catch(() => {}); // it ends some day; only before it is ready is that an error
    await Promise.race([ready, exit]);
  }

  async #administer(statements) {
    const client = new pg.Client({ connectionString: this.url('postgres') });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async #stop() {
    const server = this.#process;
    if (server && server.exitCode === null && server.signalCode === null) {
      const exit = once(server, 'exit');
      server.kill('SIGINT'); // fast shutdown
      const impatience = setTimeout(() => server.kill('SIGQUIT'), STOP_PATIENCE_MS);
      await exit;
      clearTimeout(impatience);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Follows a process's output, keeping the end of it for error messages. */
function watch(child) {
  const lines = [];
  const seekers = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      lines.push(...text.split('\n').filter(Boolean));
      lines.splice(0, Math.max(0, lines.length - 20));
      for (const seeker of seekers) if (text.includes(seeker.words)) seeker.resolve();
    });
  }
  const ended = new Promise((resolve) => {
    child.on('error', (error) => {
      lines.push(error.message);
      resolve(-1);
    });
    child.on('close', (code) => resolve(code));
  });
  return {
    ended,
    lastLines: () => lines.join('\n'),
    sees: (words) => new Promise((resolve) => seekers.push({ words, resolve })),
  };
}

async function clearAbandoned(say) {
  for (const entry of await readdir(os.tmpdir())) {
    if (!entry.startsWith(FOLDER_PREFIX)) continue;
    const folder = path.join(os.tmpdir(), entry);
    const owner = Number(await readFile(path.join(folder, OWNER_NOTE), 'utf8').catch(() => NaN));
    const isOurs = process.getuid() === 0 || (await stat(folder)).uid === process.getuid();
    if (!owner || isAlive(owner) || !isOurs) continue;
    const data = path.join(folder, 'data');
    const postmaster = Number((await readFile(path.join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
    // The process id may have passed to someone else: only a process that names this very data directory is stopped.
    const command = postmaster ? await readFile(`/proc/${postmaster}/cmdline`, 'utf8').catch(() => '') : '';
    if (command.split('\0').includes(data)) {
      process.kill(postmaster, 'SIGQUIT');
      while (isAlive(postmaster)) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await rm(folder, { recursive: true, force: true });
    say(`Removed ${folder}, left behind by a benchmark that was killed.`);
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
