/** One worker with the capped workflows, in a process of its own that can be killed. Ends with the test, however that goes. */
import 'reflect-metadata';
import { type Handlers, hostedWorkflows } from '@stepwell/runtime';
import { CappedModule } from './capped.workflows.js';
import { startProcess } from './process.js';

/** Its steps are functions. */
const NO_HANDLERS = {
  get: () => {
    throw new Error('There are no classes among the handlers.');
  },
} as unknown as Handlers;

process.stdin.resume().once('end', () => process.exit(0));
await startProcess(process.argv[2] ?? '', hostedWorkflows([CappedModule]).catalog, NO_HANDLERS, {
  worker: { leaseMs: 3_000, sweepMs: 200 },
});
process.stdout.write('ready\n');
