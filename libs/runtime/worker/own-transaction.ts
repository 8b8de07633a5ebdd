/**
 * A transaction on a connection of its own, for `ctx.transaction` and for an emitter's batch. READ COMMITTED. It tells the author's
 * errors from the loss of the database: a connection that breaks is nobody's failed attempt, the run is simply claimed again.
 */
import { managerSql, UnknownOutcomeError } from '@stepwell/storage';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { ActivationHost, OwnTransaction } from './host.js';
import { Turns } from './turns.js';

/** The server cut a transaction that idled too long: that is the author's doing, and would be so the next time. */
const IDLE_IN_TRANSACTION = '25P03';

/**
 * Connections that transactions leave to everybody else. The author's code may read the database while a transaction is open (a repository
 * inside its work, a screen's props in the commit that follows); if transactions had all connections, each would wait for another to end.
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

/**
 * Opens the transaction, when there is a connection to spare, and ends it whatever happens: `work` commits by `transaction.commit()`, anything else is rolled back.
 *
 * @throws UnknownOutcomeError when the connection broke; otherwise what `work` throws
 */
export function inOwnTransaction<T>(host: TransactionHost, work: Work<T>): Promise<T> {
  return turnsOf(host.dataSource).take(() => begin(host, work));
}

type TransactionHost = Pick<ActivationHost, 'dataSource' | 'transactionIdleMs'>;
type Work<T> = (transaction: OwnTransaction, manager: EntityManager, runner: QueryRunner) => Promise<T>;

async function begin<T>({ dataSource, transactionIdleMs }: TransactionHost, work: Work<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const broken = await open(runner, transactionIdleMs);
  try {
    const transaction = {
      sql: managerSql(runner.manager),
      commit: () => runner.commitTransaction(),
      rollback: () => runner.rollbackTransaction(),
    };
    return await work(transaction, runner.manager, runner);
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(broken.note);
    if (broken.cause === undefined || error instanceof UnknownOutcomeError || codeOf(broken.cause) === IDLE_IN_TRANSACTION) throw error;
    throw new UnknownOutcomeError('The connection broke during a transaction.', { cause: error });
  } finally {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    broken.forget();
    await runner.release();
  }
}

interface Breakage {
  cause: unknown;
  readonly note: (cause: unknown) => void;
  /** Takes the listener off the connection, which goes back to the pool. */
  forget: () => void;
}

interface Connection {
  once(event: 'error', listener: (cause: unknown) => void): void;
  off(event: 'error', listener: (cause: unknown) => void): void;
}

async function open(runner: QueryRunner, idleMs: number): Promise<Breakage> {
  const broken: Breakage = { cause: undefined, note: (cause) => (broken.cause ??= cause), forget: () => undefined };
  try {
    const connection = (await runner.connect()) as Connection;
    connection.once('error', broken.note);
    broken.forget = () => connection.off('error', broken.note);
    await runner.startTransaction();
    await runner.query(`SET TRANSACTION ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = ${idleMs}`);
    return broken;
  } catch (cause) {
    broken.forget();
    await runner.release();
    throw new UnknownOutcomeError('No transaction could be opened.', { cause });
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}
