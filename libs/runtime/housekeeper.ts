/**
 * Keeps the house: makes the partitions of the coming months, and once a day drops what is older than the retention.
 *
 * Asking costs nothing between two times, which are kept in memory. Every process makes partitions, since each inserts; a day's pass is
 * made by one process with the role `scheduler`, the one that moves its time on in the database. Times are those of the clock, which
 * follows the database's: a machine that slept for months finds at its first tick that partitions are missing.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Clock } from '@stepwell/engine';
import {
  applyRetention,
  claimPass,
  ensurePartitions,
  expire,
  EXPIRE_API_KEYS,
  EXPIRE_BLOBS,
  EXPIRE_EMISSIONS,
  EXPIRE_RUN_KEYS,
  EXPIRE_RUN_SESSIONS,
  EXPIRE_SESSIONS,
  EXPIRE_SLOTS,
  EXPIRE_STEP_KEYS,
  EXPIRE_WORKERS,
  hastenPass,
  pgSql,
  setClock,
  type Sql,
} from '@stepwell/storage';
import type pg from 'pg';

const TICK_MS = 1_000;
const DAY_MS = 86_400_000;
/** After a failure, or when the tables were in use: nobody waits for it. */
const AGAIN_MS = 60_000;
/** A cancel that comes between two statements stops neither. */
const CANCEL_MS = 100;

/** One that is idle does not mind. */
const CANCEL = 'SELECT pg_cancel_backend(pid) FROM unnest($1::int[]) AS b(pid) WHERE pid <> pg_backend_pid()';

export interface HousekeeperOptions {
  /** What has ended stays for so long, in milliseconds; `null` for ever. */
  readonly keepMs: number | null;
  /** So long an emitter knows the keys of its records, in milliseconds; `null` for ever. */
  readonly keepEmissionsMs: number | null;
  /** Whether this process makes passes; any makes partitions. */
  readonly makesPasses: boolean;
}

/** One of its two duties. */
interface Duty {
  readonly name: string;
  readonly work: () => Promise<number>;
  /** When it is due again. */
  at: number;
  isFailing: boolean;
}

export class Housekeeper {
  private readonly logger = new Logger('Housekeeping');
  private readonly sql: Sql;
  private readonly duties: readonly Duty[];
  private isRunning = false;
  private readonly stopping = new AbortController();
  /** Of the pool's connections. */
  private readonly backends = new Set<number>();
  private ticking: Promise<void> | undefined;

  /** @param pool of its own, with one connection to work on and one to stop that work */
  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: Clock,
    private readonly options: HousekeeperOptions,
  ) {
    this.sql = pgSql(pool);
    pool.on('connect', (client) => this.backends.add(backendOf(client)));
    pool.on('remove', (client) => this.backends.delete(backendOf(client)));
    const duty = (name: string, at: number, work: () => Promise<number>): Duty => ({ name, work, at, isFailing: false });
    this.duties = [
      // At the start they are made before anything else.
      duty('Partitions of the coming months could not be made', clock.now() + DAY_MS, () => this.makePartitions()),
      ...(options.makesPasses ? [duty('What is old could not be dropped', 0, () => this.pass())] : []),
    ];
  }

  start(): void {
    this.isRunning = true;
  }

  /** Breaks off the pass in hand, which leaves nothing half done: reading through a large month may take minutes. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.stopping.abort();
    while (this.ticking) {
      await this.pool.query(CANCEL, [[...this.backends]]).catch(() => undefined);
      await Promise.race([this.ticking, pause(CANCEL_MS, undefined, { ref: false })]);
    }
  }

  /** Does what is due. A call while another is at work waits for that one and does nothing itself. */
  tick(): Promise<void> {
    this.ticking ??= this.doWhatIsDue().finally(() => {
      this.ticking = undefined;
    });
    return this.ticking;
  }

  @Interval('stepwell.housekeeping', TICK_MS)
  async tickOnceStarted(): Promise<void> {
    if (this.isRunning) await this.tick();
  }

  private async doWhatIsDue(): Promise<void> {
    for (const duty of this.duties) {
      const inMs = duty.at - this.clock.now();
      // Later than in a day: the clock was ahead.
      if (inMs > 0 && inMs <= DAY_MS) continue;
      try {
        duty.at = await duty.work();
        duty.isFailing = false;
      } catch (error) {
        if (this.stopping.signal.aborted) return;
        duty.at = this.clock.now() + AGAIN_MS;
        if (!duty.isFailing) this.logger.error(`${duty.name} (${(error as Error).message}); that is tried again every minute.`);
        duty.isFailing = true;
      }
    }
  }

  /** @returns when it is due again, as `pass` does */
  private async makePartitions(): Promise<number> {
    await ensurePartitions(this.sql);
    return this.clock.now() + DAY_MS;
  }

  private async pass(): Promise<number> {
    await setClock(this.sql, this.clock);
    const now = this.clock.now();
    const { mine, nextAt } = await claimPass(this.sql, now, now + DAY_MS);
    if (!mine) return nextAt;
    const isDone = await this.dropOldMonths(now).catch(async (error: unknown) => {
      await hastenPass(this.sql, now + AGAIN_MS);
      throw error;
    });
    await this.expireOldRows(now);
    if (isDone) return nextAt;
    await hastenPass(this.sql, now + AGAIN_MS);
    return now + AGAIN_MS;
  }

  /** @returns false when some could not be dropped because they were in use */
  private async dropOldMonths(now: number): Promise<boolean> {
    if (this.options.keepMs === null) return true;
    const decisions = await applyRetention(this.pool, { now, keepMs: this.options.keepMs, signal: this.stopping.signal });
    for (const { reason, state, isNews } of decisions) {
      if (isNews) this.logger[state === 'dropped' || state === 'reduced' ? 'log' : 'warn'](`Retention: ${reason}.`);
    }
    return decisions.every(({ state }) => state !== 'busy');
  }

  private async expireOldRows(now: number): Promise<void> {
    const { keepMs, keepEmissionsMs } = this.options;
    await expire(this.sql, EXPIRE_WORKERS, new Date(now - DAY_MS));
    await expire(this.sql, EXPIRE_BLOBS, new Date(now - DAY_MS));
    await expire(this.sql, EXPIRE_SESSIONS, new Date(now));
    await expire(this.sql, EXPIRE_STEP_KEYS, new Date(now - DAY_MS));
    if (keepEmissionsMs !== null) await expire(this.sql, EXPIRE_EMISSIONS, new Date(now - keepEmissionsMs));
    if (keepMs === null) return;
    for (const expiry of [EXPIRE_RUN_KEYS, EXPIRE_SLOTS, EXPIRE_API_KEYS, EXPIRE_RUN_SESSIONS])
      await expire(this.sql, expiry, new Date(now - keepMs));
  }
}

function backendOf(client: pg.PoolClient): number {
  return (client as pg.PoolClient & { readonly processID: number }).processID;
}
