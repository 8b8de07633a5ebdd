/** The process in isolation itself: a worker that takes suspects, one at a time, tells its parent what it enters, and ends when there are none. */
import { NestFactory } from '@nestjs/core';
import type { Type } from '@stepwell/sdk';
import { RuntimeModule } from '../runtime.module.js';
import { WORKER_DEFAULTS } from '../worker/worker-options.js';
import { HANG_MS, type RuntimeOptions } from '../runtime-options.js';
import { type Began, type Entered, IN_ORDER, SETTINGS_VARIABLE } from './isolated-process.js';
import type { IsolatedSettings } from './isolated-settings.js';
import { outliveReaders } from './outlive-readers.js';
import { watchEventLoop } from './watchdog.js';

/**
 * Runs until there are no suspects, or the parent asks for the end, or is gone; then ends the process.
 *
 * @param workflowModules those of the parent
 * @param entities further TypeORM entities, as the parent has them
 */
export async function runIsolated(workflowModules: readonly Type<object>[], entities: readonly Type<object>[] = []): Promise<void> {
  const settings = JSON.parse(process.env[SETTINGS_VARIABLE] ?? '') as IsolatedSettings;
  delete process.env[SETTINGS_VARIABLE];
  const hangMs = settings.hangMs ?? HANG_MS;
  watchEventLoop(hangMs);
  let end = (): void => undefined;
  const over = new Promise<void>((resolve) => (end = resolve));
  const leaseMs = Math.max(settings.worker?.leaseMs ?? WORKER_DEFAULTS.leaseMs, hangMs * 2);
  const options: RuntimeOptions = {
    ...settings,
    roles: ['isolated'],
    // Its parent knows at once when it ends. The lease is for the case that both do, and holds longer than any hang.
    worker: { ...settings.worker, leaseMs, maxActive: 1, isIsolated: true },
    isolated: {
      onIdle: () => end(),
      onWorker: (worker) => process.send?.({ worker } satisfies Began),
      onEntering: ({ worker, tenant, runId, node: { path, id: stepId }, iteration, attempt, standIn = null }) =>
        process.send?.({ worker, tenant, runId, path, stepId, iteration, attempt, standIn } satisfies Entered),
    },
  };
  // For good: a second SIGTERM without a listener ends the process in the middle of its drain.
  for (const signal of ['SIGTERM', 'disconnect'] as const) process.on(signal, () => end());
  outliveReaders();
  const app = await NestFactory.createApplicationContext(
    { module: IsolatedApp, imports: [RuntimeModule.register({ ...options, workflowModules, entities })] },
    { logger: ['error', 'warn'] },
  );
  await over;
  await app.close();
  process.exit(IN_ORDER);
}

class IsolatedApp {}
