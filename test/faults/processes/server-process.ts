/** The process that accepts: GraphQL and REST as in production, and no work of its own. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../../../apps/server/app.module.js';
import { configureHttp } from '../../../apps/server/http.js';
import { TENANTS } from '../tenants.js';
import { FaultsModule } from '../workflows/faults.module.js';
import { obey, prepare } from './prelude.js';

const { databaseUrl, redisUrl, port, leaseMs } = prepare(process.argv[2]);

const app = await NestFactory.create<NestExpressApplication>(
  AppModule.register({
    ...{ databaseUrl, directUrl: databaseUrl, redisUrl, roles: ['api'], queues: ['default'], tenants: TENANTS, worker: { leaseMs } },
    ...{ publicUrl: `http://127.0.0.1:${port}`, configuredPublicUrl: undefined, workflowModules: [FaultsModule] },
    ...{ webDirectory: import.meta.dirname, mayOfferDemo: false, hasGraphiql: false, hasIntrospection: false },
  }),
  { logger: ['error', 'warn'], bodyParser: false, abortOnError: false },
);
configureHttp(app, { hasGraphiql: false });
await app.listen(port, '127.0.0.1');
obey(() => app.close());
