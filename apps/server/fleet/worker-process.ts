/** One worker process beside the server, as the server has it: whether it serves, and how it ended. */
import { type ChildProcess, fork } from 'node:child_process';
import type { RuntimeOptions } from '@stepwell/runtime';
import type { Shard } from '../shards/shard.js';
import { passOn } from './named-lines.js';

/** What it is told, as JSON in its environment: on its command line everybody could read the database's password. */
export const WORKER_VARIABLE = 'STEPWELL_WORKER_PROCESS';

export interface WorkerSettings extends Omit<RuntimeOptions, 'roles' | 'isolated' | 'clients'> {
  /** The databases beside that of `databaseUrl`. */
  readonly shards: readonly Shard[];
}

export interface WorkerEnd {
  /** For people: `exit code 1`, `signal SIGKILL`. */
  readonly reason: string;
  /** Somebody has asked it to: it has drained, and says nothing about its health. */
  readonly wasAsked: boolean;
}

/** What was printed is there at once. `close` also waits for programs that a step has started with the same output, and may never come. */
const LAST_LINES_MS = 1_000;

export class WorkerProcess {
  /** Settles when it takes work, or has ended before it did. */
  readonly served: Promise<boolean>;
  readonly ended: Promise<WorkerEnd>;
  /** It has ended, and what it has printed was passed on; what others print that it has left behind is waited for a moment only. */
  readonly closed: Promise<void>;
  private readonly child: ChildProcess;

  /** @param entry the compiled `worker.js` */
  constructor(name: string, entry: string, settings: WorkerSettings) {
    this.child = fork(entry, [], {
      env: { ...process.env, [WORKER_VARIABLE]: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C in a terminal reaches the whole process group; this one is stopped by the server, in its turn.
      detached: true,
    });
    passOn(this.child.stdout, process.stdout, name);
    passOn(this.child.stderr, process.stderr, name);
    let wasAsked = false;
    this.ended = new Promise((settle) => {
      this.child.once('error', (error) => settle({ reason: `it did not start: ${error.message}`, wasAsked: false }));
      this.child.once('exit', (code, signal) => settle({ reason: signal === null ? `exit code ${code}` : `signal ${signal}`, wasAsked }));
    });
    this.closed = new Promise((settle) => {
      this.child.once('error', () => settle());
      this.child.once('close', () => settle());
      this.child.once('exit', () => setTimeout(settle, LAST_LINES_MS));
    });
    this.served = new Promise((settle) => {
      this.child.on('message', (message: { isServing?: boolean; isStopping?: boolean } | null) => {
        if (message?.isServing) settle(true);
        wasAsked ||= message?.isStopping === true;
      });
      void this.ended.then(() => settle(false));
    });
  }

  kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    this.child.kill(signal);
  }
}
