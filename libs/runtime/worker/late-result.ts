import type { ClaimedRun, FactDraft, JournalStore, WakeUpQueue } from '@stepwell/engine';
import { uuidV7 } from '@stepwell/storage';

/**
 * A closed attempt came back after its activation was over. While the run lives its owner is told, through the inbox; an ended run has
 * no owner, so it is written down beside the end.
 */
export async function tellLateResult(
  store: JournalStore,
  wakeUps: WakeUpQueue,
  { tenant, id }: ClaimedRun,
  fact: FactDraft,
): Promise<void> {
  const { path, iteration, attempt } = fact;
  const { reason } = fact.payload as { reason: string };
  const payload = { path, iteration, attempt, reason };
  const outcome = await store.append({ tenant, runId: id, kind: 'attempt.discarded', dedupeKey: `discarded:${uuidV7()}`, payload });
  if (outcome.kind === 'accepted') wakeUps.wake([outcome.queue]);
  else await store.recordLateResult({ tenant, runId: id, ...payload });
}
