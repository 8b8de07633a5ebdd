/**
 * Reads what claimed runs need to go on, after the claim, so that everything is seen that their owners before had committed. Inboxes and
 * journals are read at the same time, on two connections: neither changes what the other holds while the run is ours, and a message that
 * comes later raises `attention`. Large journals come in portions, so that no answer is larger than it has to be; of a run whose fold is
 * here, only the inbox is read.
 */
import type { ClaimedRun, Fact, InboxRow, JournalStore, RunState } from '@stepwell/engine';
import type { KeptFolds } from './kept-folds.js';

export interface ReadRun {
  readonly run: ClaimedRun;
  /** Behind those that are in the fold. */
  readonly facts: readonly Fact[];
  readonly messages: readonly InboxRow[];
  /** Undefined for a run that is folded from its first fact. */
  readonly fold: RunState | undefined;
}

/** @returns all of them, those whose folds are here first, portion by portion; the next one is read when the last has been taken */
export async function* readRuns(store: JournalStore, claimed: readonly ClaimedRun[], kept: KeptFolds): AsyncGenerator<readonly ReadRun[]> {
  const folds = claimed.map((run) => ({ run, fold: kept.take(run) }));
  let rest = folds.filter(({ fold }) => fold === undefined).map(({ run }) => run);
  const [first, inboxes] = await Promise.all([rest.length > 0 ? store.readThatFit(rest) : undefined, store.inboxes(claimed)]);
  const messagesOf = ({ id }: ClaimedRun) => inboxes.get(id) ?? [];
  const here = folds.flatMap(({ run, fold }) => (fold ? [{ run, fold, facts: [], messages: messagesOf(run) }] : []));
  if (here.length > 0) yield here;
  for (let portion = first; portion; portion = rest.length > 0 ? await store.readThatFit(rest) : undefined) {
    const { journals, count } = portion;
    yield rest.slice(0, count).map((run) => ({ run, facts: journals.get(run.id) ?? [], messages: messagesOf(run), fold: undefined }));
    rest = rest.slice(count);
  }
}
