export { createHints, type Hints, type HintsOptions } from './create-hints.js';
export { findRedisProblem } from './find-redis-problem.js';
export { createPostgresHints } from './postgres/create-postgres-hints.js';
export { PostgresChangeFeed } from './postgres/postgres-change-feed.js';
export type { PostgresHintsOptions } from './postgres/postgres-hints.js';
export { PostgresWakeUpQueue } from './postgres/postgres-wake-up-queue.js';
export { redisAddress } from './redis/redis-address.js';
