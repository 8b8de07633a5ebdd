import { DEFAULT_QUEUE } from '@stepwell/engine';
import { openConnection } from './open-connection.js';
import { redisAddress } from './redis-address.js';
import { streamKey } from './wake-streams.js';

/** Long enough for a machine far away, short enough to be waited for at a start. */
const PATIENCE_MS = 5_000;

/** What Redis answers while it comes up, or is no master at the moment: that passes. */
const PASSING = /^(LOADING|MASTERDOWN|CLUSTERDOWN|BUSY|TRYAGAIN)\b/;

export interface RedisProblem {
  /** One sentence, without user and password. */
  readonly sentence: string;
  /** It is not there now, which passes by itself; otherwise it is a Redis that will not do. */
  readonly isAway: boolean;
}

/** @returns why this Redis cannot carry wake-ups; `undefined` when it can */
export async function probeRedis(url: string): Promise<RedisProblem | undefined> {
  const client = openConnection(url, { connectTimeout: PATIENCE_MS, commandTimeout: PATIENCE_MS, retryStrategy: () => null });
  let cause: Error | undefined;
  client.on('error', (error: Error) => (cause ??= error));
  try {
    await client.connect();
    // What hearing begins with: it fails on a Redis before 5.0, with a wrong password, and without the permission.
    await client.xrevrange(streamKey(DEFAULT_QUEUE), '+', '-', 'COUNT', 1);
    return undefined;
  } catch (error) {
    const { message, name } = cause ?? (error as Error);
    const isAway = name !== 'ReplyError' || PASSING.test(message);
    const verb = isAway ? 'cannot be reached' : 'does not do what wake-ups need';
    return { sentence: `Redis at ${redisAddress(url)} ${verb} (${message.replace(/\.$/, '')}).`, isAway };
  } finally {
    if (client.status !== 'end') client.disconnect();
  }
}
