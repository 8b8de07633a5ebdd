/**
 * A transaction on a connection of its own, for `ctx.transaction` and for an emitter's batch. READ COMMITTED. It tells the author's
 * errors from the loss of the database: a connection that breaks is nobody's failed attempt, the run is simply claimed again.
 */
import { StepwellError } from '@stepwell/contracts';
import { type OwnTransaction, type OwnTransactions, StalledProcessError, UnknownOutcomeError } from '@stepwell/engine';
import { RetryAfterError, TerminalError, UnknownEffectError } from '@stepwell/sdk';
import type { DataSource, QueryRunner } from 'typeorm';
import type { PostgresCommitter } from './group-committer.js';
import { codeOf, DISK_FULL, IDLE_IN_TRANSACTION, isPassing, READ_ONLY } from './database-error.js';
import { endDispatch } from './queries/dispatches.query.js';
import { claimRecordKeys, insertReads, moveCursor, readCursor } from './queries/emit-batch.query.js';
import { insertRuns } from './queries/insert-runs.query.js';
import { lockRun } from './queries/lock-run.query.js';
import { managerSql, type Sql } from './sql.js';
import { Silence } from './silence.js';
import { STALLS, type Watch } from './stall-meter.js';
import { Turns } from './turns.js';

/** Of the time that a transaction may idle: who stood still, or said nothing, for so much of it is why nothing was heard. */
const SHARE = 0.5;
const LATER = 'do what takes long, such as calls of services, before it begins.';

/** A transaction that begins now may write, and so might one that began so many milliseconds ago: no setting was changed since. */
const STORES = `SELECT current_setting('transaction_read_only') = 'off' AND pg_conf_load_time() < clock_timestamp() - $1::float8 * interval '1 millisecond' AS stores`;

/** PostgreSQL takes no more. */
const LONGEST_IDLE_MS = 2 ** 31 - 1;

/**
 * Connections that transactions leave to everybody else. The author's code may read the database while a transaction is open (a repository
 * inside its work, the props of another run's screen); if transactions had all connections, each would wait for another to end.
 */
const LEFT_TO_OTHERS = 2;
/** As pg has it, when the pool was given no size. */
const DEFAULT_POOL_SIZE = 10;

const TURNS = new WeakMap<DataSource, Turns>();

function turnsOf(dataSource: DataSource): Turns {
  let turns = TURNS.get(dataSource);
  const { poolSize = DEFAULT_POOL_SIZE } = dataSource.options;
  if (!turns) TURNS.set(dataSource, (turns = new Turns(Math.max(1, poolSize - LEFT_TO_OTHERS))));
  return turns;
}

export class PostgresOwnTransactions implements OwnTransactions {
  /** @param sql for reads outside of the transaction */
  constructor(
    private readonly dataSource: DataSource,
    private readonly committer: PostgresCommitter,
    private readonly sql: Sql,
  ) {}

  run<T>(idleMs: number, work: (transaction: OwnTransaction) => Promise<T>): Promise<T> {
    return turnsOf(this.dataSource).take(() => this.begin(idleMs, work));
  }

  readCursor(tenant: string, emitter: string): Promise<unknown> {
    return readCursor(this.sql, tenant, emitter);
  }

  /**
   * A database that has no room, or is made read-only (as a standby is, in a failover), is nobody's failed attempt; nor when it has become
   * as it was, since the transaction began. One that began while the server was in recovery stays read-only to its end. One that began
   * otherwise may be read-only because its author wanted it so.
   */
  private async storesNothing(runner: QueryRunner, error: unknown, { at: began, isReadOnly }: Beginning): Promise<boolean> {
    const code = codeOf(error);
    if (code !== READ_ONLY) return code === DISK_FULL;
    if (isReadOnly) return true;
    const rows = (await runner.query(STORES, [performance.now() - began]).catch(() => [])) as { stores: boolean }[];
    return rows[0]?.stores !== true;
  }

  private async begin<T>(idleMs: number, work: (transaction: OwnTransaction) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const { broken, began } = await open(runner, idleMs);
    const watch = STALLS.begin();
    const transaction = transactionOf(runner, this.committer);
    const silence = new Silence(runner);
    try {
      return await work(transaction);
    } catch (error) {
      // It may be the first that hears of the cut.
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(broken.note);
      const wasCut = [error, broken.cause].some((cause) => codeOf(cause) === IDLE_IN_TRANSACTION);
      if (error instanceof UnknownOutcomeError) throw error;
      if (wasCut) throw isAuthorsWord(error) ? error : whyCut(idleMs, watch, transaction.isAuthors && silence, error);
      if (await this.storesNothing(runner, error, began))
        throw new UnknownOutcomeError('The database stores nothing for now.', { cause: error });
      if (!transaction.isAuthors && isPassing(error))
        throw new UnknownOutcomeError('The database did not let the engine finish a transaction.', { cause: error });
      if (broken.cause === undefined) throw error;
      const Outcome = hasStalled(watch, idleMs) ? StalledProcessError : UnknownOutcomeError;
      throw new Outcome('The connection broke during a transaction.', { cause: error });
    } finally {
      watch.end();
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
      broken.forget();
      await runner.release();
    }
  }
}

/**
 * From whom nothing was heard: the author's code, the engine behind it, the process, which runs more than this step, or the network.
 *
 * @param silence of the author; false when his code was no longer at work
 */
function whyCut(idleMs: number, watch: Watch, silence: Silence | false, cause: unknown): Error {
  if (!silence) return new UnknownOutcomeError('The transaction was cut while the engine had it.', { cause });
  if (hasStalled(watch, idleMs)) return new StalledProcessError('The transaction was cut while this process stood still.', { cause });
  if (silence.longestMs() < idleMs * SHARE)
    return new UnknownOutcomeError('The transaction was cut because the network was slow.', { cause });
  return new StepwellError('TRANSACTION_IDLED', { idleMs, reason: LATER }, { cause });
}

/** What became of the step is its author's to say, whatever became of the transaction: that it was rolled back is certain. */
function isAuthorsWord(error: unknown): boolean {
  return error instanceof TerminalError || error instanceof RetryAfterError || error instanceof UnknownEffectError;
}

function hasStalled(watch: Watch, idleMs: number): boolean {
  return watch.stalledMs() >= idleMs * SHARE;
}

/** With whether its author's code is still at work in it. */
function transactionOf(runner: QueryRunner, committer: PostgresCommitter): OwnTransaction & { readonly isAuthors: boolean } {
  const { manager } = runner;
  const sql = managerSql(manager);
  let isAuthors = true;
  return {
    manager,
    get isAuthors() {
      return isAuthors;
    },
    get isActive() {
      return runner.isTransactionActive;
    },
    // Deferred constraints speak now, while their error is still the step's own. The author's statements were planned as Postgres likes;
    // ours, which follow, are to keep their plan.
    authorIsDone: async ({ hasWritten }) => {
      await runner.query(`${hasWritten ? 'SET CONSTRAINTS ALL IMMEDIATE; ' : ''}SET LOCAL plan_cache_mode = force_generic_plan`);
      isAuthors = false;
    },
    batch: {
      lockRun: ({ tenant, id, epoch }) => lockRun(sql, tenant, id, epoch),
      moveCursor: (tenant, emitter, from, to, run) => moveCursor(sql, tenant, emitter, from, to, run),
      claimRecordKeys: (tenant, emitter, keys, runIds) => claimRecordKeys(sql, tenant, emitter, keys, runIds),
      insertRuns: async (runs) => void (await insertRuns(sql, runs)),
      insertReads: (tenant, run, batch, emitter, rows) => insertReads(sql, tenant, run, batch, emitter, rows),
    },
    commitRun: (commit) => committer.commitVia(sql, commit),
    endDispatch: (dispatch, facts) => endDispatch(sql, dispatch, facts),
    commit: () => runner.commitTransaction(),
    rollback: () => runner.rollbackTransaction(),
  };
}

interface Breakage {
  cause: unknown;
  readonly note: (cause: unknown) => void;
  /** Takes the listener off the connection, which goes back to the pool. */
  forget: () => void;
}

interface Beginning {
  /** As the process measures time, before anything was sent. */
  readonly at: number;
  /** Whoever began it could not write, whatever the author did since. */
  readonly isReadOnly: boolean;
}

interface Connection {
  query(statements: string): Promise<readonly { readonly rows: readonly Record<string, unknown>[] }[]>;
  once(event: 'error', listener: (cause: unknown) => void): void;
  off(event: 'error', listener: (cause: unknown) => void): void;
}

async function open(runner: QueryRunner, idleMs: number): Promise<{ readonly broken: Breakage; readonly began: Beginning }> {
  const at = performance.now();
  const broken: Breakage = { cause: undefined, note: (cause) => (broken.cause ??= cause), forget: () => undefined };
  try {
    const connection = (await runner.connect()) as Connection;
    connection.once('error', broken.note);
    broken.forget = () => connection.off('error', broken.note);
    await runner.startTransaction();
    // SHOW, not SELECT: after a query the author could choose no isolation any more.
    const results = await connection.query(
      `SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = ${Math.min(idleMs, LONGEST_IDLE_MS)}; SHOW transaction_read_only`,
    );
    return { broken, began: { at, isReadOnly: results.at(-1)?.rows[0]?.['transaction_read_only'] === 'on' } };
  } catch (cause) {
    broken.forget();
    await runner.release();
    throw new UnknownOutcomeError('No transaction could be opened.', { cause });
  }
}
