/**
 * Claims until nothing is left, or no room. The runs of one claim are read and begun while the next claim is under way: a burst (thousands of
 * timers that are due at one instant) keeps the database and this process at work at the same time.
 */
import type { ClaimedRun, Fact, InboxRow, JournalStore, RunState } from '@stepwell/engine';
import type { ActiveRuns } from './active-runs.js';
import type { Claims } from './claims.js';
import { inPortions } from './in-portions.js';
import type { KeptFolds } from './kept-folds.js';
import { readRuns } from './read-runs.js';

/** Claims are limited, so that other workers get their share and one read stays small. */
export const CLAIM_LIMIT = 500;

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

  constructor(private readonly parts: ClaimLoopParts) {}

  /** @returns how many were claimed */
  async claimAll(): Promise<number> {
    let found = 0;
    let beginning: Promise<void> = Promise.resolve();
    try {
      for (;;) {
        const { worker, runs } = await this.claimOnce();
        found += runs.length;
        const before = beginning;
        beginning = this.begin(worker, runs, before);
        // It is awaited below; until then nobody listens.
        beginning.catch(() => undefined);
        if (runs.length === 0 || !this.hasBacklog) return found;
        await before;
      }
    } finally {
      await beginning;
    }
  }

  private async claimOnce(): Promise<{ readonly worker: string | null; readonly runs: readonly ClaimedRun[] }> {
    const { claims, active, room, incarnation, lookSoon } = this.parts;
    const [limit, worker] = [Math.min(room(), CLAIM_LIMIT), incarnation()];
    if (limit <= 0 || worker === null) {
      this.hasBacklog = true;
      return { worker, runs: [] };
    }
    const { runs, hasRest } = await claims.take(worker, limit);
    this.hasBacklog = hasRest;
    if (runs.length === 0 && hasRest) lookSoon();
    for (const run of runs) active.expect(run);
    return { worker, runs };
  }

  private async begin(worker: string | null, claimed: readonly ClaimedRun[], before: Promise<void>): Promise<void> {
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
