import type { ExecuteAction, FactDraft } from '@stepwell/engine';

/**
 * Whether all there is to do is to hand steps the results they asked for. Nothing is chosen by that: whoever does it again does the same,
 * as long as the messages are in the inbox.
 *
 * @param drafts what is not in the journal yet
 */
export function onlyResumes(toStart: readonly ExecuteAction[], drafts: readonly FactDraft[]): boolean {
  return toStart.length > 0 && toStart.every(({ resumed }) => resumed) && drafts.every(({ type }) => type === 'async-result.settled');
}
