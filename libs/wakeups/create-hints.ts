import type { ChangeFeed, WakeUpQueue } from '@stepwell/engine';
import { createPostgresHints } from './postgres/create-postgres-hints.js';
import type { PostgresHintsOptions } from './postgres/postgres-hints.js';

export interface HintsOptions extends PostgresHintsOptions {
  /** Wake-ups go by this Redis; `undefined`: by PostgreSQL. */
  readonly redisUrl: string | undefined;
  /** It was not there a moment ago, and that was said. */
  readonly isRedisAway?: boolean | undefined;
}

export interface Hints {
  readonly wakeUps: WakeUpQueue;
  readonly changes: ChangeFeed;
}

/** The wake-up queue and the change feed of one process. The feed stays on PostgreSQL, whatever carries the wake-ups. Close both before the pool. */
export async function createHints({ redisUrl, isRedisAway = false, ...postgres }: HintsOptions): Promise<Hints> {
  const { wakeUps, changes } = createPostgresHints(postgres);
  if (redisUrl === undefined) return { wakeUps, changes };
  // It has opened nothing yet; only it must not keep the feed's connection open.
  await wakeUps.close();
  // Loaded only where it is used: BullMQ and its client take some 30 MB and a third of a second.
  const { RedisWakeUpQueue } = await import('./redis/redis-wake-up-queue.js');
  return { wakeUps: new RedisWakeUpQueue(redisUrl, { isAway: isRedisAway }), changes };
}
