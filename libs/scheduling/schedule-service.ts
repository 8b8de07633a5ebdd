/** Schedules as people see them, and what operators do to them. */
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import type { Clock } from '@stepwell/engine';
import {
  findSchedule,
  insertSlots,
  inTransaction,
  latestSlots,
  type LatestSlotsRequest,
  listSchedules,
  lockSchedule,
  pauseSchedule,
  pgSql,
  resumeSchedule,
  scheduleIsGoing,
  type ScheduleRow,
  settleUntil,
  type SlotRow,
  slotsAfter,
  type Sql,
} from '@stepwell/storage';
import type pg from 'pg';
import { CronTimes } from './cron-times.js';
import { cronWords } from './cron-words.js';
import { dueSlots } from './due-slots.js';

/** More than anybody reads. */
const MAX_FIRINGS = 100;

export interface SlotView {
  /** ISO 8601. */
  readonly dueAt: string;
  readonly outcome: 'fired' | 'skipped';
  /** Why it was skipped: `missed` or `paused` (with more where many share a row), or `overlap`. */
  readonly reason: string | null;
  readonly runId: string | null;
}

/** What a run out of turn is started with: it is a run of its schedule, for whoever asked. */
export interface OutOfTurn {
  readonly workflow: string;
  readonly input: Json;
  readonly startedBy: 'schedule';
}

export class ScheduleView {
  readonly id: string;
  readonly workflow: string;
  readonly cron: string;
  readonly zone: string;
  readonly overlap: 'skip' | 'allow';
  readonly catchUp: 'latest' | 'all' | 'none';
  /** The cron expression in words. */
  readonly description: string;
  /** ISO 8601: slots up to here are settled. */
  readonly settledUntil: string;
  readonly isPaused: boolean;
  /** ISO 8601. */
  readonly pausedAt: string | null;
  readonly pausedBy: Actor | null;
  readonly pauseReason: string | null;

  constructor(
    row: ScheduleRow,
    private readonly clock: Clock,
  ) {
    this.id = row.id;
    this.workflow = row.workflow;
    this.cron = row.cron;
    this.zone = row.zone;
    this.overlap = row.overlap;
    this.catchUp = row.catch_up;
    this.description = cronWords(row.cron);
    this.settledUntil = row.settled_until.toISOString();
    this.isPaused = row.paused_at !== null;
    this.pausedAt = row.paused_at?.toISOString() ?? null;
    this.pausedBy = row.paused_by;
    this.pauseReason = row.pause_reason;
  }

  /** The coming due times, ISO 8601, at most a hundred. An overlap or a pause may still skip one of them. */
  nextFirings(count: number): string[] {
    const times = new CronTimes(this.cron, this.zone);
    const firings: string[] = [];
    const most = Math.min(count, MAX_FIRINGS);
    for (let at = times.next(this.clock.now()); at !== undefined && firings.length < most; at = times.next(at))
      firings.push(new Date(at).toISOString());
    return firings;
  }
}

export class ScheduleService {
  private readonly sql: Sql;

  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
  ) {
    this.sql = pgSql(pool);
  }

  /** The active schedules, by id. */
  async list(tenant: string): Promise<readonly ScheduleView[]> {
    return (await listSchedules(this.sql, tenant)).map((row) => new ScheduleView(row, this.clock));
  }

  /** An active schedule; its id is the name of its workflow. */
  async find(tenant: string, id: string): Promise<ScheduleView | undefined> {
    const row = await findSchedule(this.sql, tenant, id);
    return row && new ScheduleView(row, this.clock);
  }

  /**
   * From now on nothing fires until it is resumed, over restarts and deploys; what comes due is recorded as skipped. Pausing twice keeps
   * the first pause.
   *
   * @throws StepwellError SCHEDULE_NOT_FOUND
   */
  async pause(tenant: string, id: string, by: Actor, reason: string | null): Promise<ScheduleView> {
    await pauseSchedule(this.sql, tenant, id, by, reason);
    return this.existing(tenant, id);
  }

  /** The next slot fires again. Those of the pause are skipped, for good. @throws StepwellError SCHEDULE_NOT_FOUND */
  async resume(tenant: string, id: string): Promise<ScheduleView> {
    await inTransaction(this.pool, async (sql) => {
      const sentAt = performance.now();
      const row = await lockSchedule(sql, tenant, id);
      if (!row || row.paused_at === null) return;
      const now = this.clock.observe(row.now, sentAt, performance.now());
      // Where no process has done so: or the end of the pause would make missed slots of them, and one might fire.
      const before = row.settled_until.getTime();
      const rule = { times: new CronTimes(row.cron, row.zone), overlap: row.overlap, catchUp: row.catch_up };
      const settled = await slotsAfter(sql, tenant, id, before);
      const { slots, settledUntil } = dueSlots(rule, {
        now,
        settledUntil: before,
        settled,
        isRunGoing: false,
        isPaused: true,
      });
      if (slots.length > 0)
        await insertSlots(
          sql,
          tenant,
          id,
          slots.map((slot) => ({ ...slot, runId: null })),
        );
      if (settledUntil > before) await settleUntil(sql, tenant, id, settledUntil);
      await resumeSchedule(sql, tenant, id);
    });
    return this.existing(tenant, id);
  }

  /** @throws StepwellError SCHEDULE_NOT_FOUND */
  async outOfTurn(tenant: string, id: string): Promise<OutOfTurn> {
    const row = await findSchedule(this.sql, tenant, id);
    if (!row) throw new StepwellError('SCHEDULE_NOT_FOUND', { id });
    return { workflow: row.workflow, input: row.input, startedBy: 'schedule' };
  }

  /**
   * Locks the schedule: until the end of the transaction none of its runs begins but what that inserts.
   *
   * @throws StepwellError SCHEDULE_NOT_FOUND; SCHEDULE_OVERLAPS while a run of it goes on and its runs may not overlap
   */
  async mayRunNow(sql: Sql, tenant: string, id: string): Promise<void> {
    const row = await lockSchedule(sql, tenant, id);
    if (!row) throw new StepwellError('SCHEDULE_NOT_FOUND', { id });
    if (row.overlap === 'skip' && (await scheduleIsGoing(sql, tenant, row.workflow))) throw new StepwellError('SCHEDULE_OVERLAPS', { id });
  }

  private async existing(tenant: string, id: string): Promise<ScheduleView> {
    const view = await this.find(tenant, id);
    if (!view) throw new StepwellError('SCHEDULE_NOT_FOUND', { id });
    return view;
  }

  /** @returns the latest slots for each request, newest first, in the order of the requests */
  async slots(tenant: string, requests: readonly LatestSlotsRequest[]): Promise<readonly (readonly SlotView[])[]> {
    return (await latestSlots(this.sql, tenant, requests)).map((rows) => rows.map(slotView));
  }
}

function slotView(row: SlotRow): SlotView {
  return { dueAt: row.due_at.toISOString(), outcome: row.outcome, reason: row.reason, runId: row.run_id };
}
