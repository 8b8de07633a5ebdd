/**
 * Whoever does harm, at seeded moments. Its hands work side by side, so that faults meet each other: one kills workers, one ends
 * and misleads processes otherwise, one starts what does harm from within, one freezes them, one has the database, one the wires, and one
 * Redis, where hints go by it. Each draws from a deck of its own, so that every fault comes, and each fault is over, by itself or by the hand
 * that did it, before the hand draws again. What was asked for and met nobody has not happened: it is not counted.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../crash/database.js';
import { Random } from '../crash/random.js';
import type { RedisServer } from '../redis/redis-server.js';
import { Deck } from './deck.js';
import type { Disk } from './disk.js';
import { formatOrder, NOTIFICATION, type Order, PLACES, SERVER_STATEMENTS, WORKER_STATEMENTS } from './failpoints/order.js';
import { type Fault, FAULTS, OF_NOTIFICATIONS, OF_REDIS } from './faults.js';
import { EACH_HARM_MS, type Hand, HANDS } from './hands.js';
import { harmDatabase, type Recovery } from './harm-database.js';
import { harmRedis } from './harm-redis.js';
import { harmWires } from './harm-wires.js';
import type { Proxy } from './proxy.js';
import { BY_PROXY, type Life, type Slot, type System, type Terms } from './system.js';
import type { TakeOvers } from './take-overs.js';
import { Tally } from './tally.js';
import { type Harm, HARMS } from './workflows/harms.js';

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
  /** Pauses are so many times as long. */
  readonly calm: number;
  /** Starts a run that does harm. @returns whether it was acknowledged */
  readonly poison: (harm: Harm) => Promise<boolean>;
  /** Operations that were acknowledged by now. */
  readonly acknowledged: () => number;
  readonly log: (line: string) => void;
}

/** Another carries the work on. */
const LEAST_FREE = 1;
/** A failpoint that has not come by then is given up, and the worker ended where it stands. */
const PATIENCE_MS = 5_000;
/** Three a lease; by then another statement had its time to come first. */
const BEATS = 3;
/** Some statements are rare, and a process does not live long. */
const PLACES_AT_ONCE = 3;
/** So long a campaign waits for a fault that has not come in its time. */
const GRACE_MS = 120_000;
/** So much longer than it was asked for a campaign may take to come to what was asked for. */
const MOST_TIMES_LONGER = 4;
/** It has every version of each workflow. */
const NEWEST_BUILD = 2;
/** A wrong clock: ten minutes, either way. */
const SKEW_MS = 600_000;

type Places = Deck<Pick<Order, 'statement' | 'place'>>;

export class Nemesis {
  readonly done = new Tally();
  /** Failpoints by name, those of the server behind `server `, and how often each was reached. */
  readonly failpoints = new Map<string, number>();
  readonly skipped = new Map<Fault, string>();
  readonly recoveries: Recovery[] = [];
  /** From when on processes may end by a step of theirs. */
  hasPoisoned = false;
  private readonly awaited = new Map<number, (what: string) => void>();
  private readonly refusals = new Map<string, number>();
  /** What the lives to come are like, and whom harm meets: how often these are asked is not the seed's to say. */
  private readonly terms: Random;
  private readonly victims: Random;
  /** Each place comes once before any comes again. */
  private readonly places: Readonly<Record<'kill' | 'stop' | 'fail' | 'server', Places>>;
  private readonly harms: Deck<Harm>;
  private readonly harmed = new Set<Harm>();
  private mustMeetEachHarm = false;
  private build = 1;
  /** Its time is over, since then. */
  private overSince: number | undefined;
  private isOver = false;

  constructor(private readonly options: NemesisOptions) {
    const { seed } = options;
    this.terms = new Random(seed ^ 0x7e57);
    this.victims = new Random(seed ^ 0x51c7);
    this.harms = deckOf(HARMS, seed ^ 0x6a3);
    this.places = {
      kill: deckOf(everyPlace(WORKER_STATEMENTS, PLACES), seed ^ 0x1),
      stop: deckOf(everyPlace(WORKER_STATEMENTS, ['before', 'after']), seed ^ 0x2),
      fail: deckOf(everyPlace(WORKER_STATEMENTS, ['before']), seed ^ 0x3),
      server: deckOf(everyPlace(SERVER_STATEMENTS, PLACES), seed ^ 0x4),
    };
  }

  /** kill -9 of workers, one way or another. */
  get kills(): number {
    return this.done.of('kill') + this.done.of('failpoint');
  }

  get databaseStops(): number {
    return this.done.of('database-stop') + this.done.of('database-kill');
  }

  /** Faults that were asked for. */
  get asked(): readonly Fault[] {
    return FAULTS.filter((fault) => this.isAsked(fault) && !this.skipped.has(fault));
  }

  private get missing(): readonly Fault[] {
    return this.asked.filter((fault) => this.isMissing(fault));
  }

  /** Of the next life of a process. */
  termsOf(slot: Life['slot']): Terms {
    const isSkewed = !this.isOver && slot !== 'server' && this.isAsked('skew') && (this.done.of('skew') === 0 || this.terms.next() < 0.25);
    return {
      build: String(this.isAsked('deploy') ? this.build : 1),
      skewMs: isSkewed ? this.terms.pick([-SKEW_MS, SKEW_MS]) : 0,
      orders: [],
    };
  }

  onReady({ skewMs }: Life): void {
    if (skewMs !== 0) this.done.note('skew');
  }

  onFired({ slot, pid }: Life, what: string): void {
    count(this.failpoints, slot === 'server' ? `server ${what}` : what);
    this.awaited.get(pid)?.(what);
  }

  onRefused(code: string): void {
    count(this.refusals, code);
  }

  /** For so long, and on until `isEnough` says so, unless it is given up before; and until every fault that was asked for has happened, if they come. */
  async run(forMs: number, isEnough: () => boolean, isGivenUp = (): boolean => false): Promise<void> {
    const began = performance.now();
    this.mustMeetEachHarm = forMs >= EACH_HARM_MS;
    const isTimeOver = (): boolean => {
      const soFar = performance.now() - began;
      this.isOver ||= isGivenUp();
      if (this.isOver || (soFar > forMs && (isEnough() || soFar > forMs * MOST_TIMES_LONGER))) this.overSince ??= performance.now();
      return this.overSince !== undefined;
    };
    const hands = Object.entries(HANDS).map(([name, hand], index) => this.deal(name, hand, this.options.seed * 31 + index, isTimeOver));
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

  private isMissing(fault: Fault): boolean {
    return this.done.of(fault) === 0 || (fault === 'poison' && this.mustMeetEachHarm && this.harmed.size < HARMS.length);
  }

  private isAsked(fault: Fault): boolean {
    if ((this.options.redis ? OF_NOTIFICATIONS : OF_REDIS).includes(fault)) return false;
    return this.options.only?.includes(fault) ?? true;
  }

  private async deal(name: string, { pauseMs, deck: cards }: Hand, seed: number, isTimeOver: () => boolean): Promise<void> {
    const asked = cards.flatMap(([times, fault]) => Array.from({ length: times }, () => fault)).filter((fault) => this.isAsked(fault));
    if (asked.includes('disk-full') && this.options.disk.absence !== null) this.skipped.set('disk-full', this.options.disk.absence);
    const dealt = asked.filter((fault) => !this.skipped.has(fault));
    if (dealt.length === 0) return;
    const { calm } = this.options;
    const deck = deckOf(dealt, seed, [calm * pauseMs[0], calm * pauseMs[1]]);
    for (;;) {
      const { pauseMs, item, chance } = deck.next();
      await delay(pauseMs);
      this.options.system.check();
      const isLate = isTimeOver();
      if (this.isOver || (isLate && (this.missing.length === 0 || performance.now() > (this.overSince ?? 0) + GRACE_MS))) return;
      // When the time is over only what has not come yet is waited for.
      const fault = isLate ? dealt.find((card) => this.isMissing(card)) : item;
      if (!fault) continue;
      const began = performance.now();
      await this.harm(fault, chance);
      this.options.log(`${name}: ${fault}, ${Math.round(performance.now() - began)} ms`);
    }
  }

  private async harm(fault: Fault, chance: Random): Promise<void> {
    const { proxy, redis, leaseMs } = this.options;
    const note = (isDone: boolean): void => void (isDone && this.done.note(fault));
    switch (fault) {
      case 'kill':
        return this.onWorker((life) => this.kill(life, fault));
      case 'failpoint':
        return this.onWorker((life) => this.killAtFailpoint(life, chance));
      case 'deploy':
        return this.onWorker((life) => this.deploy(life));
      case 'server':
        return this.killServer(chance);
      case 'poison':
        return this.poison().then(note);
      case 'zombie':
        return this.onWorker((life) => this.freeze(life, chance));
      case 'database-stop':
      case 'database-kill':
      case 'connections-cut':
      case 'pool':
      case 'read-only':
      case 'disk-full':
        return harmDatabase(this.patient, fault, chance).then(note);
      case 'wire-late':
      case 'wire-half-open':
      case 'wire-cut':
        return this.onWires(() => harmWires(proxy, fault, chance, leaseMs).then(note));
      case 'deafness':
        return this.onWorker(async (life) => note((await this.give(life, [{ statement: NOTIFICATION, place: 'before', action: 'drop', nth: 1, times: 20 }])) === 'there')); // prettier-ignore
      case 'redis-kill':
      case 'redis-freeze':
      case 'redis-flush':
        return redis ? harmRedis(redis, fault, chance, () => note(true)) : undefined;
      case 'skew':
        // It comes with the next life of whoever is ended: see `termsOf`.
        return undefined;
      default: {
        const place = fault === '57P01' ? chance.pick(['before', 'after'] as const) : 'before';
        const orders = this.ordersAt(this.places.fail, fault, 1, Math.ceil(chance.between(0, 8))).map((order) => ({ ...order, place }));
        return this.onWorker(async (life) => note((await this.give(life, orders)) === 'there'));
      }
    }
  }

  private get patient(): Parameters<typeof harmDatabase>[0] {
    const { system, database, disk, takeOvers, acknowledged } = this.options;
    return {
      ...{ system, database, disk, acknowledged, outages: takeOvers.outages },
      refusals: (code) => this.refusals.get(code) ?? 0,
      isOver: () => this.isOver,
      onRecovery: (recovery) => this.recoveries.push(recovery),
    };
  }

  private onWorker(work: (life: Life) => Promise<void>): Promise<void> {
    return this.asSoonAs(() => {
      const [life] = this.victims.shuffle(this.options.system.free);
      return life && this.othersThan(life.slot) >= LEAST_FREE ? work(life) : undefined;
    });
  }

  private onWires(work: () => Promise<void>): Promise<void> {
    return this.asSoonAs(() => (this.othersThan(BY_PROXY) >= LEAST_FREE ? work() : undefined));
  }

  /** @param begin undefined when it is not the moment */
  private async asSoonAs(begin: () => Promise<void> | undefined): Promise<void> {
    while (!this.isOver) {
      const begun = begin();
      if (begun) return begun;
      this.options.system.check();
      await delay(50);
    }
  }

  /** How many of them could carry on the work of this one. */
  private othersThan(slot: Slot): number {
    const { system, proxy } = this.options;
    return system.free.filter((life) => life.slot !== slot && !(life.slot === BY_PROXY && proxy.isHarmed)).length;
  }

  private async kill(life: Life, fault: 'kill' | 'failpoint'): Promise<void> {
    const ended = this.options.system.end(life, 'SIGKILL');
    this.options.takeOvers.watch(life.pid);
    this.done.note(fault);
    await ended;
  }

  /** At a named place before, in or after a statement; at its heartbeat or where it stands when it does not come there, which is a kill as any other. */
  private async killAtFailpoint(life: Life, chance: Random): Promise<void> {
    const orders = this.ordersAt(this.places.kill, 'kill', Math.ceil(chance.between(0, 5)));
    life.isTaken = true;
    return this.kill(life, (await this.give(life, orders)) === 'there' ? 'failpoint' : 'kill');
  }

  private async poison(): Promise<boolean> {
    this.hasPoisoned = true;
    const harm = this.harms.next().item;
    const isStarted = await this.options.poison(harm);
    if (isStarted) this.harmed.add(harm);
    return isStarted;
  }

  /** For longer than the lease, so that others have taken its runs over when it goes on; between a statement and the next one, if it comes there. */
  private async freeze(life: Life, chance: Random): Promise<void> {
    const orders = this.ordersAt(this.places.stop, 'stop', Math.ceil(chance.between(0, 5)));
    life.isTaken = true;
    await this.give(life, orders);
    this.options.system.freeze(life);
    await delay(this.options.leaseMs + chance.between(1_500, 3_500));
    await this.options.system.thaw(life);
    this.done.note('zombie');
  }

  private async deploy(life: Life): Promise<void> {
    // Before anything is waited for: else somebody freezes it meanwhile, and lets go of it when it thaws.
    life.isTaken = true;
    this.build = this.build === 1 ? NEWEST_BUILD : 1;
    const { server } = this.options.system;
    // Both builds live side by side; the one that accepts is exchanged, too, now and then.
    if (server && this.done.of('deploy') % 3 === 2) await this.options.system.end(server, 'SIGTERM');
    // Whoever does not end in order was killed.
    if ((await this.options.system.end(life, 'SIGTERM')) === 0) this.done.note('deploy');
  }

  private async killServer(chance: Random): Promise<void> {
    const { server } = this.options.system;
    const orders = this.ordersAt(this.places.server, 'kill', Math.ceil(chance.between(0, 5)));
    if (!server) return;
    server.isTaken = true;
    await this.give(server, orders);
    this.done.note('server');
    await this.options.system.end(server, 'SIGKILL');
  }

  /** At one of some places: to whichever it comes first. */
  private ordersAt(places: Places, action: Order['action'], nth: number, times = 1): Order[] {
    return Array.from({ length: PLACES_AT_ONCE }, () => ({ ...places.next().item, action, nth, times }));
  }

  /**
   * Whoever comes to none of the places comes to its heartbeat.
   *
   * @param orders of one action
   * @returns where it was reached: there, or at a heartbeat in its stead; nowhere when neither was in time, or the process has ended before
   */
  private async give(life: Life, orders: readonly Order[]): Promise<'there' | 'in its stead' | 'nowhere'> {
    const [first] = orders;
    if (!first) return 'nowhere';
    const all = first.statement === NOTIFICATION ? orders : [...orders, { ...first, statement: 'heartbeat', nth: BEATS, times: 1 }];
    const [names, there] = [all, orders].map((some) => some.map(formatOrder));
    const reached = new Promise<'there' | 'in its stead'>((tell) =>
      this.awaited.set(life.pid, (what) => names?.includes(what) && tell(there?.includes(what) ? 'there' : 'in its stead')),
    );
    this.options.system.order(life, all);
    const where = await Promise.race([reached, life.ended.then(() => 'nowhere' as const), delay(PATIENCE_MS, 'nowhere' as const, { ref: false })]); // prettier-ignore
    this.awaited.delete(life.pid);
    // What it was told and has not done must not come when nobody expects it.
    if (where === 'nowhere' || first.action === 'kill' || first.action === 'stop') this.options.system.order(life, []);
    return where;
  }
}

function deckOf<T>(items: readonly T[], seed: number, pauseMs: readonly [number, number] = [0, 0]): Deck<T> {
  const [first, ...others] = items;
  if (first === undefined) throw new Error('There is nothing to deal.');
  return new Deck([first, ...others], pauseMs, seed);
}

function everyPlace(statements: readonly string[], places: readonly Order['place'][]): Pick<Order, 'statement' | 'place'>[] {
  return statements.flatMap((statement) => places.map((place) => ({ statement, place })));
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}
