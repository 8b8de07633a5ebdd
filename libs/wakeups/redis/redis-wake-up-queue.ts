import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { WakeUpQueue } from '@stepwell/engine';
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
  private isDeaf = false;
  private closing: Promise<void> | undefined;

  /** @param url redis://user:password@host:port/database, or rediss:// for TLS */
  constructor(private readonly url: string) {
    super();
    this.sender = new HintSender(url, this.origin);
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
    if (this.isDeaf && this.isListening) {
      this.isDeaf = false;
      this.logger.log('Hearing hints by Redis again.');
    }
    this.listeners.tell([queue]);
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
