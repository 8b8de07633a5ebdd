/**
 * Fires slots. Asking costs nothing while nothing is due: the next due time of each schedule is kept in memory. When one is due, one
 * short transaction decides: it locks the schedule, inserts the rows of the slots, and inserts a run for each fired slot whose row was
 * new. So of any number of processes exactly one fires a slot, and slot and run are there together or not at all.
 *
 * What was settled is in the database, and nothing is settled before its time: when to ask is decided by the clock of the process, what is
 * due by the database's, which the transaction reads and that clock is put right by. A clock that goes back fires nothing twice; one that
 * is ahead asks in vain, once.
 */
import { Logger } from '@nestjs/common';
import { logLine } from '@stepwell/contracts';
import {
  type Change,
  type ChangeFeed,
  type Clock,
  DEFAULT_QUEUE,
  type NewRun,
  type StartTerms,
  startTerms,
  type WakeUpQueue,
  type WorkflowCatalog,
} from '@stepwell/engine';
import {
  insertRuns,
  insertSlots,
  inTransaction,
  listSchedules,
  lockSchedule,
  type NewSlot,
  pgSql,
  scheduleIsGoing,
  type ScheduleRow,
  settleUntil,
  slotsAfter,
  type Sql,
  uuidV7,
} from '@stepwell/storage';
import type pg from 'pg';
import { CronTimes } from './cron-times.js';
import { dueSlots } from './due-slots.js';

/** How often to ask whether the run has ended that held slots wait for. */
const HELD_MS = 5_000;
/** After a failure: soon enough for a slot to be still live when the database comes back from a restart. */
const RETRY_MS = 2_000;

/** A schedule as this process has it in mind. */
interface Watched {
  readonly tenant: string;
  readonly id: string;
  readonly cron: string;
  readonly zone: string;
  readonly times: CronTimes;
  /** When to ask the database; `Infinity` when never. */
  askAt: number;
}

interface Settled {
  readonly row: ScheduleRow;
  readonly settledUntil: number;
  readonly isHeld: boolean;
  readonly started: readonly NewRun[];
}

export class Scheduler {
  private readonly logger = new Logger('Schedules');
  private readonly watched = new Map<string, Watched>();
  /** Of the runs of each schedule, by workflow: its input never changes, so the author's code is asked once and never in a transaction. */
  private readonly terms = new Map<string, StartTerms>();
  private ticking: Promise<void> | undefined;
  private isFailing = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
    private readonly wakeUps: WakeUpQueue,
    private readonly changes: ChangeFeed,
    private readonly clock: Clock,
  ) {}

  /** Takes up the schedules of the hosted workflows. After they have been registered. */
  async load(tenant: string): Promise<void> {
    for (const row of await listSchedules(pgSql(this.pool), tenant)) {
      const hosted = this.catalog.get(row.workflow);
      if (!hosted) continue;
      this.terms.set(row.workflow, startTerms(hosted.definition, hosted.definition.schedule?.input ?? null));
      this.watch(row, row.settled_until.getTime(), false);
    }
  }

  /** Settles what is due. A call while another is at work waits for that one and does nothing itself. */
  tick(): Promise<void> {
    this.ticking ??= this.settleDue().finally(() => {
      this.ticking = undefined;
    });
    return this.ticking;
  }

  private async settleDue(): Promise<void> {
    // One after the other: a full hour with many schedules must not take every connection of the pool.
    for (const one of [...this.watched.values()]) {
      if (one.askAt > this.clock.now()) continue;
      try {
        await this.settle(one);
        this.isFailing = false;
      } catch (error) {
        one.askAt = this.clock.now() + RETRY_MS;
        const sentence = `Schedule "${one.id}" could not be settled (${(error as Error).message}); trying again.`;
        if (!this.isFailing) this.logger.warn(logLine(sentence, { tenant: one.tenant }));
        this.isFailing = true;
      }
    }
  }

  private async settle(one: Watched): Promise<void> {
    const settled = await inTransaction(this.pool, (sql) => this.settleIn(sql, one));
    if (!settled) {
      // Turned off by a version that has it no longer.
      this.watched.delete(keyOf(one));
      return;
    }
    this.watch(settled.row, settled.settledUntil, settled.isHeld);
    this.tell(settled);
  }

  private async settleIn(sql: Sql, one: Watched): Promise<Settled | undefined> {
    const { tenant, id } = one;
    const sentAt = performance.now();
    const row = await lockSchedule(sql, tenant, id);
    if (!row) return undefined;
    const now = this.clock.observe(row.now, sentAt, performance.now());
    const before = row.settled_until.getTime();
    const state = {
      now,
      settledUntil: before,
      settled: await slotsAfter(sql, tenant, id, before),
      isRunGoing: row.overlap === 'skip' && (await scheduleIsGoing(sql, tenant, row.workflow)),
      isPaused: row.paused_at !== null,
    };
    const { slots, settledUntil, isHeld } = dueSlots({ times: timesOf(row, one), overlap: row.overlap, catchUp: row.catch_up }, state);
    const started =
      slots.length > 0
        ? await this.record(
            sql,
            row,
            slots.map(({ dueAt, outcome, reason }) => ({ dueAt, outcome, reason, runId: outcome === 'fired' ? uuidV7() : null })),
          )
        : [];
    if (settledUntil > before) await settleUntil(sql, tenant, id, settledUntil);
    return { row, settledUntil, isHeld, started };
  }

  private async record(sql: Sql, row: ScheduleRow, slots: readonly NewSlot[]): Promise<NewRun[]> {
    const inserted = await insertSlots(sql, row.tenant, row.id, slots);
    const started = slots.flatMap(({ runId, dueAt }) => (runId !== null && inserted.has(dueAt) ? [this.newRun(row, runId)] : []));
    if (started.length > 0) await insertRuns(sql, started);
    return started;
  }

  private newRun({ tenant, workflow, input }: ScheduleRow, id: string): NewRun {
    const hosted = this.catalog.get(workflow);
    const terms = this.terms.get(workflow);
    if (!hosted || !terms) throw new Error(`Workflow "${workflow}" is not hosted here.`);
    const { version } = hosted.definition;
    return {
      tenant,
      id,
      workflow,
      version,
      queue: DEFAULT_QUEUE,
      worker: null,
      startedBy: 'schedule',
      actor: null,
      causeEvent: null,
      causeRun: null,
      key: null,
      input: JSON.stringify(input),
      ...terms,
    };
  }

  private watch(row: ScheduleRow, settledUntil: number, isHeld: boolean): void {
    const { tenant, id, cron, zone } = row;
    const times = timesOf(row, this.watched.get(keyOf(row)));
    const now = this.clock.now();
    // Behind held slots the watermark stands still; the next live slot is the one after now.
    const next = times.next(isHeld ? now : settledUntil) ?? Infinity;
    this.watched.set(keyOf(row), { tenant, id, cron, zone, times, askAt: isHeld ? Math.min(next, now + HELD_MS) : next });
  }

  private tell({ row, started }: Settled): void {
    if (started.length === 0) return;
    const slots = started.length > 1 ? ` for ${started.length} slots` : '';
    this.logger.log(logLine(`Schedule "${row.id}" has fired${slots}.`, { tenant: row.tenant }));
    this.wakeUps.wake([DEFAULT_QUEUE]);
    const runs = started.map(({ tenant, id }): Change => ({ tenant, kind: 'run', id }));
    const isEmitter = this.catalog.get(row.workflow)?.processor !== undefined;
    this.changes.publish(isEmitter ? [...runs, { tenant: row.tenant, kind: 'emitter', id: row.workflow }] : runs);
  }
}

function keyOf({ tenant, id }: { readonly tenant: string; readonly id: string }): string {
  return `${id} ${tenant}`;
}

/** Another version may have changed the schedule since this process read it: the row counts. */
function timesOf({ cron, zone }: ScheduleRow, known: Watched | undefined): CronTimes {
  return known?.cron === cron && known.zone === zone ? known.times : new CronTimes(cron, zone);
}
