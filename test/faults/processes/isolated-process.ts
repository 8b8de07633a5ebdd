/** A child of a worker of the suite, for runs that were there when two of them died. */
import 'reflect-metadata';
import { runIsolated } from '@stepwell/runtime';
import { FaultsModule } from '../workflows/faults.module.js';

await runIsolated([FaultsModule]);
