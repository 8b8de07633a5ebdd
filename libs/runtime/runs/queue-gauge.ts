/**
 * Back pressure: how full the queue is, and whether a start from outside is taken. What is accepted is durable, so it must not be more than
 * the fleet can work off in a time that anybody waits for; who is refused knows at once, and when to come again.
 *
 * No start waits for a count. The last one stands for some seconds, and what this process has put into the queue since is added; so the
 * bound is held to within what the other processes start in that time. A count takes a share of one in twenty of the time, however long the queue is.
 * What comes from inside (events, schedules, children, retries) is not refused: it belongs to work that was taken. Emitters wait, and earlier
 * than anybody is refused: what they read lies somewhere and can wait.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type LogFields, StepwellError } from '@stepwell/contracts';
import { UncountedStarts } from './uncounted-starts.js';

export interface QueueBounds {
  /** Queued runs of the whole installation; null: no bound. */
  readonly all: number | null;
  /** Likewise, of one tenant. */
  readonly perTenant: number | null;
  /** What becomes of a start beyond them: refused, or first kept waiting for room, for a while. */
  readonly whenFull: 'refuse' | 'slow';
}

export interface GaugeParts {
  /**
   * @param most counts so far and no further
   * @param begins called when it has its connection: what it waits for that is no part of what it costs
   */
  readonly count: (most: number, begins: () => void) => Promise<ReadonlyMap<string, number>>;
  readonly warn: (line: string, fields?: LogFields) => void;
  /** Milliseconds that only go on; `performance.now` by default. */
  readonly now?: () => number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** PostgreSQL's largest integer: all of them. */
const MOST_COUNTED = 2 ** 31 - 1;
/** How long a count stands, at least. */
const COUNT_MS = 2_000;
/** Where it is full, room is looked for more often. */
const FULL_COUNT_MS = 250;
/** A count takes no more than this share of the time. */
const SHARE = 20;
/** From this part of a bound on, emitters wait. */
const EMITTERS_PART = 0.8;
/** Between two looks of one that waits. */
const LOOK_MS = 500;
/** A slowed start is refused after so long: whoever calls has a limit, too. */
const SLOW_MS = 10_000;
/** So many starts may wait for room; each holds its request in memory. */
const MOST_SLOWED = 1_000;
/** What a refused start is told when the queue does not get shorter, and the most that it is told. */
const LONGEST_RETRY_S = 60;
const UNKNOWN_RETRY_S = 30;
/** Who comes again should find room for more than one. */
const ROOM_PART = 0.02;

interface Count {
  readonly at: number;
  readonly took: number;
  readonly all: number;
  readonly of: ReadonlyMap<string, number>;
  /** Runs by which the queue gets shorter in a millisecond. */
  readonly pace: number;
}

/** What is full: the whole queue, or the part of one tenant. */
type Bound = 'tenant' | 'all';

export class QueueGauge {
  private last: Count | undefined;
  private counting: Promise<void> | undefined;
  private readonly since = new UncountedStarts();
  private slowed = 0;
  /** Of which it was said that they are full: tenants, and the whole queue (null). */
  private readonly told = new Set<string | null>();
  private readonly all: number;
  private readonly perTenant: number;
  private readonly whenFull: QueueBounds['whenFull'];
  private readonly now: () => number;
  private readonly pause: (ms: number) => Promise<unknown>;

  constructor(
    bounds: QueueBounds,
    private readonly parts: GaugeParts,
  ) {
    this.all = bounds.all ?? Infinity;
    this.perTenant = bounds.perTenant ?? Infinity;
    this.whenFull = bounds.whenFull;
    this.now = parts.now ?? (() => performance.now());
    this.pause = parts.pause ?? ((ms) => delay(ms));
  }

  /**
   * Takes note of a start that is about to be made.
   *
   * @param mayWait whether the start may be slowed; one in an open transaction may not
   * @returns to be called when the start has not come into the queue after all; a second call changes nothing
   * @throws StepwellError TENANT_QUEUE_FULL, QUEUE_FULL
   */
  async admit(tenant: string, mayWait = true): Promise<() => void> {
    if (!this.isBounded) return () => undefined;
    if (!this.last) await this.count();
    if (this.ageMs > this.standsMs(COUNT_MS)) void this.count();
    const giveBack = this.take(tenant) ?? (await this.getsRoom(tenant, mayWait));
    if (!giveBack) throw this.refusal(tenant);
    return giveBack;
  }

  /** Resolves when an emitter may go on. @param goOn is asked between two looks, and throws when nobody waits any more */
  async roomForEmitter(tenant: string, goOn: () => void): Promise<void> {
    if (!this.isBounded) return;
    for (;;) {
      if (!this.last || this.ageMs > this.standsMs(LOOK_MS)) await this.count();
      goOn();
      if (!this.excess(tenant, EMITTERS_PART)) return;
      await this.pause(LOOK_MS);
    }
  }

  /** Looks and takes in one go: of all who waited for the same count, no more go on than there is room for. */
  private take(tenant: string): (() => void) | undefined {
    return this.excess(tenant, 1) ? undefined : this.since.note(tenant);
  }

  private async getsRoom(tenant: string, mayWait: boolean): Promise<(() => void) | undefined> {
    const until = this.now() + SLOW_MS;
    for (let isFirst = true; ; isFirst = false) {
      // What is known may be old: others have worked meanwhile.
      if (this.ageMs > this.standsMs(FULL_COUNT_MS)) await this.count();
      const giveBack = this.take(tenant);
      if (giveBack) return giveBack;
      this.tell(tenant);
      if (!mayWait || this.whenFull === 'refuse' || this.now() >= until) return undefined;
      if (isFirst && this.slowed >= MOST_SLOWED) return undefined;
      this.slowed++;
      await this.pause(LOOK_MS).finally(() => this.slowed--);
    }
  }

  /** @returns which bound, if any, has no room below this part of it */
  private excess(tenant: string, part: number): Bound | undefined {
    if (this.sumOf(tenant) >= this.perTenant * part) return 'tenant';
    return (this.last?.all ?? 0) + this.since.all >= this.all * part ? 'all' : undefined;
  }

  private sumOf(tenant: string): number {
    return (this.last?.of.get(tenant) ?? 0) + this.since.of(tenant);
  }

  private refusal(tenant: string): StepwellError {
    const { all, perTenant } = this;
    if (this.excess(tenant, 1) === 'tenant')
      return new StepwellError('TENANT_QUEUE_FULL', { most: perTenant, seconds: this.retryAfter(perTenant) });
    return new StepwellError('QUEUE_FULL', { most: all, seconds: this.retryAfter(all) });
  }

  private retryAfter(bound: number): number {
    const pace = this.last?.pace ?? 0;
    if (pace <= 0) return UNKNOWN_RETRY_S;
    return Math.min(LONGEST_RETRY_S, Math.max(1, Math.ceil((bound * ROOM_PART) / pace / 1_000)));
  }

  private get isBounded(): boolean {
    return this.all !== Infinity || this.perTenant !== Infinity;
  }

  private get ageMs(): number {
    return this.last ? this.now() - this.last.at : Infinity;
  }

  private standsMs(least: number): number {
    return Math.max(least, (this.last?.took ?? 0) * SHARE);
  }

  /** One at a time. One that fails leaves what is known: a database that is away refuses by itself. */
  private count(): Promise<void> {
    return (this.counting ??= this.countNow().finally(() => (this.counting = undefined)));
  }

  private async countNow(): Promise<void> {
    let begunAt = this.now();
    const drop = this.since.beginCount();
    try {
      const of = await this.parts.count(Math.min(this.all + 1, MOST_COUNTED), () => (begunAt = this.now()));
      const [now, all, before, dropped] = [this.now(), [...of.values()].reduce((sum, one) => sum + one, 0), this.last, drop()];
      const pace = before && now > before.at ? (before.all + dropped - all) / (now - before.at) : 0;
      this.last = { at: now, took: now - begunAt, of, all, pace };
      this.forgetRoomy();
    } catch (error) {
      // Not asked again at once.
      this.last = { of: new Map(), all: 0, pace: 0, ...this.last, at: this.now(), took: 0 };
      this.parts.warn(`Queued runs could not be counted; the last count stands: ${String(error)}`);
    }
  }

  /** Once each time that it gets full, the whole of it or a tenant's part. */
  private tell(tenant: string): void {
    const isOfTenant = this.excess(tenant, 1) === 'tenant';
    const about = isOfTenant ? tenant : null;
    if (this.told.has(about)) return;
    this.told.add(about);
    const how = this.whenFull === 'slow' ? 'are slowed, then refused' : 'are refused';
    this.parts.warn(
      isOfTenant
        ? `The queue of tenant "${tenant}" is full (${this.sumOf(tenant)} runs): its starts from outside ${how} until there is room.`
        : `The queue is full (${(this.last?.all ?? 0) + this.since.all} runs): starts from outside ${how} until there is room.`,
      isOfTenant ? { tenant } : undefined,
    );
  }

  /** It is told anew of what gets full after it had room. */
  private forgetRoomy(): void {
    const { all = 0, of } = this.last ?? {};
    for (const about of this.told) {
      const hasRoom = about === null ? all < this.all * EMITTERS_PART : (of?.get(about) ?? 0) < this.perTenant * EMITTERS_PART;
      if (hasRoom) this.told.delete(about);
    }
  }
}
