import { PostgresChangeFeed } from './postgres-change-feed.js';
import { PostgresHints, type PostgresHintsOptions } from './postgres-hints.js';
import { PostgresWakeUpQueue } from './postgres-wake-up-queue.js';

/** The wake-up queue and the change feed of one process, on one LISTEN connection. Close both before the pool. */
export function createPostgresHints(options: PostgresHintsOptions): {
  readonly wakeUps: PostgresWakeUpQueue;
  readonly changes: PostgresChangeFeed;
} {
  const hints = new PostgresHints(options);
  return { wakeUps: new PostgresWakeUpQueue(hints), changes: new PostgresChangeFeed(hints) };
}
