import { Interval } from '@nestjs/schedule';
import type { Scheduler } from './scheduler.js';

/** Once a second: often enough for cron's finest grain, and asking costs nothing while nothing is due. */
const TICK_MS = 1_000;

/**
 * The tick of @nestjs/schedule. It only asks: who fires a slot is decided by the slot's unique row, so every process with the role
 * `scheduler` may tick. Without that role it is not started.
 */
export class ScheduleTicker {
  private isRunning = false;
  private ticking: Promise<void> | undefined;

  constructor(private readonly scheduler: Scheduler) {}

  /** After the schedules have been registered. */
  async start(tenant: string): Promise<void> {
    await this.scheduler.load(tenant);
    this.isRunning = true;
  }

  /** Lets the slots in hand be settled. */
  async stop(): Promise<void> {
    this.isRunning = false;
    await this.ticking;
  }

  @Interval('stepwell.schedules', TICK_MS)
  async tick(): Promise<void> {
    if (!this.isRunning) return;
    this.ticking = this.scheduler.tick();
    await this.ticking;
  }
}
