import { type Carrier, WakeUpQueue } from '@stepwell/engine';
import { LocalListeners, type OnWake } from '../local-listeners.js';
import { type Message, readWake, WAKE_CHANNEL, wakeMessages } from './hint-messages.js';
import type { Hearer } from './listen-connection.js';
import type { PostgresHints } from './postgres-hints.js';

/** Wake-ups by NOTIFY. Listeners of this process are told directly, without the database, once per queue and turn of the event loop. */
export class PostgresWakeUpQueue extends WakeUpQueue implements Hearer {
  private readonly listeners = new LocalListeners();
  private readonly leave: () => Promise<void>;

  constructor(private readonly hints: PostgresHints) {
    super();
    this.leave = hints.join(this);
  }

  override get isListening(): boolean {
    return this.hints.connection.isListening;
  }

  /** It is the database itself: when that is away, more is said than this. */
  override get carrier(): Carrier {
    return { name: 'postgres', isAway: false };
  }

  wake(queues: Iterable<string>): void {
    const names = new Set(queues);
    this.listeners.tell(names);
    this.hints.notifier.wake(names);
  }

  /** From nobody, so that this process hears them too. */
  override atCommit(queues: Iterable<string>): readonly Message[] {
    return wakeMessages('', queues);
  }

  async listen(queues: readonly string[], onWake: OnWake): Promise<() => Promise<void>> {
    const remove = this.listeners.add(queues, onWake);
    await this.hints.connection.start();
    return async () => remove();
  }

  async close(): Promise<void> {
    this.listeners.clear();
    await this.leave();
  }

  hear(channel: string, payload: string): void {
    if (channel !== WAKE_CHANNEL) return;
    const queues = readWake(this.hints.connection.origin, payload);
    if (queues?.length === 0) this.hints.connection.noteOther();
    if (queues) this.listeners.tell(queues);
  }

  lookAgain(): void {
    this.listeners.tellAll();
  }
}
