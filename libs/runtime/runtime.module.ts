/** Wires the engine into a Nest application: storage, hints, catalog, worker, and their order at start and stop. */
import { type DynamicModule, Global, Logger, Module, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ScheduleModule } from '@nestjs/schedule';
import { type LogFields, logLine } from '@stepwell/contracts';
import { ChangeFeed, Clock, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { EventLoop, EventRouter, EventService, TriggerRegistry } from '@stepwell/events';
import { ScheduleRegistry, Scheduler, ScheduleService, ScheduleTicker } from '@stepwell/scheduling';
import { StepwellClient, type Type } from '@stepwell/sdk';
import {
  countQueued,
  GroupCommitter,
  inTransaction,
  PG_POOL,
  pgSql,
  postgresEventStore,
  postgresWorkerStore,
  RunInserter,
  signingKey,
} from '@stepwell/storage';
import { ScreenProvider } from '@stepwell/tasks';
import { createHints, type Hints } from '@stepwell/wakeups';
import type pg from 'pg';
import { DataSource } from 'typeorm';
import { RuntimeClient } from './client/runtime-client.js';
import { Connections, ENGINE_POOL } from './connections.js';
import { connect, isPooled } from './data-source.js';
import { EnvironmentSecrets } from './environment-secrets.js';
import { documentProviders } from './documents.js';
import { notificationProviders } from './notifications.js';
import { Housekeeper } from './housekeeper.js';
import { refuseChangedGraphs } from './hosting/graph-lock.js';
import { GraphScreenProvider } from './hosting/graph-screen-provider.js';
import { parkVersions } from './hosting/park-versions.js';
import { HandlerRegistry } from './hosting/handler-registry.js';
import { HOSTED_MODULES, type HostedModules, hostedWorkflows } from './hosting/hosted-workflows.js';
import { IsolatedProcess } from './isolation/isolated-process.js';
import { isolatedSettings } from './isolation/isolated-settings.js';
import { Isolation } from './isolation/isolation.js';
import { ISOLATION } from './isolation/isolation.token.js';
import { RuntimeLifecycle } from './runtime-lifecycle.js';
import { RuntimeLoops } from './runtime-loops.js';
import { RUNTIME_OPTIONS, type RuntimeOptions } from './runtime-options.js';
import { AsyncResultIds } from './runs/async-result-ids.js';
import { RunColumns } from './runs/run-columns.js';
import { DeadLetters } from './runs/dead-letters.js';
import { CheckpointTexts } from './runs/checkpoint-text.js';
import { type QueueBounds, QueueGauge } from './runs/queue-gauge.js';
import { PortableCheckpoints } from './runs/portable-checkpoints.js';
import { RunCheckpoints } from './runs/run-checkpoints.js';
import { RunFork } from './runs/run-fork.js';
import { RunMigration } from './runs/run-migration.js';
import { RunRetry } from './runs/run-retry.js';
import { RunSessions } from './sessions/run-sessions.js';
import { RunSignals } from './runs/run-signals.js';
import { RunService } from './runs/run.service.js';
import { SystemClock } from './system-clock.js';
import { TASK_PROVIDERS } from './tasks.js';
import { ClientByTenant } from './tenants/client-by-tenant.js';
import { startTracing, TRACING } from './tracing/start-tracing.js';
import type { Tracing } from './tracing/tracing.js';
import { changesOf } from './worker/changes-of.js';
import type { WorkerLog } from './worker/host.js';
import { BEATS_PER_LEASE, WORKER_DEFAULTS, type WorkerOptions } from './worker/worker-options.js';
import { Worker } from './worker/worker.js';
import { WORKER } from './worker/worker.token.js';

const HINTS = Symbol('HINTS');

const NO_BOUNDS: QueueBounds = { all: null, perTenant: null, whenFull: 'refuse' };

@Global()
@Module({})
export class RuntimeModule {
  /**
   * @param workflowModules classes with @WorkflowModule
   * @param entities further TypeORM entities (those of the modules are added)
   * @throws StepwellError when a workflow does not pass the boot checks
   */
  static register(
    options: RuntimeOptions & { workflowModules: readonly Type<object>[]; entities?: readonly Type<object>[] },
  ): DynamicModule {
    const hosted = hostedWorkflows(options.workflowModules);
    if (options.graphLock) refuseChangedGraphs(options.graphLock, hosted.catalog);
    const providers = providersOf(options, hosted, [...(options.entities ?? []), ...hosted.entities]);
    return { module: RuntimeModule, imports: [ScheduleModule.forRoot(), ...options.workflowModules], providers, exports: providers };
  }
}

function providersOf(options: RuntimeOptions, hosted: HostedModules, entities: readonly Type<object>[]): Provider[] {
  return [
    { provide: RUNTIME_OPTIONS, useValue: options },
    { provide: HOSTED_MODULES, useValue: hosted },
    { provide: Clock, useFactory: () => new SystemClock() },
    {
      provide: Connections,
      useFactory: () =>
        new Connections(options.databaseUrl, options.roles, workerOptions(options).leaseMs / BEATS_PER_LEASE, isPooled(options)),
    },
    { provide: ENGINE_POOL, inject: [Connections], useFactory: ({ engine }: Connections) => engine },
    { provide: PG_POOL, inject: [Connections], useFactory: ({ pages }: Connections) => pages },
    {
      provide: WorkflowCatalog,
      inject: [ENGINE_POOL],
      // Before there is anybody who could take a run.
      useFactory: async (pool: pg.Pool) => {
        await parkVersions(pgSql(pool), options.tenants, hosted.catalog);
        return hosted.catalog;
      },
    },
    { provide: DataSource, useFactory: () => connect(options, entities) },
    {
      provide: HINTS,
      inject: [ENGINE_POOL],
      useFactory: (pool: pg.Pool) =>
        createHints({ pool, directUrl: options.directUrl, redisUrl: options.redisUrl, isRedisAway: options.isRedisAway }),
    },
    { provide: WakeUpQueue, inject: [HINTS], useFactory: (hints: Hints) => hints.wakeUps },
    { provide: ChangeFeed, inject: [HINTS], useFactory: (hints: Hints) => hints.changes },
    {
      provide: AsyncResultIds,
      inject: [ENGINE_POOL],
      useFactory: async (pool: pg.Pool) => new AsyncResultIds(options.secret ?? (await signingKey(pgSql(pool))), options.publicUrl),
    },
    {
      provide: CheckpointTexts,
      inject: [ENGINE_POOL],
      useFactory: async (pool: pg.Pool) =>
        new CheckpointTexts(options.secret ?? (await signingKey(pgSql(pool))), options.secret !== undefined),
    },
    { provide: HandlerRegistry, inject: [ModuleRef], useFactory: (modules: ModuleRef) => new HandlerRegistry(modules) },
    { provide: GroupCommitter, inject: [ENGINE_POOL], useFactory: (pool: pg.Pool) => new GroupCommitter(pool) },
    { provide: RunInserter, inject: [ENGINE_POOL], useFactory: (pool: pg.Pool) => new RunInserter(pool) },
    {
      provide: QueueGauge,
      // Who waits for a count may hold a connection of the pages.
      inject: [ENGINE_POOL],
      useFactory: (pool: pg.Pool) =>
        new QueueGauge(options.queueBounds ?? NO_BOUNDS, {
          count: (most, begins) =>
            inTransaction(pool, (sql) => {
              begins();
              return countQueued(sql, most);
            }),
          warn: (line, fields) => workerLog('Queue').warn(line, fields),
        }),
    },
    {
      provide: ISOLATION,
      inject: [ENGINE_POOL, WakeUpQueue],
      useFactory: (pool: pg.Pool, wakeUps: WakeUpQueue) => makeIsolation(options, pool, wakeUps),
    },
    {
      provide: TRACING,
      inject: [PG_POOL],
      useFactory: (pool: pg.Pool) => (options.isTraced ? startTracing(pool, workerLog('Tracing')) : null),
    },
    {
      provide: WORKER,
      inject: [
        ...[Connections, GroupCommitter, DataSource, WorkflowCatalog, HandlerRegistry, WakeUpQueue, ChangeFeed, Clock, AsyncResultIds],
        ...[CheckpointTexts, ISOLATION, TRACING, QueueGauge],
      ],
      useFactory: makeWorker(options),
    },
    {
      provide: RunRetry,
      inject: [PG_POOL, WorkflowCatalog, WakeUpQueue],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, wakeUps: WakeUpQueue) => new RunRetry(pool, catalog, wakeUps),
    },
    {
      provide: RunFork,
      inject: [PG_POOL, WorkflowCatalog, WakeUpQueue],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, wakeUps: WakeUpQueue) => new RunFork(pool, catalog, wakeUps),
    },
    {
      provide: PortableCheckpoints,
      inject: [PG_POOL, WorkflowCatalog, RunFork, WakeUpQueue, Clock, CheckpointTexts],
      useFactory: (
        ...[pool, catalog, forks, wakeUps, clock, texts]: [pg.Pool, WorkflowCatalog, RunFork, WakeUpQueue, Clock, CheckpointTexts]
      ) => new PortableCheckpoints({ pool, catalog, forks, wakeUps, clock, texts }),
    },
    { provide: RunCheckpoints, inject: [PG_POOL], useFactory: (pool: pg.Pool) => new RunCheckpoints(pool) },
    {
      provide: DeadLetters,
      inject: [PG_POOL, RunRetry, RunFork, WakeUpQueue],
      useFactory: (pool: pg.Pool, retries: RunRetry, forks: RunFork, wakeUps: WakeUpQueue) =>
        new DeadLetters(pool, retries, forks, wakeUps),
    },
    {
      provide: RunMigration,
      inject: [PG_POOL, WorkflowCatalog, WakeUpQueue, ChangeFeed],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, wakeUps: WakeUpQueue, changes: ChangeFeed) =>
        new RunMigration(pool, catalog, wakeUps, changes),
    },
    {
      provide: RunSignals,
      inject: [PG_POOL, WorkflowCatalog, WakeUpQueue, ChangeFeed],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, wakeUps: WakeUpQueue, changes: ChangeFeed) =>
        new RunSignals(pool, catalog, wakeUps, changes),
    },
    {
      provide: RunService,
      inject: [PG_POOL, WorkflowCatalog, RunInserter, WakeUpQueue, AsyncResultIds, WORKER, QueueGauge],
      useFactory: (
        pool: pg.Pool,
        catalog: WorkflowCatalog,
        inserter: RunInserter,
        wakeUps: WakeUpQueue,
        ids: AsyncResultIds,
        worker: Worker | null,
        gauge: QueueGauge,
      ) => new RunService(pool, catalog, inserter, wakeUps, ids, worker ?? undefined, gauge),
    },
    {
      provide: RunColumns,
      inject: [PG_POOL, WorkflowCatalog],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog) => new RunColumns(pgSql(pool), catalog),
    },
    {
      provide: TriggerRegistry,
      inject: [ENGINE_POOL, WorkflowCatalog],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog) => new TriggerRegistry(pool, catalog),
    },
    {
      provide: EventService,
      inject: [PG_POOL, WorkflowCatalog, WakeUpQueue],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, wakeUps: WakeUpQueue) =>
        new EventService(pool, catalog, wakeUps, hosted.declaredEvents),
    },
    {
      provide: EventLoop,
      inject: [ENGINE_POOL, WorkflowCatalog, WakeUpQueue, ChangeFeed],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, wakeUps: WakeUpQueue, changes: ChangeFeed) =>
        new EventLoop(new EventRouter(postgresEventStore(pool), catalog, wakeUps, changes), wakeUps),
    },
    {
      provide: ScreenProvider,
      inject: [WorkflowCatalog, HandlerRegistry],
      useFactory: (catalog: WorkflowCatalog, all: HandlerRegistry) => new GraphScreenProvider(catalog, all, options.build),
    },
    ...TASK_PROVIDERS,
    { provide: ScheduleService, inject: [PG_POOL, Clock], useFactory: (pool: pg.Pool, clock: Clock) => new ScheduleService(pool, clock) },
    {
      provide: ScheduleRegistry,
      inject: [ENGINE_POOL, WorkflowCatalog, Clock],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, clock: Clock) => new ScheduleRegistry(pool, catalog, clock),
    },
    {
      provide: ScheduleTicker,
      inject: [ENGINE_POOL, WorkflowCatalog, WakeUpQueue, ChangeFeed, Clock],
      useFactory: (pool: pg.Pool, catalog: WorkflowCatalog, wakeUps: WakeUpQueue, changes: ChangeFeed, clock: Clock) =>
        new ScheduleTicker(new Scheduler(pool, catalog, wakeUps, changes, clock)),
    },
    {
      provide: RunSessions,
      inject: [PG_POOL, RunService],
      useFactory: (pool: pg.Pool, runs: RunService) => new RunSessions(pool, runs),
    },
    {
      provide: StepwellClient,
      inject: [RunService, EventService, RunSignals, PortableCheckpoints],
      useFactory: (runs: RunService, events: EventService, signals: RunSignals, checkpoints: PortableCheckpoints) => {
        const here = new RuntimeClient(runs, events, signals, checkpoints);
        return options.placement ? new ClientByTenant(here, options.placement, options.clients) : here;
      },
    },
    ...documentProviders(options),
    ...notificationProviders(options),
    {
      provide: Housekeeper,
      inject: [Connections, Clock],
      useFactory: ({ housekeeping }: Connections, clock: Clock) =>
        new Housekeeper(housekeeping, clock, {
          keepMs: options.retentionMs ?? null,
          keepEmissionsMs: options.emissionsRetentionMs ?? null,
          makesPasses: options.roles.includes('scheduler'),
        }),
    },
    RuntimeLoops,
    RuntimeLifecycle,
  ];
}

function makeWorker(options: RuntimeOptions) {
  return (
    { engine, lease }: Connections,
    committer: GroupCommitter,
    dataSource: DataSource,
    catalog: WorkflowCatalog,
    handlers: HandlerRegistry,
    wakeUps: WakeUpQueue,
    changes: ChangeFeed,
    clock: Clock,
    asyncResultIds: AsyncResultIds,
    checkpoints: CheckpointTexts,
    isolation: Isolation | null,
    tracing: Tracing | null,
    gauge: QueueGauge,
  ): Worker | null => {
    if (!options.roles.includes('worker') && !options.roles.includes('isolated')) return null;
    const worker = new Worker(
      {
        store: postgresWorkerStore({ sql: pgSql(engine), leaseSql: pgSql(lease), committer, dataSource }),
        catalog,
        handlers,
        secrets: new EnvironmentSecrets(process.env, options.secretsFile),
        wakeUps,
        clock,
        asyncResultIds,
        checkpoints,
        log: workerLog('Worker'),
        tracing: tracing ?? undefined,
        roomForEmitter: (tenant, goOn) => gauge.roomForEmitter(tenant, goOn),
        onSuspects: isolation ? () => isolation.look() : undefined,
        ...options.isolated,
        onCommitted: (commit) => changes.publish(changesOf(commit)),
      },
      workerOptions(options),
    );
    options.isolated?.onWorker(worker.incarnation);
    return worker;
  };
}

function makeIsolation(options: RuntimeOptions, pool: pg.Pool, wakeUps: WakeUpQueue): Isolation | null {
  const { isolation, roles } = options;
  if (!isolation || !roles.includes('worker')) return null;
  const settings = isolatedSettings(options);
  return new Isolation({
    sql: pgSql(pool),
    start: () => new IsolatedProcess(isolation.entry, isolation.memoryMb, settings),
    wake: (queues) => wakeUps.wake(queues),
    log: workerLog('Isolation'),
  });
}

function workerLog(name: string): WorkerLog {
  const logger = new Logger(name);
  const log = (method: 'debug' | 'log' | 'warn' | 'error') => (message: string, fields?: LogFields) =>
    logger[method](logLine(message, fields));
  return { debug: log('debug'), info: log('log'), warn: log('warn'), error: log('error') };
}

function workerOptions(options: RuntimeOptions): WorkerOptions {
  return { ...WORKER_DEFAULTS, roles: options.roles, queues: options.queues, ...options.worker };
}
