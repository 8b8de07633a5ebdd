/**
 * Makes this process write its trace: wraps, from outside, the three places that every step, transaction and batch goes through (the
 * registry of handlers, the committer, the connection). The product knows nothing of it and runs the same code as ever.
 */
import type { CommitOutcome, RunCommit } from '@stepwell/engine';
import { openSync, writeSync } from 'node:fs';
import { HandlerRegistry } from '@stepwell/runtime';
import type { Type } from '@stepwell/sdk';
import { GroupCommitter, type Sql } from '@stepwell/storage';
import pg from 'pg';
import { FREEZE_WITHIN_MS, formatLine, Trace } from './trace-line.js';

/** Asked by SIGUSR2: freeze in the next transaction, when the author's work is done and the seal is still to come. */
let freezeUntil = 0;
process.on('SIGUSR2', () => {
  freezeUntil = performance.now() + FREEZE_WITHIN_MS;
});

function freeze(write: Write, { runId, stepId, attempt }: Context): void {
  freezeUntil = 0;
  write(Trace.frozen, runId, stepId, attempt);
  process.kill(process.pid, 'SIGSTOP');
}

type Write = (...words: Parameters<typeof formatLine>) => void;

export function traceTo(file: string): void {
  const handle = openSync(file, 'a');
  const write: Write = (...words) => void writeSync(handle, formatLine(...words));
  const sealing = new Map<string, RunCommit>();
  traceHandlers(write, sealing);
  traceCommits(write, sealing);
  traceBatches(write, sealing);
}

/** The part of a step's context that is looked at. */
interface Context {
  readonly runId: string;
  readonly stepId: string;
  readonly attempt: number;
  /** Not for authors: which turn of the loops around it this is. */
  readonly iteration: string;
  readonly signal: AbortSignal;
  transaction(work: (manager: unknown) => Promise<unknown>): Promise<unknown>;
}

interface Handler {
  run(ctx: Context): unknown;
}

/** @param sealing what went into a transaction that has not ended yet, by run */
function traceHandlers(write: Write, sealing: Map<string, RunCommit>): void {
  const traced = new WeakMap<object, object>();
  const get = HandlerRegistry.prototype.get;
  HandlerRegistry.prototype.get = function <T extends object>(this: HandlerRegistry, type: Type<T>): T {
    const handler = get.call(this, type);
    if (!('run' in handler)) return handler as T;
    let wrapper = traced.get(handler);
    if (!wrapper) {
      wrapper = Object.assign(Object.create(handler) as object, {
        run: (ctx: Context): unknown => {
          write(Trace.stepBegun, ctx.runId, stepOf(ctx), ctx.attempt);
          ctx.signal.addEventListener('abort', () => write(Trace.stepDropped, ctx.runId, stepOf(ctx), ctx.attempt), { once: true });
          traceTransactions(ctx, write, sealing);
          return (handler as unknown as Handler).run(ctx);
        },
      });
      traced.set(handler, wrapper);
    }
    return wrapper as T;
  };
}

function traceTransactions(ctx: Context, write: Write, sealing: Map<string, RunCommit>): void {
  const transaction = ctx.transaction.bind(ctx);
  ctx.transaction = async (work) => {
    try {
      const result = await transaction(async (manager) => {
        write(Trace.transactionOpened, ctx.runId, stepOf(ctx), ctx.attempt);
        const output = await work(manager);
        if (performance.now() < freezeUntil) freeze(write, ctx);
        return output;
      });
      const commit = sealing.get(ctx.runId);
      if (commit) writeOutcome(write, commit);
      return result;
    } finally {
      sealing.delete(ctx.runId);
      write(Trace.transactionClosed, ctx.runId, stepOf(ctx), ctx.attempt);
    }
  };
}

function traceCommits(write: Write, sealing: Map<string, RunCommit>): void {
  const { commit, commitVia } = GroupCommitter.prototype;
  GroupCommitter.prototype.commit = async function (this: GroupCommitter, one: RunCommit): Promise<CommitOutcome> {
    const outcome = await commit.call(this, one);
    if (outcome) writeOutcome(write, one);
    else writeDropped(write, one);
    return outcome;
  };
  // A seal is durable only when its transaction has ended.
  GroupCommitter.prototype.commitVia = async function (this: GroupCommitter, sql: Sql, one: RunCommit): Promise<CommitOutcome> {
    const outcome = await commitVia.call(this, sql, one);
    if (outcome) sealing.set(one.runId, one);
    else writeDropped(write, one);
    return outcome;
  };
}

const OUTCOMES: Readonly<Record<string, Trace>> = {
  'step.completed': Trace.stepCompleted,
  'attempt.failed': Trace.stepLeft,
  'attempt.suspended': Trace.stepLeft,
};

function writeOutcome(write: Write, { runId, facts, intent }: RunCommit): void {
  for (const fact of facts) {
    const what = OUTCOMES[fact.type];
    if (what) write(what, runId, idOf(fact), fact.attempt);
  }
  if (intent.kind === 'end') write(Trace.runEnded, runId);
}

function writeDropped(write: Write, { runId, facts }: RunCommit): void {
  for (const fact of facts) if (OUTCOMES[fact.type]) write(Trace.stepDropped, runId, idOf(fact), fact.attempt);
}

/** A node's path ends with its id; in a loop each turn counts for itself. */
function idOf({ path, iteration }: { readonly path: string; readonly iteration: string }): string {
  return turnOf(path.slice(path.lastIndexOf('/') + 1), iteration);
}

function stepOf({ stepId, iteration }: Context): string {
  return turnOf(stepId, iteration);
}

function turnOf(id: string, iteration: string): string {
  return iteration === '' ? id : `${id}#${iteration}`;
}

type PgQuery = (this: pg.Client, config: string | pg.QueryConfig, ...more: unknown[]) => unknown;

/** An emitter's transaction is known by its first statement: it locks the emitter's run. It ends with COMMIT or ROLLBACK, or its connection. */
function traceBatches(write: Write, sealing: Map<string, RunCommit>): void {
  const batches = new WeakMap<pg.Client, string>();
  const prototype = pg.Client.prototype as unknown as { query: PgQuery };
  const { query } = prototype;
  prototype.query = function (config, ...more) {
    const result = query.call(this, config, ...more);
    if (typeof config === 'object' && config.name === 'lock-run') {
      const runId = String((config.values as unknown[])[1]);
      void answered(result).then((came) => {
        if (!came) return;
        batches.set(this, runId);
        write(Trace.batchOpened, runId);
      });
    }
    const batchOf = batches.get(this);
    if (batchOf === undefined) return result;
    const ends = config === 'COMMIT' || config === 'ROLLBACK';
    void answered(result).then((came) => {
      if (came && !ends) return;
      const commit = sealing.get(batchOf);
      if (came && config === 'COMMIT' && commit) writeOutcome(write, commit);
      sealing.delete(batchOf);
      batches.delete(this);
      write(Trace.batchClosed, batchOf);
    });
    return result;
  };
}

function answered(result: unknown): Promise<boolean> {
  return Promise.resolve(result).then(
    () => true,
    () => false,
  );
}
