import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { type Carrier, WakeUpQueue } from '@stepwell/engine';
import { LocalListeners, type OnWake } from '../local-listeners.js';
import { HintSender } from './hint-sender.js';
import { HintStream, type StreamHearer } from './hint-stream.js';

/**
 * Wake-ups by BullMQ on Redis. Every process that listens to a queue hears its hints, as the port asks: the one that holds a run must hear
 * of its inbox, whichever it is. Listeners of this process are told directly, without Redis, once per queue and turn of the event loop.
 */
export class RedisWakeUpQueue extends WakeUpQueue implements StreamHearer {
  private readonly logger = new Logger('Wake-ups');
  private readonly origin = randomBytes(6).toString('base64url');
  private readonly listeners = new LocalListeners();
  private readonly streams = new Map<string, HintStream>();
  private readonly sender: HintSender;
  private isDeaf: boolean;
  private closing: Promise<void> | undefined;

  /**
   * @param url redis://user:password@host:port/database, or rediss:// for TLS
   * @param state `isAway`: that it is not there has been said; what is said next is that it is back
   */
  constructor(
    private readonly url: string,
    { isAway = false }: { readonly isAway?: boolean } = {},
  ) {
    super();
    this.isDeaf = isAway;
    this.sender = new HintSender(url, this.origin, { lost: (cause) => this.lost(cause), back: () => this.tellIfBack() });
  }

  override get carrier(): Carrier {
    return { name: 'redis', isAway: this.isDeaf };
  }

  override get isListening(): boolean {
    return this.streams.size > 0 && [...this.streams.values()].every((stream) => stream.isListening);
  }

  wake(queues: Iterable<string>): void {
    const names = new Set(queues);
    this.listeners.tell(names);
    this.sender.wake(names);
  }

  async listen(queues: readonly string[], onWake: OnWake): Promise<() => Promise<void>> {
    const remove = this.listeners.add(queues, onWake);
    await Promise.all(queues.map((queue) => this.stream(queue).start()));
    return async () => remove();
  }

  close(): Promise<void> {
    return (this.closing ??= this.closeAll());
  }

  hear(queue: string, origin: string | undefined): void {
    if (origin !== this.origin) this.listeners.tell([queue]);
  }

  lost(cause: Error | undefined): void {
    if (!this.isDeaf)
      this.logger.warn(
        `Redis is away (${cause?.message ?? 'the connection ended'}), so hints of other processes are not heard for now; polling and the sweep find what they would have told. Reconnecting.`,
      );
    this.isDeaf = true;
  }

  lookAgain(queue: string): void {
    this.tellIfBack();
    this.listeners.tell([queue]);
  }

  /** It is when all that it hears is heard again, and what it says is sent. */
  private tellIfBack(): void {
    const isHeard = this.streams.size === 0 || this.isListening;
    if (!this.isDeaf || !isHeard || this.sender.isAway) return;
    this.isDeaf = false;
    // Who was told that it is away must hear of this, too.
    this.logger.warn('Redis is back: hints go by it again.');
  }

  private async closeAll(): Promise<void> {
    this.listeners.clear();
    await Promise.all([this.sender.close(), ...[...this.streams.values()].map((stream) => stream.close())]);
  }

  private stream(queue: string): HintStream {
    let stream = this.streams.get(queue);
    if (!stream) this.streams.set(queue, (stream = new HintStream(this.url, queue, this)));
    return stream;
  }
}
