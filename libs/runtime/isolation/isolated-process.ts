/** A process in isolation, as its parent has it: where its author code was last, and how it ended. */
import { type ChildProcess, fork } from 'node:child_process';
import type { IsolatedSettings } from './isolated-settings.js';
import { HANG_NOTICE } from './watchdog.js';

/** What it is told, as JSON in its environment: on its command line everybody could read the database's password. */
export const SETTINGS_VARIABLE = 'STEPWELL_ISOLATED';

/** The exit code of one that ends in order. Not 0: author code, too, ends its process with that. */
export const IN_ORDER = 86;

/** The worker in it is about to claim. */
export interface Began {
  /** The incarnation. */
  readonly worker: string;
}

/** Author code is about to be called. */
export interface Entered {
  /** The worker incarnation that holds the run. */
  readonly worker: string;
  readonly tenant: string;
  readonly runId: string;
  readonly path: string;
  readonly stepId: string;
  readonly iteration: string;
  /** 0: a condition, a payload or the like. */
  readonly attempt: number;
  /** What stands in for the step at this attempt, or verifies it; null: the handler itself. */
  readonly standIn: string | null;
}

export interface Exit {
  /** For people: `exit code 1`, `signal SIGSEGV`, `out of memory`, `a hang`; null when it ended in order. */
  readonly reason: string | null;
  /** What it wrote to stderr last. */
  readonly lastWords: string;
}

/** Twenty lines of a stack and what stands around them. */
const LAST_WORDS = 4_000;
/** How long the end of its output is waited for: a process that it has started itself may keep that open for ever. */
const OUTPUT_MS = 1_000;

export class IsolatedProcess {
  readonly ended: Promise<Exit>;
  /** Undefined while it cannot hold anything. */
  worker: string | undefined;
  /** The last one; undefined while it has called none. */
  entered: Entered | undefined;
  /** Runs whose code it has called. */
  readonly runs = new Set<string>();
  private readonly child: ChildProcess;
  private lastWords = '';

  constructor(entry: string, memoryMb: number | undefined, settings: IsolatedSettings) {
    this.child = fork(entry, [], {
      execArgv: [...process.execArgv, ...(memoryMb === undefined ? [] : [`--max-old-space-size=${memoryMb}`])],
      env: { ...process.env, [SETTINGS_VARIABLE]: JSON.stringify(settings) },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      // Ctrl-C in a terminal reaches the whole process group; this one is stopped by its parent, in its turn.
      detached: true,
    });
    this.child.on('message', (message: Began | Entered) => {
      this.worker = message.worker;
      if (!('runId' in message)) return;
      this.entered = message;
      this.runs.add(message.runId);
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      process.stderr.write(chunk);
      this.lastWords = (this.lastWords + chunk.toString()).slice(-LAST_WORDS);
    });
    this.ended = new Promise((settle) => {
      this.child.once('error', (error) => settle({ reason: `it did not start (${error.message})`, lastWords: '' }));
      const hasEnded = (code: number | null, signal: NodeJS.Signals | null): void =>
        settle({ reason: this.reason(code, signal), lastWords: this.lastWords });
      // `close` waits for what it has written.
      this.child.once('close', hasEnded);
      this.child.once('exit', (code, signal) => {
        const late = setTimeout(() => {
          this.child.stderr?.destroy();
          hasEnded(code, signal);
        }, OUTPUT_MS);
        this.child.once('close', () => clearTimeout(late));
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.child.kill(signal);
  }

  private reason(code: number | null, signal: NodeJS.Signals | null): string | null {
    if (code === IN_ORDER) return null;
    if (this.lastWords.includes(HANG_NOTICE)) return 'a hang';
    if (/heap out of memory|invalid (?:array|table) size|allocation failed/i.test(this.lastWords)) return 'out of memory';
    return signal === null ? `exit code ${code}` : `signal ${signal}`;
  }
}
