/**
 * The folds of long runs that wait here, so that one which comes back is not read and folded from its first fact again: the parent of
 * thousands wakes with every few children.
 *
 * A journal is only ever appended to, and each fact raises `last_seq` of its run. So a fold of as many facts as the row says is the fold of
 * that run, whoever has held it meanwhile; any other is dropped.
 */
import type { ClaimedRun, RunState } from '@stepwell/engine';

/** A parent of a long list keeps what is not done, which may be megabytes. */
const MOST_KEPT = 8;

export class KeptFolds {
  /** The one that waits for the longest time is first. */
  private readonly folds = new Map<string, { readonly version: number; readonly state: RunState }>();

  /** @param from how many facts; a shorter journal is as quickly read again */
  constructor(private readonly from: number) {}

  /** @param state of a run that was given up: the fold of all that is durable, which nobody changes any more */
  keep({ id, version }: Pick<ClaimedRun, 'id' | 'version'>, state: RunState): void {
    if (state.lastSeq < this.from) return;
    this.folds.delete(id);
    this.folds.set(id, { version, state });
    const [longest] = this.folds.keys();
    if (this.folds.size > MOST_KEPT && longest !== undefined) this.folds.delete(longest);
  }

  /** Hands the fold of a run over to its new activation. */
  take({ id, version, last_seq: length }: Pick<ClaimedRun, 'id' | 'version' | 'last_seq'>): RunState | undefined {
    const kept = this.folds.get(id);
    this.folds.delete(id);
    return kept?.version === version && kept.state.lastSeq === length ? kept.state : undefined;
  }
}
