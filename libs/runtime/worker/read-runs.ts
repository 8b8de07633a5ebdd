/**
 * Reads what claimed runs need to go on, after the claim, so that everything is seen that their owners before had committed. Inboxes and
 * journals are read at the same time, on two connections: neither changes what the other holds while the run is ours, and a message that
 * comes later raises `attention`. Large journals come in portions, so that no answer is larger than it has to be; of a run whose fold is
 * here, only the inbox is read, and not even that when it is known what is in it.
 */
import type { ClaimedRun, Fact, InboxRow, JournalStore, RunState } from '@stepwell/engine';
import type { KeptFold, KeptFolds } from './kept-folds.js';

export interface ReadRun {
  readonly run: ClaimedRun;
  /** Behind those that are in the fold. */
  readonly facts: readonly Fact[];
  readonly messages: readonly InboxRow[];
  /** Undefined for a run that is folded from its first fact. */
  readonly fold: RunState | undefined;
}

/** A claimed run. */
export interface Claimed {
  readonly run: ClaimedRun;
  /** With which it was claimed, in one statement. */
  readonly message?: InboxRow;
}

/** @returns all of them, those whose folds are here first, portion by portion; the next one is read when the last has been taken */
export async function* readRuns(store: JournalStore, claimed: readonly Claimed[], kept: KeptFolds): AsyncGenerator<readonly ReadRun[]> {
  const all = claimed.map((one) => ({ run: one.run, ...known(one, kept.take(one.run)) }));
  const here = all.flatMap(({ run, fold, messages }) => (fold && messages ? [{ run, facts: [], messages, fold }] : []));
  if (here.length > 0) yield here;
  let rest = all.filter(({ fold }) => !fold).map(({ run }) => run);
  const unread = all.filter(({ messages }) => !messages).map(({ run }) => run);
  const [first, inboxes] = await Promise.all([
    rest.length > 0 ? store.readThatFit(rest) : undefined,
    unread.length > 0 ? store.inboxes(unread) : undefined,
  ]);
  const messagesOf = new Map(all.map(({ run: { id }, messages }) => [id, messages ?? inboxes?.get(id) ?? []]));
  const withInbox = ({ run, fold }: (typeof all)[number]) => ({ run, facts: [], messages: messagesOf.get(run.id) ?? [], fold });
  const folded = all.filter(({ fold, messages }) => fold && !messages).map(withInbox);
  if (folded.length > 0) yield folded;
  for (let portion = first; portion; portion = rest.length > 0 ? await store.readThatFit(rest) : undefined) {
    const { journals, count } = portion;
    const taken = rest.slice(0, count);
    yield taken.map((run) => ({ run, facts: journals.get(run.id) ?? [], messages: messagesOf.get(run.id) ?? [], fold: undefined }));
    rest = rest.slice(count);
  }
}

/** What need not be read. Whatever is appended to an inbox raises `attention`, from 0 on; so what is in it may be known. */
function known({ run, message }: Claimed, kept: KeptFold | undefined): Known {
  const before = run.attention - (message ? 1 : 0);
  const isKnown = before === 0 || before === kept?.attention;
  return { fold: kept?.state, messages: isKnown ? (message ? [message] : []) : undefined };
}

interface Known {
  readonly fold: RunState | undefined;
  readonly messages: readonly InboxRow[] | undefined;
}
