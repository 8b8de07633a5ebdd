/**
 * Keeps a router at work: at once when somebody says that there are events, and by a sweep, because hints may be lost. Every 2 s while
 * there was something to do, and then more seldom, down to every 10 s: the bound on what a lost hint costs, and two statements each.
 */
import { Logger } from '@nestjs/common';
import type { WakeUpQueue } from '@stepwell/engine';
import type { EventRouter } from './event-router.js';

/** Who has committed an event says so here: `wakeUps.wake([EVENTS_QUEUE])`. */
export const EVENTS_QUEUE = 'events';

const BUSY_SWEEP_MS = 2_000;
const IDLE_SWEEP_MS = 10_000;
/** Without a LISTEN connection nobody tells this process of the others' events. */
const DEAF_SWEEP_MS = 2_000;

export class EventLoop {
  private readonly logger = new Logger('Events');
  private isRunning = false;
  private isFailing = false;
  private mustLookAgain = false;
  private pass: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private pauseMs = BUSY_SWEEP_MS;
  private stopListening: (() => Promise<void>) | undefined;

  constructor(
    private readonly router: EventRouter,
    private readonly wakeUps: WakeUpQueue,
  ) {}

  async start(): Promise<void> {
    this.isRunning = true;
    this.stopListening = await this.wakeUps.listen([EVENTS_QUEUE], () => this.look());
    this.look();
  }

  /** Lets the batch in hand end. */
  async stop(): Promise<void> {
    this.isRunning = false;
    clearTimeout(this.timer);
    await this.stopListening?.();
    await this.pass;
  }

  private look(): void {
    if (!this.isRunning) return;
    this.mustLookAgain = true;
    this.pass ??= this.work().finally(() => {
      this.pass = undefined;
      // Said in the very moment between the last look and this one.
      if (this.mustLookAgain) this.look();
    });
  }

  private async work(): Promise<void> {
    clearTimeout(this.timer);
    let hasWorked = false;
    while (this.isRunning && this.mustLookAgain) {
      this.mustLookAgain = false;
      if (await this.once()) hasWorked = this.mustLookAgain = true;
    }
    if (!this.isRunning) return;
    const longest = this.wakeUps.isListening ? IDLE_SWEEP_MS : DEAF_SWEEP_MS;
    this.pauseMs = hasWorked ? BUSY_SWEEP_MS : Math.min(this.pauseMs * 2, longest);
    this.timer = setTimeout(() => this.look(), Math.min(this.pauseMs, this.router.takeSoonestRetry() ?? Infinity));
  }

  /** @returns whether there was anything to do, so that there may be more */
  private async once(): Promise<boolean> {
    try {
      const found = await this.router.pass();
      this.isFailing = false;
      return found > 0;
    } catch (error) {
      if (!this.isFailing) this.logger.warn(`Events wait for now (${(error as Error).message}); the next sweep tries again.`);
      this.isFailing = true;
      return false;
    }
  }
}
