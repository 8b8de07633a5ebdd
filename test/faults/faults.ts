/** What is done to a system; see docs/reference/reliability.md for what each of them is, and what it must not come to. */
import { SQLSTATES } from './failpoints/order.js';

export const FAULTS = [
  ...['kill', 'failpoint', 'deploy', 'zombie', 'server', 'poison'],
  ...['database-stop', 'database-kill', 'connections-cut', 'pool', 'read-only', 'disk-full'],
  ...['wire-late', 'wire-half-open', 'wire-cut', 'deafness', 'skew', ...SQLSTATES],
] as const;
export type Fault = (typeof FAULTS)[number];
