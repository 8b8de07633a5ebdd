/** The queues as BullMQ has them, for a page that shows them: on one connection of its own, which writes nothing. */
import { Queue } from 'bullmq';
import { openConnection, retryInMs } from './open-connection.js';
import { onConnection, PREFIX, streamKey, streamName } from './wake-streams.js';

/** Somebody looks at it meanwhile. */
const ANSWER_TIMEOUT_MS = 5_000;

export interface BoardQueues {
  readonly queues: readonly Queue[];
  close(): Promise<void>;
}

/**
 * @param names the queues that this installation knows; those whose hints are in Redis are shown, too
 * @throws Error when Redis does not answer
 */
export async function openBoardQueues(url: string, names: readonly string[]): Promise<BoardQueues> {
  const client = openConnection(url, { commandTimeout: ANSWER_TIMEOUT_MS, enableOfflineQueue: false, retryStrategy: retryInMs });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const [prefix = '', suffix = ''] = streamKey('*').split(streamName('*'));
    const keys: string[] = [];
    for (let cursor = '0'; ;) {
      const [next, found] = await client.scan(cursor, 'MATCH', streamKey('*'), 'COUNT', 1_000);
      keys.push(...found);
      if (next === '0') break;
      cursor = next;
    }
    const streams = keys.map((key) => key.slice(prefix.length, key.length - suffix.length));
    const queues = [...new Set([...names.map(streamName), ...streams])].sort().map((name) => {
      const queue = new Queue(name, { connection: client, prefix: PREFIX, skipMetasUpdate: true }, onConnection(client));
      // What it asks in vain is the answer of the page.
      queue.on('error', () => undefined);
      return queue;
    });
    return {
      queues,
      close: async () => {
        client.disconnect();
        await Promise.all(queues.map((queue) => queue.close().catch(() => undefined)));
      },
    };
  } catch (error) {
    client.disconnect();
    throw error;
  }
}
