/**
 * Keeps a router at work: at once when somebody says that there are events, and by a sweep, because hints may be lost. Every 2 s while
 * there was something to do, and then more seldom, down to every 10 s: the bound on what a lost hint costs, and one statement each.
 */
import { Logger } from '@nestjs/common';
import type { WakeUpQueue } from '@stepwell/engine';
import type { EventRouter, Pass } from './event-router.js';

/** Who has committed an event says so here: `wakeUps.wake([EVENTS_QUEUE])`. */
export const EVENTS_QUEUE = 'events';

export interface EventLoopOptions {
  /** Until the next look after one that found something, and at most without a LISTEN connection: then nobody tells of the others' events. */
  readonly busySweepMs: number;
  /** At most, when there is nothing to do. */
  readonly idleSweepMs: number;
}

export const EVENT_LOOP_DEFAULTS: EventLoopOptions = { busySweepMs: 2_000, idleSweepMs: 10_000 };

export class EventLoop {
  private readonly logger = new Logger('Events');
  private isRunning = false;
  private isFailing = false;
  private mustLookAgain = false;
  private pass: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private pauseMs: number;
  private stopListening: (() => Promise<void>) | undefined;

  constructor(
    private readonly router: EventRouter,
    private readonly wakeUps: WakeUpQueue,
    private readonly options: EventLoopOptions = EVENT_LOOP_DEFAULTS,
  ) {
    this.pauseMs = options.busySweepMs;
  }

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
      const { found, mayBeMore } = await this.once();
      if (found > 0) hasWorked = true;
      if (mayBeMore) this.mustLookAgain = true;
    }
    if (!this.isRunning) return;
    const { busySweepMs, idleSweepMs } = this.options;
    const longest = this.wakeUps.isListening ? idleSweepMs : busySweepMs;
    this.pauseMs = hasWorked ? busySweepMs : Math.min(this.pauseMs * 2, longest);
    this.timer = setTimeout(() => this.look(), Math.min(this.pauseMs, this.router.takeSoonestRetry() ?? Infinity));
  }

  private async once(): Promise<Pass> {
    try {
      const pass = await this.router.pass();
      this.isFailing = false;
      return pass;
    } catch (error) {
      if (!this.isFailing) this.logger.warn(`Events wait for now (${(error as Error).message}); the next sweep tries again.`);
      this.isFailing = true;
      return { found: 0, mayBeMore: false };
    }
  }
}
