/**
 * Whether wake-ups can go by this Redis; for a start, which should say so at once. The client is loaded only here: see `create-hints.ts`.
 *
 * @returns one sentence that says why not, without user and password; `undefined` when they can
 */
export async function findRedisProblem(url: string): Promise<string | undefined> {
  const { probeRedis } = await import('./redis/probe-redis.js');
  return probeRedis(url);
}
