/** A pure worker as the suite ends it: the runtime with the roles worker and scheduler, and nothing that listens. */
import 'reflect-metadata';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { RuntimeModule } from '@stepwell/runtime';
import { TENANTS } from '../tenants.js';
import { FaultsModule } from '../workflows/faults.module.js';
import { obey, prepare } from './prelude.js';

const { databaseUrl, redisUrl, queues, leaseMs, sweepMs } = prepare(process.argv[2]);

@Module({})
class WorkerApp {}

const app = await NestFactory.createApplicationContext(
  {
    module: WorkerApp,
    imports: [
      RuntimeModule.register({
        databaseUrl,
        directUrl: databaseUrl,
        redisUrl,
        roles: ['worker', 'scheduler'],
        queues,
        publicUrl: 'http://127.0.0.1:1',
        tenants: TENANTS,
        worker: { leaseMs, sweepMs, maxActive: 200 },
        hangMs: 15_000,
        // With the memory that this process has: what is too large for the journal must fail there as it does here, and end nothing.
        isolation: { entry: join(import.meta.dirname, 'isolated-process.js') },
        workflowModules: [FaultsModule],
      }),
    ],
  },
  { logger: ['error', 'warn'] },
);
obey(() => app.close());
