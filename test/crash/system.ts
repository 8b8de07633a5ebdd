/**
 * The system that is killed: one database process and two worker processes. Whoever dies is started again at once, as a supervisor
 * would. Knows who holds what; decides nothing.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '../setup/free-port.js';
import type { Database } from './database.js';
import type { Program } from './program.js';
import { type InFlight, TraceReader } from './trace-reader.js';
import type { WorkerSettings } from './worker-process.js';

export type Slot = 'A' | 'B';

/** One life of a worker. */
export interface Life {
  readonly slot: Slot;
  readonly number: number;
  readonly pid: number;
  readonly trace: TraceReader;
  /** Settles when it works; false when it ended before. */
  readonly ready: Promise<boolean>;
  readonly ended: Promise<number | NodeJS.Signals>;
  isReady: boolean;
  /** We wanted its end. */
  isKilled: boolean;
}

/** A start fails while the database recovers, for a second or two. */
const MAX_FAILED_STARTS = 20;

export interface SystemOptions {
  readonly program: Program;
  readonly database: Database;
  readonly worker: Pick<WorkerSettings, 'leaseMs' | 'sweepMs' | 'maxActive'>;
}

export class System {
  readonly lives: Life[] = [];
  /** Lives that ended although nobody killed them, after they had been ready. */
  readonly endedByItself: string[] = [];
  private readonly current = new Map<Slot, Life>();
  private readonly children = new Map<number, ChildProcess>();
  private readonly ports = new Map<Slot, number>();
  private postgres: { readonly child: ChildProcess; readonly postmaster: number } | undefined;
  private failedStarts = 0;
  private hopeless: Error | undefined;
  private stopping = false;

  constructor(private readonly options: SystemOptions) {}

  async start(): Promise<void> {
    await this.startPostgres();
  }

  async startWorkers(): Promise<void> {
    for (const slot of ['A', 'B'] as const) this.ports.set(slot, await freePort());
    for (const slot of ['A', 'B'] as const) this.startWorker(slot);
    await this.allReady();
  }

  /** The living workers that work. */
  get ready(): Life[] {
    return [...this.current.values()].filter((life) => life.isReady && !life.isKilled);
  }

  /** @throws Error when workers end again and again before they work */
  async allReady(): Promise<void> {
    for (const slot of ['A', 'B'] as const) {
      while (!(await this.lifeOf(slot).ready)) {
        await this.lifeOf(slot).ended;
        if (this.hopeless) throw this.hopeless;
      }
    }
  }

  /** kill -9 of one worker; starts the next one at once. @returns what it had in flight */
  async killWorker(life: Life): Promise<InFlight> {
    const inFlight = await this.kill(life);
    this.startWorker(life.slot);
    return inFlight;
  }

  /** kill -9 of everything: both workers, the database's parent, the postmaster and its backends. Then all start again. */
  async killAll(): Promise<InFlight> {
    const lives = [...this.current.values()];
    const { child, postmaster } = this.running();
    const backends = childrenOf(postmaster);
    for (const life of lives) life.isKilled = true;
    const gone = once(child, 'exit');
    for (const pid of [...lives.map((life) => life.pid), child.pid ?? 0, postmaster, ...backends]) signal(pid, 'SIGKILL');
    const inFlight = await Promise.all(lives.map((life) => this.kill(life)));
    await gone;
    await this.startPostgres();
    for (const life of lives) this.startWorker(life.slot);
    return inFlight.reduce((sum, one) => ({
      steps: sum.steps + one.steps,
      transactions: sum.transactions + one.transactions,
      batches: sum.batches + one.batches,
    }));
  }

  /** kill -9 of one backend: PostgreSQL then ends all others and recovers, while the workers live on with broken connections. */
  killBackend(choose: (backends: readonly number[]) => number | undefined): boolean {
    const backends = childrenOf(this.running().postmaster).filter((pid) => commandLine(pid).includes('stepwell'));
    const pid = choose(backends);
    return pid !== undefined && signal(pid, 'SIGKILL');
  }

  /** Asks a worker to freeze in its next transaction. */
  askToFreeze(life: Life): void {
    signal(life.pid, 'SIGUSR2');
  }

  thaw(life: Life): void {
    signal(life.pid, 'SIGCONT');
  }

  /** Stops the workers in order. @returns how each ended */
  async stopWorkers(): Promise<(number | NodeJS.Signals)[]> {
    this.stopping = true;
    const lives = [...this.current.values()];
    for (const life of lives) {
      life.isKilled = true;
      signal(life.pid, 'SIGTERM');
    }
    const codes = await Promise.all(lives.map((life) => life.ended));
    for (const life of lives) life.trace.close();
    return codes;
  }

  async close(): Promise<void> {
    this.stopping = true;
    const children = [...this.children.values()].filter((child) => child.exitCode === null && child.signalCode === null);
    const gone = children.map((child) => once(child, 'exit'));
    for (const child of children) child.stdin?.end();
    await Promise.all(gone);
  }

  private lifeOf(slot: Slot): Life {
    const life = this.current.get(slot);
    if (!life) throw new Error(`There is no worker ${slot}.`);
    return life;
  }

  private running(): { readonly child: ChildProcess; readonly postmaster: number } {
    if (!this.postgres) throw new Error('The database does not run.');
    return this.postgres;
  }

  private async kill(life: Life): Promise<InFlight> {
    life.isKilled = true;
    signal(life.pid, 'SIGKILL');
    await life.ended;
    return life.trace.close();
  }

  private startWorker(slot: Slot): void {
    const { program, database, worker } = this.options;
    const number = this.lives.filter((life) => life.slot === slot).length + 1;
    const name = `worker-${slot}${number}`;
    const traceFile = join(program.folder, `${name}.trace`);
    const settings: WorkerSettings = { ...worker, databaseUrl: database.url, traceFile, port: this.ports.get(slot) ?? 0 };
    const child = this.spawn(program.worker, JSON.stringify(settings), name, { STRIKE_REPORTS_FILE: program.records });
    const ended = new Promise<number | NodeJS.Signals>((settle) => child.once('exit', (code, by) => settle(code ?? by ?? 0)));
    const life: Life = {
      slot,
      number,
      pid: child.pid ?? 0,
      trace: new TraceReader(traceFile),
      ready: Promise.race([firstLine(child).then(() => true), ended.then(() => false)]),
      ended,
      isReady: false,
      isKilled: false,
    };
    void life.ready.then((ready) => {
      life.isReady = ready;
      if (ready) this.failedStarts = 0;
    });
    void ended.then((code) => {
      if (life.isKilled || this.stopping) return;
      life.isKilled = true;
      life.trace.close();
      if (life.isReady) this.endedByItself.push(`${name} (${code})`);
      else this.failedStarts++;
      if (this.failedStarts < MAX_FAILED_STARTS) return this.startWorker(slot);
      const said = readFileSync(join(program.folder, `${name}.log`), 'utf8').slice(-1_000);
      this.hopeless = new Error(`The workers do not start: ${said}`);
    });
    this.lives.push(life);
    this.current.set(slot, life);
  }

  private async startPostgres(): Promise<void> {
    const { program, database } = this.options;
    const child = this.spawn(program.postgres, join(program.folder, 'database'), 'postgres-process', {});
    const ended = once(child, 'exit').then(() => undefined);
    const line = await Promise.race([firstLine(child), ended]);
    if (line === undefined)
      throw new Error(`The database does not start: ${readFileSync(join(program.folder, 'postgres-process.log'), 'utf8').slice(-1_000)}`);
    const { url, postmaster } = JSON.parse(line) as { url: string; postmaster: number };
    this.postgres = { child, postmaster };
    database.moveTo(url);
  }

  private spawn(program: string, argument: string, name: string, environment: NodeJS.ProcessEnv): ChildProcess {
    const child = spawn(process.execPath, ['--no-warnings', '--enable-source-maps', program, argument], {
      cwd: this.options.program.folder,
      env: { ...process.env, ...environment, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stderr?.pipe(createWriteStream(join(this.options.program.folder, `${name}.log`), { flags: 'a' }));
    child.stdin?.on('error', () => undefined);
    this.children.set(child.pid ?? 0, child);
    return child;
  }
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((settle) => createInterface(child.stdout as NodeJS.ReadableStream).once('line', settle));
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return pid > 0 && process.kill(pid, name);
  } catch {
    return false;
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

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
