/**
 * The load: people, machines and operators who go on whatever fails. Each of its scenes is what one of them does with one run, and asks
 * for the next thing only when the last one was acknowledged.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../crash/database.js';
import type { Random } from '../../crash/random.js';
import type { Operations } from './operations.js';
import { Lookout } from './lookout.js';
import { type Actors, type Scene, type SceneName, SCENE_NAMES, SCENES } from './scenes.js';

export interface LoadOptions {
  /** Of each tenant. */
  readonly operations: readonly [Operations, Operations];
  /** Operations that are not acknowledged yet. */
  readonly underWay: () => number;
  readonly database: Database;
  readonly random: Random;
  /** Scenes begun in a second. */
  readonly rate: number;
  /** Only these; all by default. */
  readonly only?: readonly SceneName[] | undefined;
}

/** Whoever has to wait for so many answers asks for nothing new: while the database is away they would only pile up. */
const MOST_UNDER_WAY = 60;

export class Load {
  private readonly lookout: Lookout;
  private readonly actors: Omit<Actors, 'operations' | 'stranger'>;
  private readonly names: readonly SceneName[];
  /** Each once for each tenant, before any comes again: also what is rare is there in a short time. */
  private readonly unseen: (readonly [SceneName, Operations])[];
  private readonly scenes = new Set<Promise<unknown>>();
  private isStopped = false;
  private loop: Promise<void> | undefined;
  private failure: Error | undefined;

  constructor(private readonly options: LoadOptions) {
    const { operations, random, database, only = SCENE_NAMES } = options;
    this.lookout = new Lookout(database);
    this.actors = { random, database, lookout: this.lookout };
    this.names = only;
    this.unseen = operations.flatMap((one) => only.map((name) => [name, one] as const));
  }

  start(): void {
    this.lookout.start();
    this.loop = this.go();
  }

  /** Begins nothing more, and waits until what has begun is over. @returns what was not over in time. @throws Error when a scene has failed */
  async stop(patienceMs: number): Promise<string | undefined> {
    this.isStopped = true;
    await this.loop;
    const began = performance.now();
    await this.lookout.hurry(patienceMs);
    const over = (async () => {
      while (this.scenes.size > 0) await Promise.all(this.scenes);
    })();
    await Promise.race([over, delay(patienceMs - (performance.now() - began), undefined, { ref: false })]);
    await this.lookout.stop();
    if (this.failure) throw this.failure;
    return this.scenes.size > 0
      ? `${this.scenes.size} scenes of the load are not over: the runs that they look at do not come so far.`
      : undefined;
  }

  get underWay(): number {
    return this.scenes.size;
  }

  private async go(): Promise<void> {
    let began = performance.now();
    let due = 0;
    while (!this.isStopped) {
      await delay(20);
      const now = performance.now();
      // What was not begun while too much was under way is not made up for.
      due = this.options.underWay() >= MOST_UNDER_WAY ? 0 : Math.min(MOST_UNDER_WAY, due + ((now - began) / 1_000) * this.options.rate);
      began = now;
      for (; due >= 1 && this.options.underWay() < MOST_UNDER_WAY; due--) this.begin();
    }
  }

  private begin(): void {
    const { operations: tenants, random } = this.options;
    const [name, operations] = this.unseen.shift() ?? [this.draw(), random.pick(tenants)];
    const stranger = tenants[operations === tenants[0] ? 1 : 0];
    const over: Promise<unknown> = (SCENES[name] as Scene)
      .play({ ...this.actors, operations, stranger })
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.scenes.delete(over));
    this.scenes.add(over);
  }

  private draw(): SceneName {
    let lot = this.options.random.next() * this.names.reduce((sum, name) => sum + SCENES[name].share, 0);
    return this.names.find((one) => (lot -= SCENES[one].share) < 0) ?? this.names[0] ?? 'ledger';
  }
}
