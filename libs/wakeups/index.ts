export { createPostgresHints } from './postgres/create-postgres-hints.js';
export { PostgresChangeFeed } from './postgres/postgres-change-feed.js';
export type { PostgresHintsOptions } from './postgres/postgres-hints.js';
export { PostgresWakeUpQueue } from './postgres/postgres-wake-up-queue.js';
