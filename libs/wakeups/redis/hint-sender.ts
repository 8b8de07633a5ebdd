/**
 * Sends hints: one entry per queue for everything that gathered, the first at once, those that follow after a few milliseconds. While
 * Redis is away the names of the queues are kept (so many, never more) and sent when it is back: a process that could hear all the while
 * has no reason to look by itself.
 */
import { Logger } from '@nestjs/common';
import { QueueEventsProducer } from 'bullmq';
import type { Redis } from 'ioredis';
import { openConnection, retryInMs } from './open-connection.js';
import { KEPT_EVENTS, onConnection, PREFIX, streamName, WAKE } from './wake-streams.js';

/** At most 200 hints a second, queue and process, however busy it is; nobody feels five milliseconds. */
const GAP_MS = 5;
/** A connection that does not answer for so long is replaced. */
const ANSWER_TIMEOUT_MS = 5_000;

export interface SenderWatch {
  lost(cause: Error | undefined): void;
  back(): void;
}

export class HintSender {
  private readonly logger = new Logger('Wake-ups');
  private readonly client: Redis;
  private readonly producers = new Map<string, QueueEventsProducer>();
  private queues = new Set<string>();
  private sending: Promise<void> | undefined;
  private isRefused = false;
  private isClosed = false;
  private isLost = false;
  private cause: Error | undefined;

  /** @param origin lets the sender know its own hints when it hears them */
  constructor(
    url: string,
    private readonly origin: string,
    private readonly watch: SenderWatch,
  ) {
    this.client = openConnection(url, {
      commandTimeout: ANSWER_TIMEOUT_MS,
      // What is not sent stays with us, each name once; the client must not keep it too.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      retryStrategy: retryInMs,
    });
    this.client
      .on('error', (error: Error) => (this.cause = error))
      .on('close', () => this.onClose())
      .on('ready', () => this.onReady());
  }

  /** What is said now is kept, and sent when it is back. */
  get isAway(): boolean {
    return this.isLost;
  }

  wake(queues: Iterable<string>): void {
    for (const queue of queues) this.queues.add(queue);
    this.begin();
  }

  /** Sends what is unsent, if Redis is there. */
  async close(): Promise<void> {
    await this.sending;
    this.isClosed = true;
    this.client.disconnect();
  }

  private onClose(): void {
    if (this.isClosed) return;
    this.isLost = true;
    this.watch.lost(this.cause);
  }

  private onReady(): void {
    this.isLost = false;
    this.cause = undefined;
    this.watch.back();
    this.begin();
  }

  private get isReady(): boolean {
    return this.client.status === 'ready' && !this.isClosed;
  }

  private begin(): void {
    if (this.isClosed || this.sending || this.queues.size === 0) return;
    if (this.client.status === 'wait') this.client.connect().catch(() => undefined);
    if (!this.isReady) return;
    this.sending = this.sendAll().finally(() => {
      this.sending = undefined;
      // Said, or reconnected, in the very moment in which the loop ended.
      this.begin();
    });
  }

  private async sendAll(): Promise<void> {
    while (this.isReady && this.queues.size > 0) {
      // What is said in this very turn of the event loop goes along.
      await new Promise((resolve) => setImmediate(resolve));
      const { queues } = this;
      this.queues = new Set();
      await Promise.all([...queues].map((queue) => this.send(queue)));
      await new Promise((resolve) => setTimeout(resolve, GAP_MS));
    }
  }

  private async send(queue: string): Promise<void> {
    try {
      await this.producer(queue).publishEvent({ eventName: WAKE, origin: this.origin }, KEPT_EVENTS);
      this.isRefused = false;
    } catch (error) {
      if ((error as Error).name === 'ReplyError') return this.refused(error as Error);
      this.queues.add(queue);
      if (this.isReady) this.client.disconnect(true);
    }
  }

  /** Redis itself said no (read only, out of memory, no permission): saying it again at once would not help. */
  private refused(error: Error): void {
    if (!this.isRefused) this.logger.warn(`Redis refuses hints (${error.message}); the sweeps of the other processes find the work.`);
    this.isRefused = true;
  }

  private producer(queue: string): QueueEventsProducer {
    let producer = this.producers.get(queue);
    if (!producer) {
      const options = { connection: this.client, prefix: PREFIX };
      producer = new QueueEventsProducer(streamName(queue), options, onConnection(this.client));
      producer.on('error', () => undefined);
      this.producers.set(queue, producer);
    }
    return producer;
  }
}
