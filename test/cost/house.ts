/**
 * One process with a worker and an event loop on a quiet server, its heartbeats and sweeps an hour apart, and the units whose cost has a
 * budget. What comes from outside (decisions, events) is said all together and told once; a timer is set by a clock that then catches up,
 * so it is due when it rings. It waits for commits, not for the database, so that waiting costs no statement.
 */
import { type Actor, type FieldError, RunStatus } from '@stepwell/contracts';
import { ChangeFeed, Clock, type RunCommit, WakeUpQueue } from '@stepwell/engine';
import { EventLoop, EventRouter, EventService } from '@stepwell/events';
import type { Type } from '@stepwell/sdk';
import { postgresEventStore } from '@stepwell/storage';
import { ScreenProvider, TaskService } from '@stepwell/tasks';
import type pg from 'pg';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { until } from '../engine/engine.js';
import { type Process, startProcess } from '../engine/process.js';
import type { Unit } from './budget.js';
import { Meter } from './meter.js';
import { startQuietServer } from './quiet-server.js';
import { asked, catalog, handlers, keyOf, OrderPaid, Verdict } from './units.js';

const TENANT = 'default';
const REVIEWER: Actor = { id: 'reviewer-1', name: 'Reviewer', kind: 'user' };
/** Longer than any test: nothing happens by the clock. */
const NEVER_MS = 60 * 60_000;
/** Longer than the timer of the unit with a timer. */
const LAG_MS = 10 * 60_000;

class Screens extends ScreenProvider {
  answerClassOf(): Type<object> {
    return Verdict;
  }

  mayDecide(): Promise<true> {
    return Promise.resolve(true);
  }

  takeDocuments(): Promise<readonly FieldError[]> {
    return Promise.resolve([]);
  }
}

/** People and machines say their wake-ups to it; they go out together, when the test says so. */
class HeldWakeUps extends WakeUpQueue {
  wake(): void {
    // The test wakes the process itself.
  }
  listen(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve());
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Nobody looks at a page. */
class NoChanges extends ChangeFeed {
  publish(): void {
    // Nobody subscribes.
  }
  subscribe(): () => void {
    return () => undefined;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Goes behind the database's until so many timers are set; by then all of them are due, and ring once. */
class LaggingClock extends Clock {
  private timers = 0;

  lagUntilSet(timers: number): void {
    this.timers = timers;
  }
  readonly note = ({ intent }: RunCommit): void => {
    if (intent.kind === 'release' && intent.dueAt !== null) this.timers--;
  };
  now(): number {
    return Date.now() - (this.timers > 0 ? LAG_MS : 0);
  }
}

/** Where the runs stand, heard from their commits. */
class Progress {
  /** As the last commit left each run; absent while it is in motion. */
  private readonly stands = new Map<string, RunStatus>();
  /** Ids of open tasks, by run. */
  private readonly tasks = new Map<string, string>();
  private readonly ends = new Map<string, number>();

  readonly note = ({ runId, intent, tasks, workflow }: RunCommit): void => {
    for (const { id } of tasks) this.tasks.set(runId, id);
    if (intent.kind === 'end') {
      this.stands.set(runId, intent.status);
      this.ends.set(workflow, this.endedOf(workflow) + 1);
    } else if (intent.kind === 'release') this.stands.set(runId, RunStatus.waiting);
    else this.stands.delete(runId);
  };

  taskOf(runId: string): string {
    return this.tasks.get(runId) ?? 'none';
  }

  /** How many runs of a workflow have ended. */
  endedOf(workflow: string): number {
    return this.ends.get(workflow) ?? 0;
  }

  async all(ids: readonly string[], status: RunStatus): Promise<void> {
    const others = () => ids.map((id) => this.stands.get(id)).filter((stand) => stand !== status);
    await until(others, (left) => left.length === 0, `Every run should be ${status}`);
  }
}

export class House {
  private readonly tasks: TaskService;
  private readonly events: EventService;
  private orders = 0;
  private readonly units: Readonly<Record<Unit, (count: number) => Promise<void>>> = {
    'three-step run': async (count) => this.completed(await this.start('three-steps', count)),
    screen: (count) => this.screens(count),
    'async result': (count) => this.asyncResults(count),
    'timer wait': (count) => this.timers(count),
    'event wait': (count) => this.eventWaits(count),
    child: async (count) => this.completed(await this.start('parent', count)),
    'emitted record': (count) => this.records(count),
  };

  private constructor(
    readonly meter: Meter,
    private readonly process: Process,
    private readonly progress: Progress,
    private readonly clock: LaggingClock,
    private readonly loop: EventLoop,
    private readonly stopServer: () => Promise<void>,
  ) {
    const { pool } = process;
    this.tasks = new TaskService(pool, new Screens(), new HeldWakeUps(), new NoChanges());
    this.events = new EventService(pool, catalog, new HeldWakeUps(), []);
  }

  static async open(): Promise<House> {
    const server = await startQuietServer();
    const progress = new Progress();
    const clock = new LaggingClock();
    const onCommitted = (commit: RunCommit) => {
      progress.note(commit);
      clock.note(commit);
    };
    const worker = { leaseMs: NEVER_MS, sweepMs: NEVER_MS, reportMs: NEVER_MS };
    const process = await startProcess(server.url, catalog, handlers, { worker, clock, onCommitted });
    const { pool, wakeUps, dataSource } = process;
    const loop = new EventLoop(new EventRouter(postgresEventStore(pool), catalog, wakeUps, new NoChanges()), wakeUps, {
      busySweepMs: NEVER_MS,
      idleSweepMs: NEVER_MS,
    });
    await loop.start();
    const ofTransactions = (dataSource.driver as PostgresDriver).master as pg.Pool;
    return new House(await Meter.open(server.url, [pool, ofTransactions]), process, progress, clock, loop, () => server.stop());
  }

  async close(): Promise<void> {
    await this.meter.close();
    await this.loop.stop();
    await this.process.stop();
    await this.stopServer();
  }

  /** So many at once, from start to end. */
  run(unit: Unit, count: number): Promise<void> {
    return this.units[unit](count);
  }

  /** People decide all tasks before the worker is told. */
  private async screens(count: number): Promise<void> {
    const ids = await this.start('screen', count);
    await this.progress.all(ids, RunStatus.waiting);
    await Promise.all(ids.map((id) => this.decide(id)));
    this.process.wakeUps.wake(['default']);
    await this.completed(ids);
  }

  private async asyncResults(count: number): Promise<void> {
    const ids = await this.start('question', count);
    await this.progress.all(ids, RunStatus.waiting);
    const settle = (id = 'none') => this.process.runs.settleAsyncResult({ tenant: TENANT, id }, { ok: true, value: { ok: true } });
    await Promise.all(ids.map((id) => settle(asked.get(id))));
    await this.completed(ids);
  }

  private async timers(count: number): Promise<void> {
    this.clock.lagUntilSet(count);
    await this.completed(await this.start('delay', count));
  }

  /** All events are there before the router is told. */
  private async eventWaits(count: number): Promise<void> {
    const payloads = Array.from({ length: count }, () => ({ orderId: keyOf(this.orders++) }));
    const ids = await Promise.all(payloads.map((input) => this.startOne('payment', input)));
    await this.progress.all(ids, RunStatus.waiting);
    // They have been looked up: else an event might be found by its wait, and not by its router.
    await this.meter.quiet();
    const emitted = { tenant: TENANT, name: OrderPaid.name, idempotencyKey: null, actor: null };
    await Promise.all(payloads.map((payload) => this.events.emit({ ...emitted, payload })));
    this.process.wakeUps.wake(['events']);
    await this.completed(ids);
  }

  /** One emitter reads them in one batch. */
  private async records(count: number): Promise<void> {
    const before = this.progress.endedOf('record');
    await this.completed([await this.startOne(count === 1 ? 'one-record' : 'hundred-records', null)]);
    await until(
      () => this.progress.endedOf('record') - before,
      (ended) => ended === count,
      `${count} records should have been processed`,
    );
  }

  private completed(ids: readonly string[]): Promise<void> {
    return this.progress.all(ids, RunStatus.completed);
  }

  private start(name: string, count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.startOne(name, { total: 500 })));
  }

  private async startOne(workflow: string, input: unknown): Promise<string> {
    return (await this.process.runs.start({ tenant: TENANT, workflow, input, actor: null })).runId;
  }

  private async decide(runId: string): Promise<void> {
    const id = this.progress.taskOf(runId);
    await this.tasks.complete({ tenant: TENANT, id, actor: REVIEWER, expectedVersion: 1, answer: { verdict: 'yes' } });
  }
}
