import { StepwellError } from '@stepwell/contracts';
import pg from 'pg';
import { markPooled } from './through-pooler.js';

export interface PoolOptions {
  readonly url: string;
  readonly max: number;
  readonly applicationName: string;
  /** Closes a connection that was idle for so long; 0 for never, ten seconds by default. */
  readonly idleMs?: number;
  /** Who gets no connection for so long gets an error; by default he waits. */
  readonly connectionMs?: number;
  /** Who finds so many waiting for a connection is refused at once (OVERLOADED); by default all wait. */
  readonly mostWaiting?: number;
  /** The server ends a statement that takes longer; by default none. */
  readonly statementMs?: number;
  /** The address is that of a pooler in transaction mode: see through-pooler.ts. */
  readonly isPooled?: boolean;
  /** A statement whose answer takes longer fails here, and its connection is closed, also when the network is silent; by default none. */
  readonly answerMs?: number;
}

/**
 * A pool for hand-written statements. Generic plans: with automatic ones Postgres plans anew for each array and, with statistics from an
 * empty table, picks sequential scans; measured, that costs a factor of three to ten. A backend whose client has gone ends itself.
 */
export function createPool({ url, applicationName, isPooled = false, mostWaiting, ...options }: PoolOptions): pg.Pool {
  const { max, idleMs, connectionMs, statementMs } = options;
  // A pooler passes no setting on: there a statement that takes too long is given up here.
  const answerMs = options.answerMs ?? (isPooled ? statementMs : undefined);
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: applicationName,
    ...(isPooled ? {} : { options: settingsOf(statementMs) }),
    ...(idleMs === undefined ? {} : { idleTimeoutMillis: idleMs }),
    ...(connectionMs === undefined ? {} : { connectionTimeoutMillis: connectionMs }),
    ...(answerMs === undefined ? {} : { query_timeout: answerMs }),
  });
  if (isPooled) {
    markPooled(pool);
    pool.on('connect', markPooled);
  }
  // An idle connection that breaks is replaced when it is next needed; without a listener it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', survive);
  if (mostWaiting !== undefined) refuseBeyond(pool, mostWaiting);
  return pool;
}

function settingsOf(statementMs: number | undefined): string {
  const settings = [
    'plan_cache_mode=force_generic_plan',
    'client_connection_check_interval=5000',
    'idle_in_transaction_session_timeout=10000',
    ...(statementMs === undefined ? [] : [`statement_timeout=${statementMs}`]),
  ];
  return settings.map((setting) => `-c ${setting}`).join(' ');
}

/** When a refused request may find the queue shorter. */
export const OVERLOADED_RETRY_S = 2;

type Connected = Parameters<Parameters<pg.Pool['connect']>[0]>;

/** A slow database sheds load: what would wait longer than anybody looks at it only takes memory, and keeps the rest waiting. */
function refuseBeyond(pool: pg.Pool, most: number): void {
  const connect = pool.connect.bind(pool) as (callback?: (...connected: Connected) => void) => Promise<pg.PoolClient>;
  // `query` goes by it, too, with a callback.
  pool.connect = ((callback?: (...connected: Connected) => void) => {
    if (pool.waitingCount < most) return connect(callback);
    const error = new StepwellError('OVERLOADED', { seconds: OVERLOADED_RETRY_S });
    if (!callback) return Promise.reject(error);
    return callback(error, undefined, () => undefined);
  }) as pg.Pool['connect'];
}

/**
 * Between two owners of a connection nobody listens to it for a moment: the pool has handed it over, and who has waited for it does not know
 * yet. One that breaks just then would end the process; its next statement fails by itself.
 */
export function survive(connection: Pick<pg.PoolClient, 'on'>): void {
  connection.on('error', () => undefined);
}
