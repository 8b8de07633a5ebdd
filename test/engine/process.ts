/**
 * One process of the system, in this one: a worker, a run service and a committer with connections and a LISTEN session of their own, as
 * the server wires them. Tests may stand between it and the database: hold a statement, lose one, or break it.
 */
import { type Clock, type RunCommit, type Secrets, type Timers, WakeUpQueue, type WorkflowCatalog } from '@stepwell/engine';
import {
  AsyncResultIds,
  CheckpointTexts,
  type Handlers,
  RunRetry,
  RunService,
  RunSignals,
  SystemClock,
  type Tracing,
  Worker,
  WORKER_DEFAULTS,
  type WorkerOptions,
  type WorkerParts,
} from '@stepwell/runtime';
import { createPool, GroupCommitter, pgSql, type PostgresCommitter, postgresWorkerStore, RunInserter, type Sql } from '@stepwell/storage';
import { createHints } from '@stepwell/wakeups';
import type pg from 'pg';
import { DataSource } from 'typeorm';

export const SIGNING_KEY = 'test-key';
/** Connections of TypeORM, for transactions of steps. */
export const ORM_CONNECTIONS = 6;

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

export interface ProcessOptions {
  readonly worker?: Partial<WorkerOptions>;
  readonly clock?: Clock;
  /** When the worker beats, sweeps and rings. */
  readonly timers?: Timers;
  /** Without a LISTEN connection, as behind a transaction-pooling proxy. */
  readonly deaf?: boolean;
  /** It listens, and nothing that others say ever comes: hints are lost on the way. */
  readonly hearsNothing?: boolean;
  /** Wake-ups go by this Redis. */
  readonly redisUrl?: string;
  readonly onCommitted?: (commit: RunCommit) => void;
  /** As a process in isolation hears it. */
  readonly onIdle?: () => void;
  /** Stands before the worker's own statements (not before those of commits and starts). */
  readonly sql?: (sql: Sql) => Sql;
  /** Stands before its commits. */
  readonly committer?: (committer: PostgresCommitter) => PostgresCommitter;
  readonly secrets?: Secrets;
  readonly tracing?: (pool: pg.Pool) => Tracing;
  /** What emitters wait for. */
  readonly roomForEmitter?: WorkerParts['roomForEmitter'];
  /** Makes the run service only: a process with the role api. */
  readonly idle?: boolean;
}

export interface Process {
  readonly worker: Worker;
  readonly runs: RunService;
  readonly retries: RunRetry;
  readonly signals: RunSignals;
  readonly wakeUps: WakeUpQueue;
  readonly pool: pg.Pool;
  readonly dataSource: DataSource;
  readonly ids: AsyncResultIds;
  readonly log: readonly LogLine[];
  stop(): Promise<void>;
}

export async function startProcess(
  url: string,
  catalog: WorkflowCatalog,
  handlers: Handlers,
  options: ProcessOptions = {},
): Promise<Process> {
  const pool = createPool({ url, max: 8, applicationName: 'stepwell test' });
  const dataSource = await new DataSource({
    type: 'postgres',
    url,
    poolSize: ORM_CONNECTIONS,
    applicationName: 'stepwell test orm',
    uuidExtension: 'pgcrypto',
    installExtensions: false,
  }).initialize();
  const { wakeUps, changes } = await createHints({ pool, directUrl: options.deaf ? undefined : url, redisUrl: options.redisUrl });
  if (options.hearsNothing)
    Object.defineProperties(wakeUps, { isListening: { value: true }, listen: { value: () => Promise.resolve(() => Promise.resolve()) } });
  await changes.close();
  const ids = new AsyncResultIds(SIGNING_KEY, 'http://127.0.0.1:1');
  const log: LogLine[] = [];
  const write =
    (level: LogLine['level']) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      void log.push({ level, message, fields });
  const committer = new GroupCommitter(pool);
  const sql = options.sql?.(pgSql(pool)) ?? pgSql(pool);
  const worker = new Worker(
    {
      store: postgresWorkerStore({ sql, leaseSql: sql, committer: options.committer?.(committer) ?? committer, dataSource }),
      catalog,
      handlers,
      wakeUps,
      clock: options.clock ?? new SystemClock(),
      timers: options.timers,
      asyncResultIds: ids,
      checkpoints: new CheckpointTexts(SIGNING_KEY),
      secrets: options.secrets,
      log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
      onCommitted: options.onCommitted ?? (() => undefined),
      onIdle: options.onIdle,
      roomForEmitter: options.roomForEmitter,
      tracing: options.tracing?.(pool),
    },
    // The sweep comes later than any test waits: what only it would find is a lost wake-up, and fails.
    { ...WORKER_DEFAULTS, drainMs: 2_000, sweepMs: 60_000, ...options.worker },
  );
  if (!options.idle) await worker.start();
  const runs = new RunService(pool, catalog, new RunInserter(pool), wakeUps, ids, options.idle ? undefined : worker);
  let stopped: Promise<void> | undefined;
  return {
    worker,
    runs,
    retries: new RunRetry(pool, catalog, wakeUps),
    signals: new RunSignals(pool, catalog, wakeUps, { publish: () => undefined }),
    wakeUps,
    pool,
    dataSource,
    ids,
    log,
    stop: () =>
      (stopped ??= (async () => {
        await worker.stop();
        await wakeUps.close();
        await dataSource.destroy();
        await pool.end();
      })()),
  };
}
