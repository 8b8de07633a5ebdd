/**
 * Reads what claimed runs need to go on, after the claim, so that everything is seen that their owners before had committed. Inboxes and
 * journals are read at the same time, on two connections: neither changes what the other holds while the run is ours, and a message that
 * comes later raises `attention`. Large journals come in portions, so that no answer is larger than it has to be.
 */
import type { ClaimedRun, Fact, InboxRow, JournalStore } from '@stepwell/engine';

export interface ReadRun {
  readonly run: ClaimedRun;
  readonly facts: readonly Fact[];
  readonly messages: readonly InboxRow[];
}

/** @returns all of them, in their order, portion by portion; the next one is read when the last has been taken */
export async function* readRuns(store: JournalStore, claimed: readonly ClaimedRun[]): AsyncGenerator<readonly ReadRun[]> {
  const [first, inboxes] = await Promise.all([store.readThatFit(claimed), store.inboxes(claimed)]);
  for (let { journals, count } = first, rest = claimed; ; { journals, count } = await store.readThatFit(rest)) {
    yield rest.slice(0, count).map((run) => ({ run, facts: journals.get(run.id) ?? [], messages: inboxes.get(run.id) ?? [] }));
    rest = rest.slice(count);
    if (rest.length === 0) return;
  }
}
