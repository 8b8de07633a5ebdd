/** What nobody holds any more: runs of workers that are silent, and runs leased to this one of which it does not know. */
import type { RunLeases, WakeUpQueue, WorkerStore } from '@stepwell/engine';

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

/** Gives back what is leased to us although we do not hold it. Part of a look, so that no claim is under way. */
export async function giveBackStrays(runs: RunLeases, worker: string, isHeld: (runId: string) => boolean): Promise<void> {
  for (const lease of await runs.leasedTo(worker)) if (!isHeld(lease.id)) await runs.giveBack(lease);
}
