/** Schedules as people see them. */
import type { Clock } from '@stepwell/engine';
import {
  findSchedule,
  latestSlots,
  type LatestSlotsRequest,
  listSchedules,
  pgSql,
  type ScheduleRow,
  type SlotRow,
  type Sql,
} from '@stepwell/storage';
import type pg from 'pg';
import { CronTimes } from './cron-times.js';
import { cronWords } from './cron-words.js';

/** More than anybody reads. */
const MAX_FIRINGS = 100;

export interface SlotView {
  /** ISO 8601. */
  readonly dueAt: string;
  readonly outcome: 'fired' | 'skipped';
  /** Why it was skipped: `missed` (with more where many share a row) or `overlap`. */
  readonly reason: string | null;
  readonly runId: string | null;
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
  }

  /** The coming due times, ISO 8601, at most a hundred. An overlap may still skip one of them. */
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
    pool: pg.Pool,
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

  /** @returns the latest slots for each request, newest first, in the order of the requests */
  async slots(tenant: string, requests: readonly LatestSlotsRequest[]): Promise<readonly (readonly SlotView[])[]> {
    return (await latestSlots(this.sql, tenant, requests)).map((rows) => rows.map(slotView));
  }
}

function slotView(row: SlotRow): SlotView {
  return { dueAt: row.due_at.toISOString(), outcome: row.outcome, reason: row.reason, runId: row.run_id };
}
