/** A worker process beside a server with `STEPWELL_WORKERS`: the role `worker`, without a port. Started by the server, with its settings; see fleet/. */
import 'reflect-metadata';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  explainBootError,
  findWorkflowModules,
  HANG_MS,
  outliveReaders,
  RuntimeModule,
  type RuntimeOptions,
  watchEventLoop,
} from '@stepwell/runtime';
import { ENTITIES } from '@stepwell/storage';
import { BootLogger } from './boot-logger.js';
import { WORKER_VARIABLE, type WorkerSettings } from './fleet/worker-process.js';
import { ShardWorkers } from './shards/shard-workers.js';

/** `dist/`, where this file is compiled to. */
const DIST = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

class WorkerApp {}

async function run(): Promise<void> {
  const { shards, ...settings } = JSON.parse(process.env[WORKER_VARIABLE] ?? '') as WorkerSettings;
  // Not for those that it starts itself.
  delete process.env[WORKER_VARIABLE];
  const stopWanted = new Promise<void>((resolve) => {
    const stop = (): void => {
      // Whoever asked, the server sees that it was no accident. One that has gone just now has nothing to see.
      if (process.connected) process.send?.({ isStopping: true }, () => undefined);
      resolve();
    };
    // For good: a signal without a listener ends the process, and the wish to stop comes more than once, from the server and from whoever
    // signals all of its group.
    for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const) process.on(signal, stop);
  });
  outliveReaders();
  watchEventLoop(HANG_MS);
  // What is skipped there the server has said already.
  const workflowModules = await findWorkflowModules(join(DIST, 'workflows'), () => undefined);
  const open = (options: RuntimeOptions) =>
    NestFactory.createApplicationContext(
      { module: WorkerApp, imports: [RuntimeModule.register({ ...options, workflowModules, entities: ENTITIES })] },
      { logger: new BootLogger(), abortOnError: false },
    );
  const first: RuntimeOptions = { ...settings, roles: ['worker'] };
  const app = shards.length === 0 ? await open(first) : await ShardWorkers.start(first, shards, open);
  if (process.connected) process.send?.({ isServing: true });
  await stopWanted;
  await app.close();
}

process.on('unhandledRejection', (error) =>
  new Logger('Worker').error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
);
run().then(
  () => process.exit(0),
  (error: unknown) => {
    const cause = explainBootError(error);
    console.error(cause instanceof Error ? (cause.stack ?? cause.message) : cause);
    process.exit(1);
  },
);
