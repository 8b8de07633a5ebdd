/** A server process: settings, port, database, application, and back again in the opposite order when it is asked to stop. */
import 'reflect-metadata';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type INestApplication, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DEFAULT_TENANT, isLoopbackAddress, UserService } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import { type DocumentOptions, S3DocumentStore } from '@stepwell/documents';
import {
  checkDatabase,
  checkRoom,
  type EmbeddedPostgres,
  isStartError,
  startEmbeddedPostgres,
  StartError,
  startErrorLine,
} from '@stepwell/postgres';
import {
  explainBootError,
  findWorkflowModules,
  FIRST_DATABASE,
  HANG_MS,
  mostConnections,
  readGraphLock,
  type RuntimeOptions,
  watchEventLoop,
} from '@stepwell/runtime';
import { StepwellClient } from '@stepwell/sdk';
import { migrate, SchemaTooNewError } from '@stepwell/storage';
import { findRedisProblem, redisAddress } from '@stepwell/wakeups';
import type { Server } from 'node:http';
import { AppModule, type AppOptions } from './app.module.js';
import { BootLogger } from './boot-logger.js';
import { type Config, readConfig } from './config.js';
import { Fleet } from './fleet/fleet.js';
import { configureHttp } from './http.js';
import { ListeningAdapter, takePort } from './listener.js';
import { HostSwitch } from './shards/host-switch.js';
import { refuseMisplaced } from './shards/check-shards.js';
import { placementIn, type Shard } from './shards/shard.js';
import { shardsOf } from './shards/shards-file.js';
import { ShardServers } from './shards/shard-servers.js';

/** `dist/`, where this file is compiled to. */
const DIST = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PROJECT = dirname(DIST);

/** PostgreSQL's code. */
const INSUFFICIENT_PRIVILEGE = '42501';

const CTRL_C = 'Ctrl-C';

const say = (line: string): void => console.log(line);

/** What has been started so far, to be stopped in the opposite order. */
class Running {
  listener: Server | undefined;
  postgres: EmbeddedPostgres | undefined;
  app: INestApplication | undefined;
  shards: ShardServers | undefined;
  fleet: Fleet | undefined;
  /** The start has said that it is ready. */
  isServing = false;
  /** The embedded PostgreSQL has ended by itself: a drain would only wait for it and complain. */
  isDatabaseGone = false;
  private stopping: Promise<void> | undefined;

  stop(): Promise<void> {
    return (this.stopping ??= this.stopAll());
  }

  private async stopAll(): Promise<void> {
    this.listener?.closeIdleConnections();
    // While it drains, what is accepted here is queued. Without a database there is nothing to drain to.
    if (this.isDatabaseGone) this.fleet?.kill();
    else await this.fleet?.stop();
    // Each has a database of its own, and waits for no other one.
    await Promise.all([this.shards?.stop(), this.isDatabaseGone ? undefined : this.app?.close()]);
    this.listener?.closeAllConnections();
    this.listener?.close();
    await this.postgres?.stop();
  }
}

const running = new Running();

/** Aborted by the first wish to stop: a start that is under way ends at its next stage. */
const stopWanted = new AbortController();

/** Between two stages of the start. @throws AbortError when a stop is wanted, which `start().catch` then passes over */
const goOn = (): void => stopWanted.signal.throwIfAborted();

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const shards = shardsOf(config);
  watchEventLoop(HANG_MS);
  running.listener = await takePort(config.port, config.host);
  goOn();
  const isRedisAway = await checkRedis(config.redisUrl);
  goOn();
  await checkBucket(config.documents);
  goOn();
  const databaseUrl = await database(config);
  goOn();
  await checkFleet(config.workers, databaseUrl, config.directUrl);
  // It holds a lock of its session, which a pooler does not keep.
  await migrate(config.directUrl ?? databaseUrl, announceMigration, stopWanted.signal).catch((error: unknown) => {
    if (error instanceof SchemaTooNewError) throw new StartError(error.message, 'Nothing was changed.');
    const isForbidden = error instanceof Error && 'code' in error && error.code === INSUFFICIENT_PRIVILEGE;
    throw isForbidden
      ? new StartError(`The user in DATABASE_URL may not migrate the database: ${error.message}.`, 'Start once as the owner of its tables.')
      : error;
  });
  goOn();

  const address = addressOf(running.listener, config.host);
  const mayOfferDemo = running.postgres !== undefined && !config.isProduction && listensOnLoopback(running.listener);
  const directUrl = config.directUrl ?? databaseUrl;
  const placement = placementIn(FIRST_DATABASE, shards);
  if (placement) await refuseMisplaced(directUrl, placement);
  goOn();
  const runtime: RuntimeOptions = {
    databaseUrl,
    directUrl,
    redisUrl: config.redisUrl,
    isRedisAway,
    // What worker processes do, this one does not.
    roles: config.workers > 0 ? config.roles.filter((role) => role !== 'worker') : config.roles,
    queues: config.queues,
    queueBounds: config.queueBounds,
    publicUrl: config.publicUrl ?? address,
    secret: config.secret,
    provenanceKey: config.provenanceKey,
    build: config.build,
    secretsFile: config.secretsFile,
    documents: config.documents,
    notifications: config.notifications,
    approvalLinks: config.approvalLinks,
    retentionMs: config.retentionMs,
    emissionsRetentionMs: config.emissionsRetentionMs,
    // Elsewhere graphs change all the time: there the log tells.
    graphLock: config.isProduction ? readGraphLock(join(PROJECT, 'workflows/graph.lock.json')) : undefined,
    tenants: [DEFAULT_TENANT],
    placement,
    isTraced: config.isTraced,
    isolation: { entry: join(DIST, 'apps/server/isolated.js'), memoryMb: config.isolationMemoryMb },
  };
  const workflowModules = await findWorkflowModules(join(DIST, 'workflows'), (line) => console.warn(line));
  /** An application on the database of these options; `about` is so of the first one, and of none of the others. */
  const makeApp = (options: RuntimeOptions, adapter: ListeningAdapter, about: Pick<AppOptions, 'configuredPublicUrl' | 'mayOfferDemo'>) => {
    const [hasGraphiql, hasIntrospection] = [config.isDevelopment, !config.isProduction];
    const module = AppModule.register({
      ...options,
      ...about,
      workflowModules,
      webDirectory: join(DIST, 'web'),
      hasGraphiql,
      hasIntrospection,
    });
    return NestFactory.create<NestExpressApplication>(module, adapter, {
      logger: new BootLogger(),
      abortOnError: false,
      bodyParser: false,
    });
  };
  const initialize = (app: NestExpressApplication) => {
    configureHttp(app, { hasGraphiql: config.isDevelopment });
    return app.init();
  };
  goOn();
  const hosts = shards.length > 0 ? new HostSwitch(running.listener) : undefined;
  if (hosts) {
    running.shards = new ShardServers({
      ...{ shards, hosts, first: runtime, signal: stopWanted.signal, say, warn: (line) => console.warn(line) },
      open: async (options, adapter) => {
        await checkFleet(config.workers, options.databaseUrl, options.directUrl);
        const app = await makeApp(options, adapter, { configuredPublicUrl: options.publicUrl, mayOfferDemo: false });
        await initialize(app).catch(async (error: unknown) => {
          await app.close().catch(() => undefined);
          throw error;
        });
        return app;
      },
    });
  }
  const adapter = new ListeningAdapter(hosts?.first ?? running.listener);
  const app = await makeApp({ ...runtime, clients: running.shards?.clients }, adapter, {
    configuredPublicUrl: config.publicUrl,
    mayOfferDemo,
  });
  running.app = app;
  await initialize(app);
  running.shards?.clients.put(FIRST_DATABASE, app.get(StepwellClient));
  goOn();
  await running.shards?.start();
  goOn();
  await startFleet(config.workers, runtime, shards);
  goOn();
  adapter.takeRequests();
  await welcome(app, config, address, mayOfferDemo);
  running.isServing = true;
  // The launcher starts again what ends after it has served, and nothing else.
  process.send?.({ isServing: true });
}

/** @throws StartError when the connections of all processes do not fit into the database; what a pooler grants, it says itself */
async function checkFleet(workers: number, databaseUrl: string, directUrl = databaseUrl): Promise<void> {
  if (workers === 0 || directUrl !== databaseUrl) return;
  const wanted = mostConnections(workers);
  await checkRoom(databaseUrl, { wanted, workers, each: wanted - mostConnections(workers - 1) });
  goOn();
}

async function startFleet(size: number, options: RuntimeOptions, shards: readonly Shard[]): Promise<void> {
  if (size === 0) return;
  const settings = { ...options, shards };
  const fleet = new Fleet({ size, settings, entry: join(DIST, 'apps/server/worker.js'), warn: (line) => console.warn(line) });
  running.fleet = fleet;
  process.once('exit', () => fleet.kill());
  await fleet.start();
  say(`Worker processes: ${fleet.serving} of ${size} take work.`);
}

function announceMigration(name: string): void {
  goOn();
  say(`Migrating the database: ${name}`);
}

async function database(config: Config): Promise<string> {
  if (config.databaseUrl) {
    await checkDatabase(config.databaseUrl);
    return config.databaseUrl;
  }
  const postgres = await startEmbeddedPostgres({ directory: config.dataDirectory ?? join(PROJECT, '.stepwell'), log: say });
  running.postgres = postgres;
  void postgres.ended.then(() => {
    running.isDatabaseGone = true;
    if (!stopWanted.signal.aborted)
      end(new StartError('The embedded PostgreSQL has ended by itself.', 'Start Stepwell again; what was accepted is kept.'));
  });
  return postgres.url;
}

/**
 * One that is away delays work, now as later, and is waited for; one that will not do needs somebody who corrects a setting.
 *
 * @returns whether it is away, which has been said
 */
async function checkRedis(url: string | undefined): Promise<boolean> {
  const problem = url === undefined ? undefined : await findRedisProblem(url);
  if (problem && !problem.isAway)
    throw new StartError(problem.sentence, 'Correct REDIS_URL, or leave STEPWELL_QUEUE out: then wake-ups go by PostgreSQL.');
  if (problem) console.warn(`${problem.sentence} Until it is there, workers ask PostgreSQL every few seconds; nothing is lost by that.`);
  else say(`Wake-ups go by ${url === undefined ? 'PostgreSQL' : `BullMQ on Redis at ${redisAddress(url)}`}.`);
  return problem !== undefined;
}

/** Only at the start, as for Redis: a bucket that goes away later fails the uploads and steps that need it. */
async function checkBucket({ s3 }: DocumentOptions): Promise<void> {
  if (!s3) return;
  const store = new S3DocumentStore(s3);
  const problem = await store.findProblem();
  await store.close();
  if (problem !== undefined)
    throw new StartError(
      problem,
      'Correct the STEPWELL_S3 settings, or leave STEPWELL_DOCUMENT_STORE out: then documents are in PostgreSQL.',
    );
  say(`Documents are in the S3 bucket "${s3.bucket}".`);
}

async function welcome(app: INestApplication, config: Config, address: string, mayOfferDemo: boolean): Promise<void> {
  if (config.roles.includes('api')) await welcomePeople(app, config.publicUrl ?? address, mayOfferDemo);
  else say(`\nStepwell is ready as ${config.roles.join(' and ')}, without pages. Its health: ${address}/health/ready`);
  say('Stop with Ctrl-C.\n');
}

async function welcomePeople(app: INestApplication, pages: string, mayOfferDemo: boolean): Promise<void> {
  say(`\nStepwell is ready: ${pages}`);
  const first = await app
    .get(UserService)
    .makeFirstAdmin(DEFAULT_TENANT, ({ name, password }) => say(`Sign in as ${name} with the one-time password ${password}`));
  if (!first) say('Sign in with your name and password.');
  if (mayOfferDemo) say('On this machine the sign-in page also offers demo roles by one click.');
}

function addressOf(server: Server, host: string): string {
  const bound = server.address();
  const port = typeof bound === 'object' && bound ? bound.port : 0;
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function listensOnLoopback(server: Server): boolean {
  const bound = server.address();
  return typeof bound === 'object' && bound !== null && isLoopbackAddress(bound.address);
}

function stop(signal: string): void {
  if (stopWanted.signal.aborted) {
    // Only people hurry. SIGTERM comes as often as somebody passes it on: a supervisor signals the whole group, and the launcher this one.
    if (signal !== CTRL_C) return;
    say('Stopping at once; the next start mends what this leaves.');
    process.exit(130);
  }
  stopWanted.abort();
  // Whoever asked, the launcher is not to start another one.
  if (process.connected) process.send?.({ isStopping: true });
  say(`${signal}: finishing what is under way ...`);
  // Stopping what a start still builds upon would end it in the middle of anything; it looks up at its next stage.
  starting
    .catch(() => undefined)
    .then(() => running.stop())
    .then(
      () => process.exit(0),
      (error: unknown) => end(error),
    );
}

function end(error: unknown): void {
  stopWanted.abort();
  if (isStartError(error)) console.error(startErrorLine(error, running.isServing ? 'Stepwell has stopped' : undefined));
  else if (error instanceof StepwellError) console.error(`Stepwell did not start: ${error.message}`);
  else console.error(error);
  void running
    .stop()
    .catch(() => undefined)
    .finally(() => process.exit(1));
}

process.on('SIGINT', () => stop(CTRL_C));
process.on('SIGTERM', () => stop('SIGTERM'));
process.on('SIGUSR2', () => void running.fleet?.renew().then(() => say('All worker processes were restarted, one after the other.')));
process.once('disconnect', () => stop('The launcher has gone'));
process.on('unhandledRejection', (error) =>
  new Logger('Server').error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
);
const starting = start();
starting.catch((error: unknown) => {
  if (!stopWanted.signal.aborted) end(explainBootError(error));
});
