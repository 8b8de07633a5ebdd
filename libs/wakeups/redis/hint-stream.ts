/**
 * Hears the hints of one queue, on a connection of its own: BullMQ reads a stream by a command that blocks. A connection that is lost is
 * thrown away and replaced by a new one, which begins at the present; whoever hears is then told to look for itself.
 */
import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { openConnection, retryInMs } from './open-connection.js';
import { onConnection, PREFIX, streamKey, streamName, WAKE, type WakeListener } from './wake-streams.js';

/**
 * How long one read waits for a hint. When Redis has not even said "nothing" a second later, BullMQ takes the connection for dead, so this is
 * also how long a dead one may go unnoticed; the sweeps carry on meanwhile. Two commands a minute are the price.
 */
const BLOCK_MS = 30_000;
/** From the first knock until it hears: somebody who takes the connection and says nothing is no Redis. */
const PATIENCE_MS = 10_000;

export interface StreamHearer {
  /** @param origin who sent it */
  hear(queue: string, origin: string | undefined): void;
  /** The connection is down: hints of others are not heard for now. */
  lost(cause: Error | undefined): void;
  /** It is back, and hints may have been missed meanwhile. */
  lookAgain(queue: string): void;
}

export class HintStream {
  private client: Redis | undefined;
  private events: QueueEvents | undefined;
  private attempt: Promise<void> | undefined;
  private hears = false;
  private mayHaveMissed = false;
  private failures = 0;
  private timer: NodeJS.Timeout | undefined;
  private isClosed = false;
  private firstAttempt: Promise<void> | undefined;

  constructor(
    private readonly url: string,
    private readonly queue: string,
    private readonly hearer: StreamHearer,
  ) {}

  get isListening(): boolean {
    return this.hears;
  }

  /** Resolves after the first attempt to connect, successful or not: a start must not hang on a Redis that is down. */
  start(): Promise<void> {
    return (this.firstAttempt ??= this.attempt = this.connect());
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.hears = false;
    clearTimeout(this.timer);
    // First of all, so that BullMQ takes the end of the connection for ours and does not pause for another attempt.
    const closed = this.events?.close();
    this.client?.disconnect();
    await this.attempt;
    await closed;
  }

  private async connect(): Promise<void> {
    if (this.isClosed) return;
    // It ends with the connection; we make the next one.
    const client = openConnection(this.url, { retryStrategy: () => null });
    this.client = client;
    let cause: Error | undefined;
    let isLost = false;
    const lose = (error?: Error): void => {
      if (isLost) return;
      isLost = true;
      this.lost(client, error ?? cause);
    };
    client.on('error', (error: Error) => (cause = error));
    client.on('end', () => lose());
    // BullMQ brings a connection back that it has taken for dead; we have another one by then.
    client.on('ready', () => void (isLost && client.disconnect()));
    const patience = setTimeout(() => client.disconnect(), PATIENCE_MS);
    try {
      await client.connect();
      // From here on nothing is missed, however late the first read begins. After "$" something would be, between two reads.
      const [latest] = await client.xrevrange(streamKey(this.queue), '+', '-', 'COUNT', 1);
      if (!isLost) this.hearOn(client, latest?.[0] ?? '0-0', lose);
    } catch (error) {
      lose(error as Error);
    } finally {
      clearTimeout(patience);
    }
  }

  private hearOn(client: Redis, lastEventId: string, lose: (cause: Error) => void): void {
    if (this.isClosed) return client.disconnect();
    const options = { connection: client, prefix: PREFIX, lastEventId, blockingTimeout: BLOCK_MS, autorun: false };
    const events = new QueueEvents(streamName(this.queue), options, onConnection(client));
    this.events = events;
    events.on('error', lose);
    events.on<WakeListener, typeof WAKE>(WAKE, ({ origin }) => {
      if (this.events === events && !this.isClosed) this.hearer.hear(this.queue, origin);
    });
    events.run().catch(lose);
    this.hears = true;
    this.failures = 0;
    if (!this.mayHaveMissed) return;
    this.mayHaveMissed = false;
    this.hearer.lookAgain(this.queue);
  }

  private lost(client: Redis, cause: Error | undefined): void {
    const { events } = this;
    this.events = undefined;
    this.hears = false;
    events?.close().catch(() => undefined);
    if (client.status !== 'end') client.disconnect();
    if (this.isClosed) return;
    this.mayHaveMissed = true;
    this.hearer.lost(cause);
    this.timer = setTimeout(() => {
      this.attempt = this.connect();
    }, retryInMs(++this.failures)).unref();
  }
}
