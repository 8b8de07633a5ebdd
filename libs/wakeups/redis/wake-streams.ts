/**
 * What is in Redis: one BullMQ event stream per queue of Stepwell, `stepwell:<queue>:events`, cut to the latest few. An entry says who
 * sent it and nothing else; that there is work, and which, is in the database.
 */
import type { BackendFactory, QueueEventsListener } from 'bullmq';
import { QueueKeys, RedisConnection, RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';

export const PREFIX = 'stepwell';
/** The name of our event in a stream. */
export const WAKE = 'wake';
/** Whoever hears reads at once, and whoever has missed some looks by itself: the past is of no use to anybody. Redis keeps about as many. */
export const KEPT_EVENTS = 100;

export interface WakeListener extends QueueEventsListener {
  [WAKE]: (event: { readonly origin?: string }, id: string) => void;
}

/** BullMQ refuses a colon in a queue's name; the encoding leaves the names that people choose as they are. */
export function streamName(queue: string): string {
  return encodeURIComponent(queue.toWellFormed());
}

export function streamKey(queue: string): string {
  return new QueueKeys(PREFIX).getKeys(streamName(queue))['events'] as string;
}

/**
 * BullMQ on exactly this connection, which stays ours: by itself BullMQ would open a second one for hearing, and would wait without end
 * in `close()` for one that is reconnecting.
 */
export function onConnection(client: Redis): BackendFactory<RedisQueueBackend> {
  return (name, options) => {
    const keys = new QueueKeys(PREFIX);
    const connection = new RedisConnection(client, { shared: true, blocking: false, skipVersionCheck: true });
    return new RedisQueueBackend(connection, name, keys.getKeys(name), (type) => keys.toKey(name, type), options);
  };
}
