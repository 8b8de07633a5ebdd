// One process of Stepwell on a database, as `apps/server` makes it: the product's own module, with what its settings are when nothing is set.
// So the product wires itself here, and what is measured is what a user has. Only what answers HTTP is left out: nobody asks for a page.
import 'reflect-metadata';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import { readConfig } from '../../dist/apps/server/config.js';
import { HANG_MS, RuntimeModule, watchEventLoop, WORKER } from '../../dist/libs/runtime/index.js';
import { ENTITIES } from '../../dist/libs/storage/index.js';
import { PROJECT_FOLDER } from '../harness/packages.mjs';
import { BenchModule } from './workflows.mjs';

export const TENANT = 'default';

class BenchApp {}

/**
 * @param {{ databaseUrl: string, redisUrl?: string, roles?: string[], onCommitted?: (commit: object) => void }} about `redisUrl`: wake-ups go by
 *   it; `roles`: all, as of a server alone, unless it is one of several; `onCommitted`: told of each commit of its worker, after the product
 * @returns {Promise<import('@nestjs/common').INestApplicationContext>} its worker takes runs
 */
export async function openRuntime({ databaseUrl, redisUrl, roles, onCommitted }) {
  const redis = redisUrl === undefined ? {} : { STEPWELL_QUEUE: 'redis', REDIS_URL: redisUrl };
  const settings = readConfig({ DATABASE_URL: databaseUrl, ...redis });
  watchEventLoop(HANG_MS);
  const runtime = RuntimeModule.register({
    ...settings,
    roles: roles ?? settings.roles,
    directUrl: databaseUrl,
    publicUrl: 'http://127.0.0.1',
    tenants: [TENANT],
    isolation: { entry: path.join(PROJECT_FOLDER, 'dist/apps/server/isolated.js') },
    workflowModules: [BenchModule],
    entities: ENTITIES,
  });
  const app = await NestFactory.createApplicationContext(
    { module: BenchApp, imports: [runtime] },
    { logger: ['error', 'warn'], abortOnError: false },
  );
  if (onCommitted) tellCommits(app.get(WORKER), onCommitted);
  return app;
}

/** From outside: the product runs the same code as ever. What it has committed before is not told. */
function tellCommits({ parts }, tell) {
  const publish = parts.onCommitted;
  if (typeof publish !== 'function') throw new Error('The worker has another way to tell of its commits: hear of them there.');
  parts.onCommitted = (commit) => {
    publish(commit);
    tell(commit);
  };
}
