/**
 * What a worker process writes down of itself, one line per happening, so that afterwards (and while it runs, for aiming) one can say
 * what was in flight when it was killed: `<microseconds of the monotonic clock> <what> <run> [<step> <attempt>]`.
 *
 * The clock is the machine's, the same in all processes. Each line is one write(2) to a file in append mode, before the worker goes on:
 * kill -9 loses none that was written.
 */
export const Trace = {
  /** A handler is entered. */
  stepBegun: 'B',
  /** The step's completion is durable, and the worker knows. */
  stepCompleted: 'C',
  /** Another outcome of the attempt is durable: a failure, a suspension. */
  stepLeft: 'L',
  /** The attempt was dropped: fenced, cut, or of unknown outcome. */
  stepDropped: 'D',
  /** The author's work inside ctx.transaction has begun: the transaction is open. */
  transactionOpened: 'T',
  transactionClosed: 't',
  /** The transaction of an emitter's batch is open: its run row is locked. */
  batchOpened: 'M',
  batchClosed: 'm',
  /** The process freezes itself, with the author's work in a transaction done and not yet sealed. */
  frozen: 'Z',
  /** The run's end is durable, committed by this worker. */
  runEnded: 'F',
} as const;
export type Trace = (typeof Trace)[keyof typeof Trace];

/** Where a worker's processes in isolation find its trace. */
export const TRACE_VARIABLE = 'STEPWELL_CRASH_TRACE';

/** For so long a worker that was asked to freeze looks for a transaction to do it in. */
export const FREEZE_WITHIN_MS = 5_000;

export interface TraceLine {
  /** Microseconds of the monotonic clock. */
  readonly at: number;
  readonly what: Trace;
  readonly runId: string;
  readonly step: string;
  readonly attempt: string;
}

export function formatLine(what: Trace, runId: string, step = '', attempt: number | string = ''): string {
  return `${process.hrtime.bigint() / 1000n} ${what} ${runId} ${step} ${attempt}\n`;
}

export function parseLine(text: string): TraceLine {
  const [at, what, runId, step, attempt] = text.split(' ') as [string, Trace, string, string, string];
  return { at: Number(at), what, runId, step, attempt };
}
