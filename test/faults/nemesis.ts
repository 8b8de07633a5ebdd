/**
 * Whoever does harm, at seeded moments. Its hands work side by side, so that faults meet each other: one kills workers, one ends
 * and misleads processes otherwise, one freezes them, one has the database, one the wires, and one Redis, where hints go by it. Each draws from a deck of its own, so that every fault comes, and each fault is over,
 * by itself or by the hand that did it, before the hand draws again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Database } from '../crash/database.js';
import { Random } from '../crash/random.js';
import type { RedisServer } from '../redis/redis-server.js';
import type { Disk } from './disk.js';
import { formatOrder, NOTIFICATION, type Order, PLACES, SERVER_STATEMENTS, WORKER_STATEMENTS } from './failpoints/order.js';
import { type Harm, HARMS } from './workflows/harms.js';
import { type Fault, FAULTS, OF_NOTIFICATIONS, OF_REDIS } from './faults.js';
import { type Hand, HANDS } from './hands.js';
import { harmRedis } from './harm-redis.js';
import type { Proxy } from './proxy.js';
import type { Life, System, Terms } from './system.js';
import type { TakeOvers } from './take-overs.js';

export interface NemesisOptions {
  readonly system: System;
  readonly database: Database;
  readonly seed: number;
  readonly leaseMs: number;
  readonly proxy: Proxy;
  readonly disk: Disk;
  /** Undefined where hints go by PostgreSQL. */
  readonly redis: RedisServer | undefined;
  readonly takeOvers: TakeOvers;
  /** Only these; all by default. */
  readonly only: readonly Fault[] | undefined;
  /** Starts a run that does harm. @returns whether it was acknowledged */
  readonly poison: (harm: Harm) => Promise<boolean>;
  /** Operations that were acknowledged by now. */
  readonly acknowledged: () => number;
  readonly log: (line: string) => void;
}

type Deal = () => Promise<void>;

/** Another carries the work on. */
const LEAST_FREE = 1;
/** A failpoint that has not come by then is given up, and the worker ended where it stands. */
const PATIENCE_MS = 5_000;
/** Three a lease; by then another statement had its time to come first. */
const BEATS = 2;
/** So long a campaign waits for a fault that has not come in its time. */
const GRACE_MS = 120_000;
/** So much longer than it was asked for a campaign may take to come to what was asked for. */
const MOST_TIMES_LONGER = 4;
/** It has every version of each workflow. */
const NEWEST_BUILD = 2;
/** A wrong clock: ten minutes, either way. */
const SKEW_MS = 600_000;

export class Nemesis {
  readonly fired: Record<Fault, number> = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  /** Failpoints by name, and how often each was reached. */
  readonly failpoints = new Map<string, number>();
  readonly skipped = new Map<Fault, string>();
  /** Milliseconds from the end of the database: until it took connections, and until an operation was acknowledged. */
  readonly recoveries: { readonly connections: number; readonly acknowledged: number }[] = [];
  /** From when on processes may end by a step of theirs. */
  hasPoisoned = false;
  private readonly awaited = new Map<number, (what: string) => void>();
  private readonly terms: Random;
  private build = 1;
  /** Its time is over, since then. */
  private overSince: number | undefined;
  private isOver = false;

  constructor(private readonly options: NemesisOptions) {
    this.terms = new Random(options.seed ^ 0x7e57);
  }

  /** kill -9 of workers, one way or another. */
  get kills(): number {
    return this.fired.kill + this.fired.failpoint;
  }

  get databaseStops(): number {
    return this.fired['database-stop'] + this.fired['database-kill'];
  }

  /** Faults that were asked for. */
  get asked(): readonly Fault[] {
    return FAULTS.filter((fault) => this.isAsked(fault) && !this.skipped.has(fault));
  }

  private get missing(): readonly Fault[] {
    return this.asked.filter((fault) => this.fired[fault] === 0);
  }

  /** Of the next life of a process. */
  termsOf(slot: Life['slot']): Terms {
    const isSkewed = !this.isOver && slot !== 'server' && this.isAsked('skew') && (this.fired.skew === 0 || this.terms.next() < 0.25);
    if (isSkewed) this.fired.skew++;
    return {
      build: String(this.isAsked('deploy') ? this.build : 1),
      skewMs: isSkewed ? this.terms.pick([-SKEW_MS, SKEW_MS]) : 0,
      orders: [],
    };
  }

  onFired(life: Life, what: string): void {
    this.failpoints.set(what, (this.failpoints.get(what) ?? 0) + 1);
    this.awaited.get(life.pid)?.(what);
  }

  /** For so long, and on until `isEnough` says so, unless it is given up before; and until every fault that was asked for has happened, if they come. */
  async run(forMs: number, isEnough: () => boolean, isGivenUp = (): boolean => false): Promise<void> {
    const began = performance.now();
    const isTimeOver = (): boolean => {
      const soFar = performance.now() - began;
      this.isOver ||= isGivenUp();
      if (this.isOver || (soFar > forMs && (isEnough() || soFar > forMs * MOST_TIMES_LONGER))) this.overSince ??= performance.now();
      return this.overSince !== undefined;
    };
    const hands = Object.entries(HANDS).map(([name, hand], index) =>
      this.deal(name, hand, new Random(this.options.seed * 31 + index), isTimeOver),
    );
    // One that fails is a fault of the suite: the others stop, too.
    await Promise.all(hands.map((hand) => hand.catch((error: unknown) => { this.isOver = true; throw error; }))); // prettier-ignore
    // Without any fault the load goes on all the same.
    while (!isTimeOver()) await delay(100);
    this.isOver = true;
  }

  /** Ends a deploy that is under way, whichever way it went last: runs of the newest version would wait for it for ever. */
  async rollOut(): Promise<void> {
    if (!this.isAsked('deploy')) return;
    this.build = NEWEST_BUILD;
    const { system } = this.options;
    await Promise.all(system.lives.filter(({ build }) => build !== String(NEWEST_BUILD)).map((life) => system.end(life, 'SIGTERM')));
    await system.allReady();
  }

  private isAsked(fault: Fault): boolean {
    if ((this.options.redis ? OF_NOTIFICATIONS : OF_REDIS).includes(fault)) return false;
    return this.options.only?.includes(fault) ?? true;
  }

  private async deal(name: string, { pauseMs: [least, most], deck }: Hand, random: Random, isTimeOver: () => boolean): Promise<void> {
    const cards = deck.flatMap(([times, fault]) => Array.from({ length: times }, () => fault)).filter((fault) => this.isAsked(fault));
    if (cards.includes('disk-full') && this.options.disk.absence !== null) this.skipped.set('disk-full', this.options.disk.absence);
    const dealt = cards.filter((fault) => !this.skipped.has(fault));
    if (dealt.length === 0) return;
    // Each once, before any comes again.
    for (let left = random.shuffle([...new Set(dealt)]); ;) {
      await delay(random.between(least, most));
      this.options.system.check();
      const isLate = isTimeOver();
      if (this.isOver || (isLate && (this.missing.length === 0 || performance.now() > (this.overSince ?? 0) + GRACE_MS))) return;
      if (left.length === 0) left = random.shuffle(dealt);
      // When the time is over only what has not come yet is waited for.
      const fault = isLate ? dealt.find((card) => this.fired[card] === 0) : left.pop();
      if (!fault) continue;
      const began = performance.now();
      await this.deed(fault, random)();
      this.options.log(`${name}: ${fault}, ${Math.round(performance.now() - began)} ms`);
    }
  }

  private deed(fault: Fault, random: Random): Deal {
    switch (fault) {
      case 'kill':
        return () => this.onWorker(random, (life) => this.kill(life, fault));
      case 'failpoint':
        return () => this.onWorker(random, (life) => this.killAtFailpoint(life, random));
      case 'deploy':
        return () => this.onWorker(random, (life) => this.deploy(life));
      case 'server':
        return () => this.killServer(random);
      case 'poison':
        return () => this.poison(random);
      case 'zombie':
        return () => this.onWorker(random, (life) => this.freeze(life, random));
      case 'database-stop':
        return () => this.restartDatabase('immediate', fault);
      case 'database-kill':
        return () => this.restartDatabase('kill', fault);
      case 'connections-cut':
        return () => this.cutConnections(random);
      case 'pool':
        return () => this.useUpConnections(random);
      case 'read-only':
        return () => this.makeReadOnly(random);
      case 'disk-full':
        return () => this.fillDisk(random);
      case 'wire-late':
        return () => this.beLate(random);
      case 'wire-half-open':
        return () => this.halfOpen(random);
      case 'wire-cut':
        return () => this.cutWire();
      case 'deafness':
        return () => this.onWorker(random, (life) => this.orderAndWait(life, fault, { statement: NOTIFICATION, place: 'before', action: 'drop', nth: 1, times: 20 })); // prettier-ignore
      case 'redis-kill':
      case 'redis-freeze':
      case 'redis-flush':
        return async () => {
          const { redis } = this.options;
          if (redis) await harmRedis(redis, fault, random, () => this.fired[fault]++);
        };
      case 'skew':
        // It comes with the next life of whoever is ended: see `termsOf`.
        return () => Promise.resolve();
      default:
        return () => this.onWorker(random, (life) => this.orderAndWait(life, fault, { statement: random.pick(WORKER_STATEMENTS), place: fault === '57P01' ? random.pick(['before', 'after']) : 'before', action: fault, nth: 1, times: Math.ceil(random.between(0, 8)) })); // prettier-ignore
    }
  }

  private async onWorker(random: Random, work: (life: Life) => Promise<void>): Promise<void> {
    while (!this.isOver) {
      const { free } = this.options.system;
      const [life] = random.shuffle(free);
      if (life && free.length > LEAST_FREE) return work(life);
      this.options.system.check();
      await delay(50);
    }
  }

  private async kill(life: Life, fault: 'kill' | 'failpoint'): Promise<void> {
    const ended = this.options.system.end(life, 'SIGKILL');
    this.options.takeOvers.watch(life.pid);
    this.fired[fault]++;
    await ended;
  }

  /** At a named place before, in or after a statement; where it stands when it does not come there. */
  private async killAtFailpoint(life: Life, random: Random): Promise<void> {
    const order: Order = { statement: random.pick(WORKER_STATEMENTS), place: random.pick(PLACES), action: 'kill', nth: Math.ceil(random.between(0, 5)), times: 1 }; // prettier-ignore
    life.isTaken = true;
    if (!(await this.give(life, order))) return this.kill(life, 'kill');
    this.fired.failpoint++;
    this.options.takeOvers.watch(life.pid);
    await this.options.system.end(life, 'SIGKILL');
  }

  /** For longer than the lease, so that others have taken its runs over when it goes on; between a statement and the next one, if it comes there. */
  private async freeze(life: Life, random: Random): Promise<void> {
    const order: Order = { statement: random.pick(WORKER_STATEMENTS), place: random.pick(['before', 'after']), action: 'stop', nth: Math.ceil(random.between(0, 5)), times: 1 }; // prettier-ignore
    life.isTaken = true;
    await this.give(life, order);
    this.options.system.freeze(life);
    this.options.takeOvers.watch(life.pid);
    await delay(this.options.leaseMs + random.between(1_500, 3_500));
    await this.options.system.thaw(life);
    this.fired.zombie++;
  }

  private async deploy(life: Life): Promise<void> {
    this.build = this.build === 1 ? NEWEST_BUILD : 1;
    const { server } = this.options.system;
    // Both builds live side by side; the one that accepts is exchanged, too, now and then.
    if (server && this.fired.deploy % 3 === 2) await this.options.system.end(server, 'SIGTERM');
    await this.options.system.end(life, 'SIGTERM');
    this.fired.deploy++;
  }

  private async killServer(random: Random): Promise<void> {
    const { server } = this.options.system;
    if (!server) return;
    server.isTaken = true;
    await this.give(server, { statement: random.pick(SERVER_STATEMENTS), place: random.pick(PLACES), action: 'kill', nth: Math.ceil(random.between(0, 5)), times: 1 }); // prettier-ignore
    this.fired.server++;
    await this.options.system.end(server, 'SIGKILL');
  }

  private async poison(random: Random): Promise<void> {
    this.hasPoisoned = true;
    if (await this.options.poison(random.pick(HARMS))) this.fired.poison++;
  }

  private async restartDatabase(how: 'immediate' | 'kill', fault: Fault): Promise<void> {
    const { system, acknowledged } = this.options;
    await this.disturbing(async () => {
      const began = performance.now();
      const connections = await system.restartDatabase(how);
      this.fired[fault]++;
      const before = acknowledged();
      while (acknowledged() === before && !this.isOver && performance.now() - began < 60_000) await delay(10);
      this.recoveries.push({ connections: Math.round(connections), acknowledged: Math.round(performance.now() - began) });
    });
  }

  private async cutConnections(random: Random): Promise<void> {
    const rows = await this.options.database.surely<{ n: number }>(
      "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid))::int AS n FROM pg_stat_activity WHERE application_name <> 'crash test' AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND random() < $1",
      [random.between(0.2, 1)],
    );
    if ((rows[0]?.n ?? 0) > 0) this.fired['connections-cut']++;
  }

  /** Takes every slot that is left, and each that gets free, for a while. */
  private async useUpConnections(random: Random): Promise<void> {
    await this.disturbing(async () => {
      const held: pg.Client[] = [];
      const until = performance.now() + random.between(1_000, 4_000);
      while (performance.now() < until) {
        const client = new pg.Client({ connectionString: this.options.database.url, application_name: 'a crowd' });
        client.on('error', () => undefined);
        const isIn = await client.connect().then(
          () => true,
          () => false,
        );
        if (isIn) held.push(client);
        else await delay(50);
      }
      if (held.length > 0) this.fired.pool++;
      await Promise.all(held.map((client) => client.end().catch(() => undefined)));
    });
  }

  private async makeReadOnly(random: Random): Promise<void> {
    const { database } = this.options;
    await this.disturbing(async () => {
      await database.surely('ALTER SYSTEM SET default_transaction_read_only = on');
      await database.surely('SELECT pg_reload_conf()');
      this.fired['read-only']++;
      await delay(random.between(1_000, 3_000));
      await database.surely('ALTER SYSTEM RESET default_transaction_read_only');
      await database.surely('SELECT pg_reload_conf()');
    });
  }

  private async fillDisk(random: Random): Promise<void> {
    await this.disturbing(async () => {
      this.options.disk.fill();
      this.fired['disk-full']++;
      await delay(random.between(1_000, 3_000));
      this.options.disk.free();
    });
  }

  private async beLate(random: Random): Promise<void> {
    this.options.proxy.delay(random.between(20, 400));
    this.fired['wire-late']++;
    await delay(random.between(1_000, 4_000));
    this.options.proxy.delay(0);
  }

  /** For longer than the lease: who is behind it is as good as dead, and does not know it. */
  private async halfOpen(random: Random): Promise<void> {
    this.options.proxy.halfOpen();
    this.fired['wire-half-open']++;
    await delay(this.options.leaseMs + random.between(500, 3_000));
    this.options.proxy.cut();
  }

  private cutWire(): Promise<void> {
    this.options.proxy.cut();
    this.fired['wire-cut']++;
    return Promise.resolve();
  }

  private async orderAndWait(life: Life, fault: Fault, order: Order): Promise<void> {
    if (await this.give(life, order)) this.fired[fault]++;
  }

  /**
   * Whoever does not come to the statement comes to its heartbeat.
   *
   * @returns whether either was reached in time, and the process has not ended before
   */
  private async give(life: Life, order: Order): Promise<boolean> {
    const orders = order.statement === NOTIFICATION ? [order] : [order, { ...order, statement: 'heartbeat', nth: BEATS, times: 1 }];
    const names = orders.map(formatOrder);
    const reached = new Promise<true>((tell) => this.awaited.set(life.pid, (what) => names.includes(what) && tell(true)));
    this.options.system.order(life, orders);
    const isReached = await Promise.race([reached, life.ended.then(() => false), delay(PATIENCE_MS, false, { ref: false })]);
    this.awaited.delete(life.pid);
    // What it was told and has not done must not come when nobody expects it.
    if (!isReached || order.action === 'kill' || order.action === 'stop') this.options.system.order(life, []);
    return isReached;
  }

  private async disturbing(work: () => Promise<void>): Promise<void> {
    this.options.takeOvers.disturb();
    try {
      await work();
    } finally {
      this.options.takeOvers.disturb();
    }
  }
}
