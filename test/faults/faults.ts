/** What is done to a system; see docs/reference/reliability.md for what each of them is, and what it must not come to. */
import { SQLSTATES } from './failpoints/order.js';

export const FAULTS = [
  ...['kill', 'failpoint', 'deploy', 'zombie', 'server', 'poison'],
  ...['database-stop', 'database-kill', 'connections-cut', 'pool', 'read-only', 'disk-full'],
  ...['wire-late', 'wire-half-open', 'wire-cut', 'deafness', 'skew', ...SQLSTATES],
  ...['redis-kill', 'redis-freeze', 'redis-flush'],
] as const;
export type Fault = (typeof FAULTS)[number];
export type RedisFault = Extract<Fault, `redis-${string}`>;
export type WireFault = Extract<Fault, `wire-${string}`>;
export const OF_DATABASE = ['database-stop', 'database-kill', 'connections-cut', 'pool', 'read-only', 'disk-full'] as const;
export type DatabaseFault = (typeof OF_DATABASE)[number];

/** Only where hints go by Redis; and there no hint of PostgreSQL is missed. */
export const OF_REDIS: readonly Fault[] = ['redis-kill', 'redis-freeze', 'redis-flush'];
export const OF_NOTIFICATIONS: readonly Fault[] = ['deafness'];
