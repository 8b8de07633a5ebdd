import type { Check } from '../check.js';
import { ENDS } from './ends.js';
import { EVENTS } from './events.js';
import { JOURNAL } from './journal.js';
import { LEASES } from './leases.js';
import { LEDGER } from './ledger.js';
import { LOCKS } from './locks.js';
import { SCHEDULES } from './schedules.js';
import { STEPS } from './steps.js';
import { TASKS } from './tasks.js';
import { TENANTS } from './tenants.js';
import { TERMINAL } from './terminal.js';
import { VERSIONS } from './versions.js';

export const CHECKS: readonly Check[] = [
  ...ENDS,
  ...STEPS,
  ...TERMINAL,
  ...EVENTS,
  ...TASKS,
  ...SCHEDULES,
  ...LEDGER,
  ...LEASES,
  ...VERSIONS,
  ...TENANTS,
  ...LOCKS,
  ...JOURNAL,
];
