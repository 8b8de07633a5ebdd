/**
 * One Stepwell process as the crash test kills it: the runtime with the roles worker and scheduler, the example's workflows, the
 * operators' outside service within it, and the address to which that service posts its answers. Prints one line of JSON when it is
 * ready; stops in order when its stdin ends or on SIGTERM.
 */
import 'reflect-metadata';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ERRORS, StepwellError } from '@stepwell/contracts';
import { findWorkflowModules, RunService, RuntimeModule, type Settlement } from '@stepwell/runtime';
import { MixedModule } from './mixed/mixed.module.js';
import { traceTo } from './trace-hooks.js';
import { TRACE_VARIABLE } from './trace-line.js';

export interface WorkerSettings {
  readonly databaseUrl: string;
  readonly traceFile: string;
  /** The same at each restart, so that answers to letters find the worker that came after. */
  readonly port: number;
  readonly leaseMs: number;
  readonly sweepMs: number;
  readonly maxActive: number;
}

const settings = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
traceTo(settings.traceFile);
process.env[TRACE_VARIABLE] = settings.traceFile;

@Module({})
class CrashedApp {}

const app = await NestFactory.createApplicationContext(
  {
    module: CrashedApp,
    imports: [
      RuntimeModule.register({
        databaseUrl: settings.databaseUrl,
        directUrl: settings.databaseUrl,
        roles: ['worker', 'scheduler'],
        queues: ['default'],
        publicUrl: `http://127.0.0.1:${settings.port}`,
        tenants: ['default'],
        worker: { leaseMs: settings.leaseMs, sweepMs: settings.sweepMs, maxActive: settings.maxActive },
        // A process in isolation that is killed with everything else keeps its run for twice as long: less than the standstill of campaign.ts.
        hangMs: 15_000,
        isolation: { entry: join(import.meta.dirname, 'isolated-process.js') },
        workflowModules: [...(await findWorkflowModules(join(import.meta.dirname, '../../workflows'))), MixedModule],
      }),
    ],
  },
  { logger: ['error', 'warn'] },
);
const runs = app.get(RunService);
const answers = createServer((request, response) => void settle(request, response));
await new Promise<void>((listening, refuse) => answers.once('error', refuse).listen(settings.port, '127.0.0.1', () => listening()));
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  answers.close();
  answers.closeAllConnections();
  await app.close();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
process.on('SIGINT', () => undefined);
// The test is gone, however it went: so are we.
process.stdin.resume().once('end', () => process.exit(1));

/** POST /async-results/<id>?signature=... with { result } or { error }. */
async function settle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '', 'http://localhost');
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { result?: unknown; error?: string };
    const settlement: Settlement = body.error === undefined ? { ok: true, value: body.result } : { ok: false, reason: body.error };
    await runs.settleSigned(url.pathname.split('/').at(-1) ?? '', url.searchParams.get('signature') ?? '', settlement);
    response.writeHead(204).end();
  } catch (error) {
    response.writeHead(error instanceof StepwellError ? ERRORS[error.code].http : 500).end();
  }
}
