/** Harm to Redis, which only carries hints: nothing that is true is in it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../crash/random.js';
import type { RedisServer } from '../redis/redis-server.js';
import type { RedisFault } from './faults.js';

const HARMS: Readonly<
  Record<RedisFault, { readonly begin: (redis: RedisServer) => unknown; readonly end?: (redis: RedisServer) => unknown }>
> = {
  'redis-kill': { begin: (redis) => redis.kill(), end: (redis) => redis.startAgain() },
  'redis-freeze': { begin: (redis) => redis.freeze(), end: (redis) => redis.thaw() },
  'redis-flush': { begin: (redis) => redis.client.flushall() },
};

/** @param fired called when the harm is done; then it lasts for a moment, unless it is done at once */
export async function harmRedis(redis: RedisServer, fault: RedisFault, random: Random, fired: () => void): Promise<void> {
  const { begin, end } = HARMS[fault];
  await begin(redis);
  fired();
  if (!end) return;
  await delay(random.between(500, 4_000));
  await end(redis);
}
