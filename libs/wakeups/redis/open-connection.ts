import { Redis, type RedisOptions } from 'ioredis';

const CONNECT_TIMEOUT_MS = 10_000;
/** How long the server may take to say goodbye; the client waits so long even for one that is gone already. */
const DISCONNECT_TIMEOUT_MS = 200;
/** A first retry soon, for a restarted server; then seldom, so that a server that is down is not knocked at. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/** A connection that begins with `connect()`, and whose commands wait for an answer however long it takes. */
export function openConnection(url: string, options: RedisOptions): Redis {
  return new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: null,
    ...options,
  });
}

/** @param attempts so many have failed in a row, from 1 */
export function retryInMs(attempts: number): number {
  // Up to a quarter less at random, so that all processes do not knock at the same moment.
  return Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LAST_RETRY_MS) * (1 - Math.random() / 4);
}
