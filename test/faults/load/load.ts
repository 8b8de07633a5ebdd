/**
 * The load: people, machines and operators who go on whatever fails. Each of its scenes is what one of them does with one run, and asks
 * for the next thing only when the last one was acknowledged.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '../../crash/database.js';
import type { Random } from '../../crash/random.js';
import type { Operations } from './operations.js';
import { Lookout } from './lookout.js';

type Scene = (load: Load) => Promise<void>;

export interface LoadOptions {
  readonly operations: Operations;
  /** Operations that are not acknowledged yet. */
  readonly underWay: () => number;
  readonly database: Database;
  readonly random: Random;
  /** Scenes begun in a second. */
  readonly rate: number;
}

/** Whoever has to wait for so many answers asks for nothing new: while the database is away they would only pile up. */
const MOST_UNDER_WAY = 60;

/** Of so many scenes how many are of which kind. What is dear is rare. */
const SCENES: readonly (readonly [share: number, scene: Scene])[] = [
  [26, async ({ operations, random }) => void (await operations.start('ledger', { weight: Math.floor(random.between(1, 1_000)) }))],
  [22, async ({ operations, random }) => void (await operations.emit('faults.news', Math.floor(random.between(1, 1_000))))],
  [6, async ({ operations }) => void (await operations.start('paced', { weight: 7 }))],
  [5, async ({ operations }) => void (await operations.start('capped', { weight: 1 }))],
  [3, async ({ operations }) => void (await operations.start('single', { weight: 1 }))],
  [8, (load) => load.reviewed()],
  [8, (load) => load.told()],
  [4, (load) => load.canceled()],
  [3, (load) => load.retried()],
  [4, (load) => load.mixed()],
];
const ALL = SCENES.reduce((sum, [share]) => sum + share, 0);

export class Load {
  readonly operations: Operations;
  readonly random: Random;
  private readonly lookout: Lookout;
  private readonly scenes = new Set<Promise<void>>();
  private isStopped = false;
  private loop: Promise<void> | undefined;
  private failure: Error | undefined;

  constructor(private readonly options: LoadOptions) {
    ({ operations: this.operations, random: this.random } = options);
    this.lookout = new Lookout(options.database);
  }

  start(): void {
    this.lookout.start();
    this.loop = this.go();
  }

  /** Begins nothing more, and waits until what has begun is over. @returns what was not over in time. @throws Error when a scene has failed */
  async stop(patienceMs: number): Promise<string | undefined> {
    this.isStopped = true;
    await this.loop;
    const over = (async () => {
      while (this.scenes.size > 0) await Promise.all(this.scenes);
    })();
    await Promise.race([over, delay(patienceMs, undefined, { ref: false })]);
    await this.lookout.stop();
    if (this.failure) throw this.failure;
    return this.scenes.size > 0
      ? `${this.scenes.size} scenes of the load are not over: the runs that they look at do not come so far.`
      : undefined;
  }

  get underWay(): number {
    return this.scenes.size;
  }

  async reviewed(): Promise<void> {
    const run = await this.operations.start('review', { weight: 3 });
    if (!run) return;
    const task = await this.lookout.taskOf(run.runId);
    if (!task) return;
    const first = this.random.next() < 0.5 ? 0 : 1;
    await Promise.all([this.operations.decide(task, first), this.operations.decide(task, first === 0 ? 1 : 0)]);
  }

  async told(): Promise<void> {
    const run = await this.operations.start('signaled', { weight: 5 });
    if (run) await this.operations.signal(run.runId);
  }

  async canceled(): Promise<void> {
    const run = await this.operations.start('lasting', { weight: 4 });
    if (!run) return;
    await delay(this.random.between(0, 2_000));
    await this.operations.cancel(run.runId);
  }

  async retried(): Promise<void> {
    const run = await this.operations.start('failing', { weight: 2 });
    if (!run || !(await this.lookout.failureOf(run.runId))) return;
    await this.options.database.surely('INSERT INTO faults.mended VALUES ($1) ON CONFLICT DO NOTHING', [run.op]);
    await this.operations.retry(run.runId);
  }

  async mixed(): Promise<void> {
    const isEarly = this.random.next() < 0.5;
    const run = await this.operations.start('mixed', { weight: 11 });
    if (!run) return;
    if (!isEarly) await delay(this.random.between(0, 3_000));
    await this.operations.emit('faults.go', 11, run.op);
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
    let lot = this.random.next() * ALL;
    const [, scene] = SCENES.find(([share]) => (lot -= share) < 0) ?? SCENES[0] ?? [];
    if (!scene) return;
    const over = scene(this)
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.scenes.delete(over));
    this.scenes.add(over);
  }
}
