import type { RedisProblem } from './redis/probe-redis.js';

/**
 * Whether wake-ups can go by this Redis; for a start, which should say so at once. The client is loaded only here: see `create-hints.ts`.
 *
 * @returns why not; `undefined` when they can
 */
export async function findRedisProblem(url: string): Promise<RedisProblem | undefined> {
  const { probeRedis } = await import('./redis/probe-redis.js');
  return probeRedis(url);
}
