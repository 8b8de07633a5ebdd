/** What nobody holds any more: runs of workers that are silent, and runs leased to this one of which it does not know. */
import type { ClaimedRun, RunLeases, Timers, WakeUpQueue, WorkerStore } from '@stepwell/engine';
import type { ActiveRuns } from './active-runs.js';
import type { DispatchRunner } from './dispatch-runner.js';
import type { HeldBack } from './held-back.js';

/** @param judge who says that others are dead; null: only what nobody could hold is taken over */
export async function takeOverAll(
  workers: WorkerStore['workers'],
  limit: number,
  judge: string | null,
  wakeUps: WakeUpQueue,
): Promise<void> {
  for (;;) {
    const { queues, isFull } = await workers.takeOver(limit, judge);
    if (queues.size > 0) wakeUps.wake(queues);
    if (!isFull) return;
  }
}

export interface StraysParts {
  readonly runs: RunLeases;
  readonly active: Pick<ActiveRuns, 'has' | 'expects'>;
  readonly heldBack: Pick<HeldBack<ClaimedRun>, 'has'>;
  readonly dispatches: Pick<DispatchRunner, 'reconcile'>;
  readonly timers: Pick<Timers, 'steadyNow'>;
}

/** A statement whose answer was lost may still be under way: the database hears within seconds that nobody listens, and a commit ends first. */
const LATE_MS = 20_000;
/** Between two looks for what came late. */
const PAUSE_MS = 5_000;

/** What is leased to this worker although it does not hold it: an answer of the database was lost. */
export class Strays {
  private areSuspected = false;
  /** Until then, by the steady clock, some may come that no look has found; the last look is behind it. */
  private lateUntil: number | undefined;
  private nextAt = 0;

  constructor(private readonly parts: StraysParts) {}

  suspect(): void {
    this.areSuspected = true;
    this.lateUntil = this.parts.timers.steadyNow() + LATE_MS;
  }

  /** Gives them back, if there may be some. Part of a look, so that no claim is under way; whoever looks suspects anew when it fails. */
  async giveBack(worker: string): Promise<void> {
    const { runs, active, heldBack, dispatches, timers } = this.parts;
    const now = timers.steadyNow();
    if (!this.areSuspected && (this.lateUntil === undefined || now < this.nextAt)) return;
    this.areSuspected = false;
    this.nextAt = now + PAUSE_MS;
    if (this.lateUntil !== undefined && now >= this.lateUntil) this.lateUntil = undefined;
    for (const lease of await runs.leasedTo(worker)) {
      // It may be one all the same, if whoever expects it brings nothing: that is seen by another look. Under load somebody is always expected.
      if (active.expects(lease.id)) this.lateUntil ??= this.nextAt;
      else if (!active.has(lease.id) && !heldBack.has(lease.id)) await runs.giveBack(lease);
    }
    await dispatches.reconcile(worker);
  }
}
