/**
 * Isolation: runs that were there when two workers died go on in a child process, one at a time, so that what ends it ends nobody else, and
 * is known for certain. One child takes one suspect after the other and ends when there are none. What it ends with is proof against the
 * run whose code it was in, if it has called no other run's code before: a step may leave something behind that goes off later. So a
 * healthy run is given back without a word, and is the first one of the next child, because it is the oldest.
 *
 * This side only looks at how children end. A child whose parent has gone stops by itself.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Crash, type CrashMessage, recordCrash, type Sql } from '@stepwell/storage';
import type { WorkerLog } from '../worker/host.js';
import { storableText } from '../worker/storable-text.js';
import type { Entered, Exit, IsolatedProcess } from './isolated-process.js';

/** Between two children, so that bad runs leave the machine to good ones. One that calls nobody's code cannot start, and is tried again less and less. */
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
/** Above what a worker's drain takes. */
const STOP_MS = 10_000;
const MAX_LAST_WORDS = 4_000;

export interface IsolationParts {
  readonly sql: Sql;
  readonly start: () => IsolatedProcess;
  readonly wake: (queues: Iterable<string>) => void;
  readonly log: WorkerLog;
}

export class Isolation {
  private process: IsolatedProcess | undefined;
  private work: Promise<void> | undefined;
  private readonly stopping = new AbortController();

  constructor(private readonly parts: IsolationParts) {}

  /** There are suspects: sees to it that a process takes them. */
  look(): void {
    if (this.stopping.signal.aborted) return;
    this.work ??= this.run().finally(() => (this.work = undefined));
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.process?.kill('SIGTERM');
    const late = setTimeout(() => this.process?.kill('SIGKILL'), STOP_MS);
    await this.work;
    clearTimeout(late);
  }

  private async run(): Promise<void> {
    const { log } = this.parts;
    for (let pauseMs = PAUSE_MS; ;) {
      this.process = this.parts.start();
      const { process } = this;
      const exit = await process.ended;
      if (exit.reason === null) return;
      const isStopping = this.stopping.signal.aborted;
      const { tenant, runId, path: step } = process.entered ?? {};
      const about = { reason: exit.reason, ...(tenant === undefined ? {} : { tenant, runId, step }) };
      if (!isStopping) log.warn('A process in isolation has ended', about);
      await this.record(process, exit, isStopping);
      pauseMs = process.entered ? PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      await pause(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) return;
    }
  }

  private async record({ worker, entered, runs }: IsolatedProcess, exit: Exit, isStopping: boolean): Promise<void> {
    if (worker === undefined) return;
    // One that has entered nothing may hold a run all the same, whose journal was too much for it.
    const proof = !isStopping && runs.size === 1 ? entered : undefined;
    const crash: Crash = { worker, runId: proof?.runId ?? null, message: proof ? messageOf(proof, exit) : null };
    for (;;) {
      try {
        return this.parts.wake(await recordCrash(this.parts.sql, crash));
      } catch (error) {
        this.parts.log.warn('The end of a process in isolation could not be recorded; that is tried again', { error: String(error) });
        if (this.stopping.signal.aborted) return;
        await pause(1_000, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }
}

function messageOf({ path, stepId, iteration, attempt, standIn }: Entered, { reason, lastWords }: Exit): CrashMessage {
  const stack = storableText(lastWords, MAX_LAST_WORDS);
  const what = attempt === 0 ? `What "${stepId}" evaluates` : `Step "${stepId}"`;
  const message = `${what} ended the process that it ran in, three times, alone in it. The last time: ${reason}.`;
  const fault = { code: 'PROCESS_ENDED', message, ...(stack === '' ? {} : { stack }), retryable: false };
  return attempt === 0
    ? { kind: 'evaluation.crashed', payload: { path, iteration, fault } }
    : { kind: 'incident.opened', payload: { path, iteration, attempt, standIn, cause: 'poison', fault } };
}
