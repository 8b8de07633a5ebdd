/**
 * The system under test: a database, a server that accepts, four workers that do nothing else. Whoever dies is started again at once, as a
 * supervisor would. It carries faults out and counts nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../crash/database.js';
import { freePort } from '../setup/free-port.js';
import type { Processes } from './processes.js';
import type { MutationName } from './failpoints/mutations.js';
import type { Order } from './failpoints/order.js';
import type { ProcessSettings } from './processes/settings.js';
import { APART } from './workflows/queues.js';

export const WORKERS = ['A', 'B', 'C', 'D'] as const;
export type Slot = (typeof WORKERS)[number] | 'server';

/** Of the workers: two leave what is to be done there to the other two. */
const QUEUES: Readonly<Record<Slot, readonly string[]>> = {
  ...{ A: ['default'], B: ['default'], C: ['default', APART], D: ['default', APART], server: ['default'] },
};

/** The worker whose connections to the database go by the proxy. */
export const BY_PROXY: Slot = 'D';

/** One life of a process. */
export interface Life {
  readonly slot: Slot;
  readonly name: string;
  readonly pid: number;
  readonly build: string;
  readonly skewMs: number;
  /** Settles when it works; false when it ended before. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<number | NodeJS.Signals>;
  isReady: boolean;
  /** We wanted its end, or it is stopped by us: nobody else lays hands on it. */
  isTaken: boolean;
}

export interface Terms {
  readonly build: string;
  readonly skewMs: number;
  readonly orders: readonly Order[];
}

/** Settings of the lives to come, by slot. */
export type TermsOf = (slot: Slot) => Terms;

export interface SystemOptions {
  readonly processes: Processes;
  /** Data and logs. */
  readonly folder: string;
  readonly database: Database;
  /** Hints go by this Redis; undefined: by PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly leaseMs: number;
  readonly mutation: MutationName | null;
  readonly termsOf: TermsOf;
  /** Where a worker finds the database, when not at its own address. */
  readonly addressOf: (slot: Slot, url: string) => string;
  readonly onReady: (life: Life) => void;
  /** A process tells what a failpoint of it is about to do. */
  readonly onFired: (life: Life, what: string) => void;
  /** A process was refused something by the database, with this SQLSTATE. */
  readonly onRefused: (code: string) => void;
  /** A process has ended that nobody laid hands on. */
  readonly onEnded: (life: Life, how: number | NodeJS.Signals) => void;
}

/** A start fails while the database is away: as long as any fault lasts, and then some. Before any has worked, something is wrong with them all. */
const MAX_FAILED_STARTS = { once: 60, never: 3 };
const AGAIN_MS = 500;
/** What a step takes that takes all there is. */
const HEAP_MB = 512;
/** A sixth of the lease: the sweep is the other half of the time until somebody else goes on. */
const SWEEPS_PER_LEASE = 3;

export class System {
  private readonly current = new Map<Slot, Life>();
  private readonly children = new Map<number, ChildProcess>();
  private readonly begun = new Map<Slot, number>();
  private readonly ports = { postgres: 0, server: 0 };
  private postgres: { readonly child: ChildProcess; postmaster: number; starts: number } | undefined;
  private onPostgres: (() => void)[] = [];
  private failedStarts = 0;
  private hasWorked = false;
  private hopeless: Error | undefined;
  private isStopping = false;

  constructor(private readonly options: SystemOptions) {}

  get serverPort(): number {
    return this.ports.server;
  }

  get postgresPort(): number {
    return this.ports.postgres;
  }

  async startDatabase(): Promise<void> {
    this.ports.postgres = await freePort();
    this.ports.server = await freePort();
    const child = this.spawn(this.options.processes.postgres, [join(this.options.folder, 'database'), String(this.ports.postgres)], 'postgres', {}); // prettier-ignore
    this.postgres = { child, postmaster: 0, starts: 0 };
    createInterface(child.stdout as NodeJS.ReadableStream).on('line', (line) => this.onPostgresUp(JSON.parse(line) as { url: string; postmaster: number })); // prettier-ignore
    void once(child, 'exit').then(() => {
      if (!this.isStopping) this.hopeless = new Error(`The database does not start: ${this.logOf('postgres')}`);
    });
    await this.postgresStarts(0);
  }

  async startProcesses(): Promise<void> {
    for (const slot of [...WORKERS, 'server'] as const) this.start(slot);
    await this.allReady();
  }

  /** The living workers that work, and that nobody has in his hands. */
  get free(): Life[] {
    return WORKERS.flatMap((slot) => {
      const life = this.current.get(slot);
      return life?.isReady && !life.isTaken ? [life] : [];
    });
  }

  get lives(): Life[] {
    return [...this.current.values()];
  }

  get server(): Life | undefined {
    const life = this.current.get('server');
    return life?.isReady && !life.isTaken ? life : undefined;
  }

  /** @throws Error when processes end again and again before they work */
  async allReady(): Promise<void> {
    for (const slot of [...WORKERS, 'server'] as const) {
      while (!(await this.lifeOf(slot).ready)) {
        await this.lifeOf(slot).ended;
        if (this.hopeless) throw this.hopeless;
      }
    }
  }

  /** @throws Error when the system cannot go on */
  check(): void {
    if (this.hopeless) throw this.hopeless;
  }

  /** kill -9, or SIGTERM for an end in order; the next life begins when this one has ended. */
  async end(life: Life, by: 'SIGKILL' | 'SIGTERM'): Promise<number | NodeJS.Signals> {
    life.isTaken = true;
    signal(life.pid, by);
    // One that was frozen may have come to a stop of its own behind its thaw: nobody else would wake it any more.
    const waking = setInterval(() => signal(life.pid, 'SIGCONT'), AGAIN_MS);
    const how = await life.ended;
    clearInterval(waking);
    if (this.current.get(life.slot) === life && !this.isStopping) this.start(life.slot);
    return how;
  }

  /** For good. */
  async endServer(): Promise<void> {
    const life = this.lifeOf('server');
    life.isTaken = true;
    this.current.delete('server');
    signal(life.pid, 'SIGTERM');
    await life.ended;
  }

  freeze(life: Life): void {
    life.isTaken = true;
    signal(life.pid, 'SIGSTOP');
  }

  async thaw(life: Life): Promise<void> {
    signal(life.pid, 'SIGCONT');
    // It may have come to its own stop meanwhile, before it read that it need not.
    await delay(AGAIN_MS);
    signal(life.pid, 'SIGCONT');
    life.isTaken = false;
  }

  /** Arms failpoints of a living process. */
  order(life: Life, orders: readonly Order[]): void {
    this.children.get(life.pid)?.stdin?.write(`${JSON.stringify(orders)}\n`);
  }

  /**
   * Ends the database, and waits until it is back: `immediate` as by `pg_ctl stop -m immediate`, `kill` by kill -9 of the postmaster and
   * all its backends.
   *
   * @returns milliseconds until it takes connections again
   */
  async restartDatabase(how: 'immediate' | 'kill'): Promise<number> {
    const { postmaster, starts } = this.running();
    const began = performance.now();
    const backends = how === 'kill' ? childrenOf(postmaster) : [];
    for (const pid of [postmaster, ...backends]) signal(pid, how === 'kill' ? 'SIGKILL' : 'SIGQUIT');
    await this.postgresStarts(starts);
    return performance.now() - began;
  }

  /** Stops everybody in order. @returns how each process ended */
  async stopProcesses(): Promise<(number | NodeJS.Signals)[]> {
    this.isStopping = true;
    return Promise.all(
      [...this.current.values()].map(async (life) => {
        life.isTaken = true;
        signal(life.pid, 'SIGCONT');
        signal(life.pid, 'SIGTERM');
        return life.ended;
      }),
    );
  }

  async close(): Promise<void> {
    this.isStopping = true;
    const children = [...this.children.values()].filter((child) => child.exitCode === null && child.signalCode === null);
    const gone = children.map((child) => once(child, 'exit'));
    for (const child of children) {
      signal(child.pid ?? 0, 'SIGCONT');
      child.stdin?.end();
    }
    await Promise.all(gone);
  }

  private lifeOf(slot: Slot): Life {
    const life = this.current.get(slot);
    if (!life) throw new Error(`There is no ${slot}.`);
    return life;
  }

  private running(): NonNullable<System['postgres']> {
    if (!this.postgres) throw new Error('The database does not run.');
    return this.postgres;
  }

  private onPostgresUp({ url, postmaster }: { url: string; postmaster: number }): void {
    const postgres = this.running();
    [postgres.postmaster, postgres.starts] = [postmaster, postgres.starts + 1];
    this.options.database.moveTo(url);
    for (const tell of this.onPostgres.splice(0)) tell();
  }

  private async postgresStarts(since: number): Promise<void> {
    while (this.running().starts <= since) {
      this.check();
      await Promise.race([new Promise<void>((tell) => this.onPostgres.push(tell)), once(this.running().child, 'exit')]);
    }
  }

  private start(slot: Slot): void {
    const { processes, database, leaseMs, mutation, termsOf, addressOf, onReady, onFired, onRefused, onEnded } = this.options;
    const number = (this.begun.get(slot) ?? 0) + 1;
    this.begun.set(slot, number);
    const name = slot === 'server' ? `server-${number}` : `worker-${slot}${number}`;
    const { build, skewMs, orders } = termsOf(slot);
    const databaseUrl = addressOf(slot, database.url);
    const settings: ProcessSettings = { databaseUrl, redisUrl: this.options.redisUrl, queues: QUEUES[slot], leaseMs, sweepMs: leaseMs / SWEEPS_PER_LEASE, port: slot === 'server' ? this.ports.server : 0, skewMs, orders }; // prettier-ignore
    const entry = slot === 'server' ? processes.server : processes.worker;
    const child = this.spawn(entry, [JSON.stringify(settings)], slot, {
      STEPWELL_BUILD: build,
      ...(mutation && { STEPWELL_MUTATION: mutation }),
    });
    const ended = new Promise<number | NodeJS.Signals>((settle) => child.once('exit', (code, by) => settle(code ?? by ?? 0)));
    const lines = createInterface(child.stdout as NodeJS.ReadableStream);
    const isUp = new Promise<true>((tell) =>
      lines.on('line', (line) => {
        // Warnings of the application come here, too.
        if (!line.startsWith('{')) return;
        const { ready, fired, refused } = JSON.parse(line) as { ready?: true; fired?: string; refused?: string };
        if (ready) tell(true);
        if (fired) onFired(life, fired);
        if (refused) onRefused(refused);
      }),
    );
    const life: Life = {
      ...{ slot, name, pid: child.pid ?? 0, build, skewMs, ended, isReady: false, isTaken: false },
      ready: Promise.race([isUp, ended.then(() => false)]),
    };
    this.current.set(slot, life);
    void life.ready.then((ready) => {
      life.isReady = ready;
      if (!ready) return;
      [this.failedStarts, this.hasWorked] = [0, true];
      onReady(life);
    });
    void ended.then((how) => {
      this.children.delete(life.pid);
      if (life.isTaken || this.isStopping) return;
      life.isTaken = true;
      if (life.isReady) onEnded(life, how);
      else if (++this.failedStarts >= MAX_FAILED_STARTS[this.hasWorked ? 'once' : 'never']) {
        this.hopeless = new Error(`The processes do not start: ${this.logOf(slot)}`);
        return;
      }
      this.start(slot);
    });
  }

  private logOf(name: string): string {
    return readFileSync(join(this.options.folder, `${name}.log`), 'utf8').slice(-1_000);
  }

  private spawn(program: string, words: readonly string[], name: string, environment: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(process.execPath, ['--no-warnings', `--max-old-space-size=${HEAP_MB}`, program, ...words], {
      cwd: this.options.folder,
      // A failpoint of the environment is for one process that is started by hand: here every process and each life of it would have it.
      env: { ...process.env, STEPWELL_FAILPOINT: undefined, ...environment, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stderr?.pipe(createWriteStream(join(this.options.folder, `${name}.log`), { flags: 'a' }));
    child.stdin?.on('error', () => undefined);
    this.children.set(child.pid ?? 0, child);
    return child;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    if (pid > 0) process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

/** Where the system does not tell (anything but Linux), none: the backends then end by themselves when their postmaster has gone. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
