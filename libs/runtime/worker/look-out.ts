/**
 * Looks for work, one look at a time: a call during a look makes one more look after it. While hints of other processes cannot be heard
 * it looks by itself, often while there is work, seldom when there is none.
 */
import type { Timers } from '@stepwell/engine';
import { Alarm } from './alarm.js';
import { SYSTEM_TIMERS } from './system-timers.js';

/** Between looks of an idle process that hears no hints: the most that a lost hint costs, and thirty queries a minute. */
const IDLE_POLL_MS = 2_000;
/** Somebody held what we looked for: they let go within milliseconds, unless they hang; then there is nothing to hurry for. */
const SOON_MS = 5;
const LONGEST_SOON_MS = 500;

export interface LookOutParts {
  /** @returns how much was found */
  readonly lookOnce: () => Promise<number>;
  readonly onError: (error: unknown) => void;
  /** False while hints of other processes cannot be heard. */
  readonly isListening: () => boolean;
  readonly busyPollMs: number;
  readonly timers?: Timers | undefined;
}

export class LookOut {
  private running = false;
  private looking: Promise<void> | undefined;
  private again = false;
  private pollMs: number;
  private readonly polling: Alarm;
  private soonMs = SOON_MS;
  private soon: (() => void) | undefined;

  constructor(private readonly parts: LookOutParts) {
    this.polling = new Alarm(parts.timers);
    this.pollMs = parts.busyPollMs;
  }

  start(): void {
    this.running = true;
    this.poll();
  }

  /** Begins no further look; resolves when the last has ended. */
  async stop(): Promise<void> {
    this.running = false;
    this.polling.clear();
    this.soon?.();
    await this.looking;
  }

  /** Looks again after a moment; each time in a row that moment is twice as long. */
  lookSoon(): void {
    if (!this.running || this.soon) return;
    const { timers = SYSTEM_TIMERS } = this.parts;
    this.soon = timers.after(this.soonMs, () => {
      this.soon = undefined;
      this.soonMs = Math.min(this.soonMs * 2, LONGEST_SOON_MS);
      this.look();
    });
  }

  look(): void {
    if (!this.running) return;
    if (this.looking) {
      this.again = true;
      return;
    }
    this.looking = this.parts
      .lookOnce()
      .catch((error: unknown) => {
        this.parts.onError(error);
        return 0;
      })
      .then((found) => {
        this.looking = undefined;
        this.setPace(found);
        if (!this.again) return;
        this.again = false;
        this.look();
      });
  }

  private setPace(found: number): void {
    if (!this.soon) this.soonMs = SOON_MS;
    if (found === 0) return;
    this.pollMs = this.parts.busyPollMs;
    this.poll();
  }

  private poll(): void {
    if (!this.running) return;
    this.polling.set(this.pollMs, () => {
      this.pollMs = Math.max(this.parts.busyPollMs, Math.min(this.pollMs * 2, IDLE_POLL_MS));
      if (!this.parts.isListening()) this.look();
      this.poll();
    });
  }
}
