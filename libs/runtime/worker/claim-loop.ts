/**
 * Claims until nothing is left, or no room. The runs of one claim are read and begun while the next claim is under way: a burst (thousands of
 * timers that are due at one instant) keeps the database and this process at work at the same time.
 *
 * What is queued while a large claim is under way does not wait for the next one: a small claim goes beside it. Tenants share that one, too, so
 * who has just a run comes to be served, however many runs of others are queued.
 */
import { type ClaimedRun, type Fact, fewApart, type InboxRow, type JournalStore, type RunState } from '@stepwell/engine';
import type { ActiveRuns } from './active-runs.js';
import type { Claims } from './claims.js';
import { inPortions } from './in-portions.js';
import type { KeptFolds } from './kept-folds.js';
import { readRuns } from './read-runs.js';

/** Claims are limited, so that other workers get their share and one read stays small. */
export const CLAIM_LIMIT = 500;
/** So many runs a claim takes that goes beside another one; of four times as many places a large one leaves so many free for it. */
const BESIDE_LIMIT = 16;

export interface ClaimLoopParts {
  readonly claims: Claims;
  readonly journals: JournalStore;
  readonly active: ActiveRuns;
  readonly kept: KeptFolds;
  /** That claims now; null when the worker claims nothing any more. */
  readonly incarnation: () => string | null;
  readonly room: () => number;
  readonly activate: (run: ClaimedRun, facts: readonly Fact[], messages: readonly InboxRow[], fold: RunState | undefined) => void;
  /** Somebody held what was looked for. */
  readonly lookSoon: () => void;
}

export class ClaimLoop {
  /** The last claim was full: older runs may be waiting, so new ones must queue behind them. */
  hasBacklog = false;
  /** Places that the claim under way may fill. */
  private asked = 0;
  private isClaiming = false;
  private beside: Promise<void> | undefined;
  /** Since the last claim: there is no other one until the next. */
  private wentBeside = false;

  constructor(private readonly parts: ClaimLoopParts) {}

  /** @returns how many were claimed */
  async claimAll(): Promise<number> {
    let found = 0;
    let beginning: Promise<void> = Promise.resolve();
    this.isClaiming = true;
    try {
      for (;;) {
        const { worker, runs } = await this.claimOnce();
        found += runs.length;
        const before = beginning;
        const { few, rest } = fewApart(runs, ({ tenant }) => tenant);
        beginning = Promise.all([this.begin(worker, few), this.begin(worker, rest, before)]).then(() => undefined);
        // It is awaited below; until then nobody listens.
        beginning.catch(() => undefined);
        if (runs.length === 0 || !this.hasBacklog) return found;
        await before;
      }
    } finally {
      this.isClaiming = false;
      await beginning;
    }
  }

  /**
   * Something was queued. In a backlog a small claim goes beside the large ones, one for each of them.
   *
   * @returns null when there is no need or no place for it
   */
  claimBeside(): Promise<void> | null {
    const { room, incarnation } = this.parts;
    const [limit, worker] = [Math.min(room() - this.asked, BESIDE_LIMIT), incarnation()];
    if (!(this.isClaiming || this.hasBacklog) || limit <= 0 || worker === null || this.wentBeside || this.beside) return null;
    this.wentBeside = true;
    this.beside = this.goBeside(worker, limit).finally(() => (this.beside = undefined));
    return this.beside;
  }

  private async goBeside(worker: string, limit: number): Promise<void> {
    const { claims, active } = this.parts;
    const runs = await claims.takeBeside(worker, limit);
    for (const run of runs) active.expect(run);
    await this.begin(worker, runs);
  }

  /** Resolves when no claim is under way beside others. */
  async idle(): Promise<void> {
    await this.beside?.catch(() => undefined);
  }

  private async claimOnce(): Promise<{ readonly worker: string | null; readonly runs: readonly ClaimedRun[] }> {
    const { claims, active, room, incarnation, lookSoon } = this.parts;
    const places = room() < 4 * BESIDE_LIMIT ? room() : room() - BESIDE_LIMIT;
    const [limit, worker] = [Math.min(places, CLAIM_LIMIT), incarnation()];
    if (limit <= 0 || worker === null) {
      this.hasBacklog = true;
      return { worker, runs: [] };
    }
    this.asked = limit;
    this.wentBeside = false;
    const { runs, hasRest } = await claims.take(worker, limit).finally(() => (this.asked = 0));
    this.hasBacklog = hasRest;
    if (runs.length === 0 && hasRest) lookSoon();
    for (const run of runs) active.expect(run);
    return { worker, runs };
  }

  private async begin(worker: string | null, claimed: readonly ClaimedRun[], before?: Promise<void>): Promise<void> {
    const { active, journals, kept, incarnation, activate } = this.parts;
    const left = new Set(claimed.map(({ id }) => id));
    try {
      await before;
      if (claimed.length === 0) return;
      const all = claimed.map((run) => ({ run }));
      for await (const read of readRuns(journals, all, kept)) {
        for await (const runs of inPortions(read)) {
          // A new incarnation has begun meanwhile, or the worker stops: what the old one has claimed is given back by the sweep, or by the stop.
          if (worker !== incarnation()) return;
          for (const { run, facts, messages, fold } of runs) {
            left.delete(run.id);
            // Whoever expected it of an incarnation before this one may have taken its place back: it is leased to this one all the same.
            active.arrive(run.id);
            activate(run, facts, messages, fold);
          }
        }
      }
    } finally {
      for (const id of left) active.decline(id);
    }
  }
}
