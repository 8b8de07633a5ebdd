/** A child of a worker of the crash test, for runs that were there when two of them were killed. Writes into its parent's trace. */
import 'reflect-metadata';
import { join } from 'node:path';
import { findWorkflowModules, runIsolated } from '@stepwell/runtime';
import { MixedModule } from './mixed/mixed.module.js';
import { TRACE_VARIABLE } from './trace-line.js';
import { traceTo } from './trace-hooks.js';

traceTo(process.env[TRACE_VARIABLE] ?? '');
await runIsolated([...(await findWorkflowModules(join(import.meta.dirname, '../../workflows'))), MixedModule]);
