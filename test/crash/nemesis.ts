/**
 * Kills at seeded moments. A kill is aimed: it waits, a little, until the thing it aims at is open in some worker, and strikes; what it
 * hit is read afterwards from the trace of the dead. Between the kills it sometimes freezes a worker for longer than its lease (a zombie
 * that comes back: the fence's case, which a kill never is), or kills a database backend under living workers (commits of unknown
 * outcome).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from './database.js';
import type { Random } from './random.js';
import type { Life, System } from './system.js';
import { FREEZE_WITHIN_MS } from './trace-line.js';
import type { InFlight } from './trace-reader.js';

export const AIMS = ['step', 'transaction', 'batch', 'anything'] as const;
export type Aim = (typeof AIMS)[number];

export type Blow = { readonly kind: 'worker' | 'group'; readonly aim: Aim } | { readonly kind: 'freeze' } | { readonly kind: 'backend' };

export interface Kill {
  readonly kind: 'worker' | 'group';
  readonly aim: Aim;
  readonly victims: string;
  readonly hit: InFlight;
  /** Runs that the dead held, and how long until none of them was theirs any more; null while they held none. */
  readonly takeOver: Promise<{ readonly runs: number; readonly ms: number } | null>;
}

/** How long a kill waits for what it aims at; then it strikes all the same. */
const PATIENCE_MS = 3_000;
/** Long enough for the lease, the sweep and a slow machine. */
const TAKE_OVER_LIMIT_MS = 30_000;

/** The campaign of a seed: the emitter first, because it is done first; a group kill in about eight; freezes and dead backends between. */
export function plan(kills: number, random: Random): Blow[] {
  const groups = Math.max(1, Math.round(kills / 8));
  const batches = Math.max(2, Math.round(kills / 8));
  const workers = kills - groups - batches;
  const mix: readonly [Aim, ...Aim[]] = ['step', 'step', 'transaction', 'transaction', 'anything'];
  const later: Blow[] = [
    ...Array.from({ length: workers }, (_, index): Blow => ({ kind: 'worker', aim: mix[index % mix.length] ?? 'step' })),
    ...Array.from({ length: groups - 1 }, (): Blow => ({ kind: 'group', aim: random.pick(['step', 'transaction', 'anything']) })),
    ...Array.from({ length: Math.max(1, Math.round(kills / 10)) }, (): Blow => ({ kind: 'freeze' })),
    ...Array.from({ length: Math.max(1, Math.round(kills / 15)) }, (): Blow => ({ kind: 'backend' })),
  ];
  const first: Blow[] = [
    ...Array.from({ length: batches }, (): Blow => ({ kind: 'worker', aim: 'batch' })),
    { kind: 'group', aim: 'batch' },
  ];
  return [...random.shuffle(first), ...random.shuffle(later)];
}

export class Nemesis {
  readonly kills: Kill[] = [];
  freezes = 0;
  backends = 0;

  constructor(
    private readonly system: System,
    private readonly database: Database,
    private readonly random: Random,
    private readonly log: (line: string) => void,
  ) {}

  /** @param beforeEach is called when everybody is up again, with how many blows have been dealt */
  async run(blows: readonly Blow[], beforeEach: (dealt: number) => Promise<void>): Promise<void> {
    for (const [dealt, blow] of blows.entries()) {
      await this.system.allReady();
      await beforeEach(dealt);
      await delay(this.random.between(50, 500));
      if (blow.kind === 'freeze') await this.freeze();
      else if (blow.kind === 'backend') this.killBackend();
      else await this.kill(blow.kind, blow.aim);
    }
  }

  private async kill(kind: 'worker' | 'group', aim: Aim): Promise<void> {
    const target = await this.aimAt(aim);
    if (!target) return;
    const lives = kind === 'group' ? this.system.ready : [target];
    const incarnations = await this.incarnationsOf(lives);
    const at = performance.now();
    const hit = kind === 'group' ? await this.system.killAll() : await this.system.killWorker(target);
    const victims = lives.map((life) => `${life.slot}${life.number}`).join(' and ');
    this.kills.push({ kind, aim, victims, hit, takeOver: this.takeOver(incarnations, at) });
    this.log(
      `kill ${this.kills.length}: ${kind} ${victims}, aimed at ${aim}; in flight: ${hit.steps} steps, ${hit.transactions} transactions, ${hit.batches} batches`,
    );
  }

  /** A living worker with an open one of what is aimed at; any worker when none comes. */
  private async aimAt(aim: Aim): Promise<Life | undefined> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const lives = this.random.shuffle(this.system.ready);
      const target = lives.find((life) => isOpen(life.trace.inFlight(), aim));
      if (target) return target;
      if (performance.now() > deadline) return lives[0];
      await delay(1);
    }
  }

  /**
   * Freezes a worker between the author's work in a transaction and its seal, until the other one has declared it dead and taken its runs
   * over; the zombie then seals.
   */
  private async freeze(): Promise<void> {
    const target = await this.aimAt('transaction');
    if (!target) return;
    const incarnations = await this.incarnationsOf([target]);
    const since = performance.now();
    const { freezes } = target.trace;
    this.system.askToFreeze(target);
    while (target.trace.freezes === freezes) {
      target.trace.inFlight();
      if (performance.now() - since > FREEZE_WITHIN_MS + 1_000)
        return this.log(`${target.slot}${target.number} had no transaction to freeze in`);
      await delay(5);
    }
    while (await this.isAlive(incarnations)) {
      if (performance.now() - since > TAKE_OVER_LIMIT_MS)
        throw new Error(`Nobody took the frozen worker ${target.slot}${target.number} for dead.`);
      await delay(50);
    }
    await delay(this.random.between(500, 1_500));
    this.system.thaw(target);
    this.freezes++;
    const { steps } = target.trace.inFlight();
    this.log(
      `froze ${target.slot}${target.number} before a seal, with ${steps} steps in its hands, for ${Math.round(performance.now() - since)} ms`,
    );
  }

  private async isAlive(incarnations: readonly string[]): Promise<boolean> {
    return (await this.database.surely('SELECT 1 FROM workers WHERE id = ANY($1::uuid[]) AND ended_at IS NULL', [incarnations])).length > 0;
  }

  private killBackend(): void {
    if (this.system.killBackend((pids) => (pids.length > 0 ? this.random.pick(pids as [number, ...number[]]) : undefined))) {
      this.backends++;
      this.log('killed a database backend');
    }
  }

  private async incarnationsOf(lives: readonly Life[]): Promise<string[]> {
    const rows = await this.database.surely<{ id: string }>('SELECT id FROM workers WHERE pid = ANY($1::int[]) AND ended_at IS NULL', [
      lives.map((life) => life.pid),
    ]);
    return rows.map((row) => row.id);
  }

  private async takeOver(incarnations: readonly string[], since: number): Promise<{ runs: number; ms: number } | null> {
    let runs = 0;
    for (;;) {
      const [row] = await this.database.surely<{ held: number }>(
        "SELECT count(*)::int AS held FROM runs WHERE status = 'running' AND worker = ANY($1::uuid[])",
        [incarnations],
      );
      const held = row?.held ?? 0;
      runs = Math.max(runs, held);
      const ms = Math.round(performance.now() - since);
      if (held === 0 || ms > TAKE_OVER_LIMIT_MS) return runs === 0 ? null : { runs, ms };
      await delay(50);
    }
  }
}

function isOpen(open: InFlight, aim: Aim): boolean {
  if (aim === 'anything') return true;
  return (aim === 'step' ? open.steps : aim === 'transaction' ? open.transactions : open.batches) > 0;
}
