/** The loops of this process, by its roles: the worker with the event router, the scheduler's ticker with the sweep of documents and the messages to people, and the housekeeper. */
import { Inject, Injectable } from '@nestjs/common';
import { DocumentSweeper } from '@stepwell/documents';
import { EventLoop, TriggerRegistry } from '@stepwell/events';
import { Notifier } from '@stepwell/notifications';
import { ScheduleRegistry, ScheduleTicker } from '@stepwell/scheduling';
import { Housekeeper } from './housekeeper.js';
import type { Isolation } from './isolation/isolation.js';
import { ISOLATION } from './isolation/isolation.token.js';
import { RUNTIME_OPTIONS, type RuntimeOptions } from './runtime-options.js';
import type { Worker } from './worker/worker.js';
import { WORKER } from './worker/worker.token.js';

@Injectable()
export class RuntimeLoops {
  constructor(
    @Inject(RUNTIME_OPTIONS) private readonly options: RuntimeOptions,
    @Inject(WORKER) private readonly worker: Worker | null,
    @Inject(ISOLATION) private readonly isolation: Isolation | null,
    private readonly triggers: TriggerRegistry,
    private readonly events: EventLoop,
    private readonly schedules: ScheduleRegistry,
    private readonly ticker: ScheduleTicker,
    private readonly sweeper: DocumentSweeper,
    private readonly notifier: Notifier,
    private readonly housekeeper: Housekeeper,
  ) {}

  /** What the database must know of this build before its loops run. */
  async register(tenant: string): Promise<void> {
    await this.triggers.register(tenant);
    await this.schedules.register(tenant);
  }

  async start(): Promise<void> {
    await this.worker?.start();
    if (this.options.roles.includes('worker')) await this.events.start();
    if (!this.options.roles.includes('isolated')) this.housekeeper.start();
    if (!this.options.roles.includes('scheduler')) return;
    for (const tenant of this.options.tenants) await this.ticker.start(tenant);
    this.sweeper.start();
    await this.notifier.start();
  }

  async stop(): Promise<void> {
    await this.housekeeper.stop();
    await this.notifier.stop();
    await this.sweeper.stop();
    await this.ticker.stop();
    if (this.options.roles.includes('worker')) await this.events.stop();
    await Promise.all([this.isolation?.stop(), this.worker?.stop()]);
  }
}
