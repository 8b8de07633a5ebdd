/**
 * Claims until nothing is left, or no room. The runs of one claim are read and begun while the next claim is under way: a burst (thousands of
 * timers that are due at one instant) keeps the database and this process at work at the same time.
 *
 * What is queued while a backlog is claimed does not wait for the next large claim: a small one goes beside it. Tenants share that one, too: unless
 * there are more of them than it takes, who has just a run comes to be served, however many runs of others are queued. And the few runs of a
 * tenant are begun before the many that came with them: of one tenant, those of a claim may so begin before the last of the claim before.
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
  /** Places that the claims under way may fill. */
  private asked = 0;
  private isClaiming = false;
  /** What has gone beside the claims of this look. */
  private beside: Promise<void> = Promise.resolve();
  private isBesideAway = false;
  /** Since the last large claim: there is no other one until the next. */
  private wentBeside = false;

  constructor(private readonly parts: ClaimLoopParts) {}

  /** @returns how many were claimed */
  async claimAll(): Promise<number> {
    let found = 0;
    let beginning: Promise<void> = Promise.resolve();
    this.isClaiming = true;
    this.beside = Promise.resolve();
    try {
      for (;;) {
        const { worker, runs } = await this.claimOnce();
        found += runs.length;
        const before = beginning;
        const { few, rest } = fewApart(runs, ({ tenant }) => tenant);
        beginning = allOf([this.begin(worker, few), this.begin(worker, rest, before)]);
        // It is awaited below; until then nobody listens.
        beginning.catch(() => undefined);
        if (runs.length === 0 || !this.hasBacklog) return found;
        await before;
      }
    } finally {
      this.isClaiming = false;
      await allOf([beginning, this.beside]);
    }
  }

  /**
   * Something was queued. In a backlog a small claim goes beside the large ones, one for each of them at most, and ends before `claimAll` does,
   * which fails when it fails.
   */
  claimBeside(): void {
    const worker = this.parts.incarnation();
    if (!this.isClaiming || !this.hasBacklog || this.free < BESIDE_LIMIT || worker === null || this.wentBeside || this.isBesideAway) return;
    this.wentBeside = true;
    this.beside = allOf([this.beside, this.goBeside(worker)]);
    // It is awaited by `claimAll`; until then nobody listens.
    this.beside.catch(() => undefined);
  }

  private async goBeside(worker: string): Promise<void> {
    this.isBesideAway = true;
    try {
      await this.begin(worker, await this.ask(BESIDE_LIMIT, () => this.parts.claims.takeBeside(worker, BESIDE_LIMIT)));
    } finally {
      this.isBesideAway = false;
    }
  }

  /** Places that no claim under way may fill. */
  private get free(): number {
    return this.parts.room() - this.asked;
  }

  /** Asks for so many runs, for which there are places; those that come are expected. */
  private async ask(limit: number, take: () => Promise<readonly ClaimedRun[]>): Promise<readonly ClaimedRun[]> {
    this.asked += limit;
    try {
      const runs = await take();
      for (const run of runs) this.parts.active.expect(run);
      return runs;
    } finally {
      this.asked -= limit;
    }
  }

  private async claimOnce(): Promise<{ readonly worker: string | null; readonly runs: readonly ClaimedRun[] }> {
    const { claims, incarnation, lookSoon } = this.parts;
    const places = this.free < 4 * BESIDE_LIMIT ? this.free : this.free - BESIDE_LIMIT;
    const [limit, worker] = [Math.min(places, CLAIM_LIMIT), incarnation()];
    if (limit <= 0 || worker === null) {
      this.hasBacklog = true;
      return { worker, runs: [] };
    }
    this.wentBeside = false;
    const runs = await this.ask(limit, async () => {
      const taken = await claims.take(worker, limit);
      this.hasBacklog = taken.hasRest;
      return taken.runs;
    });
    if (runs.length === 0 && this.hasBacklog) lookSoon();
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

/** When all have ended. @throws what the first of those that failed has thrown */
async function allOf(all: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(all)) if (outcome.status === 'rejected') throw outcome.reason;
}
