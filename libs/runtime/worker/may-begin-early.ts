import type { ExecuteAction, FactDraft } from '@stepwell/engine';

/**
 * Whether steps may begin while the facts before them are on their way to the journal. So it is where nothing is chosen by these facts, and
 * whoever has to come to them again does: a result is in the inbox until it is in the journal, and is given to the step that asked for it; a
 * timer that is over is over for everybody from then on, and what comes next is behind it.
 *
 * @param drafts what is not in the journal yet
 */
export function mayBeginEarly(toStart: readonly ExecuteAction[], drafts: readonly FactDraft[]): boolean {
  if (toStart.length === 0) return false;
  if (drafts.length > 0 && drafts.every(isTimer)) return true;
  return toStart.every(({ resumed }) => resumed) && drafts.every((draft) => isTimer(draft) || draft.type === 'async-result.settled');
}

function isTimer({ type }: FactDraft): boolean {
  return type === 'wait.completed';
}
