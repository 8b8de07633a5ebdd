/**
 * The folds of runs that wait here, so that one which comes back is not read and folded from its first fact again: the parent of thousands
 * wakes with every few children, and thousands of short runs wait for one instant.
 *
 * A journal is only ever appended to, and each fact raises `last_seq` of its run. So a fold of as many facts as the row says is the fold of
 * that run, whoever has held it meanwhile; any other is dropped. Likewise whoever appends to the inbox raises `attention`: when that is what
 * it was, there is nothing in the inbox.
 */
import type { ClaimedRun, RunState } from '@stepwell/engine';
import { isLight } from './is-light.js';

/** A parent of a long list keeps what is not done, which may be megabytes. */
const MOST_LONG = 8;

/** What a run was given up with. */
export interface KeptFold {
  /** The fold of all that is durable, which nobody changes any more. */
  readonly state: RunState;
  /** Up to which its inbox was read; null when something was left in it. */
  readonly attention: number | null;
}

interface Kept extends KeptFold {
  readonly version: number;
}

export class KeptFolds {
  private readonly long = new Map<string, Kept>();
  private readonly short = new Map<string, Kept>();

  /**
   * @param longFrom how many facts make a long run, of which the last few are kept, whatever they weigh
   * @param mostShort how many of the others are kept, if they are light
   */
  constructor(
    private readonly longFrom: number,
    private readonly mostShort: number,
  ) {}

  keep({ id, version }: Pick<ClaimedRun, 'id' | 'version'>, { state, attention }: KeptFold): void {
    const isLong = state.lastSeq >= this.longFrom;
    if (!isLong && (this.mostShort === 0 || !isLight(state))) return;
    const [kept, most] = isLong ? [this.long, MOST_LONG] : [this.short, this.mostShort];
    kept.delete(id);
    kept.set(id, { version, state, attention });
    // The one that waits for the longest time is first.
    const [longest] = kept.keys();
    if (kept.size > most && longest !== undefined) kept.delete(longest);
  }

  /** Hands the fold of a run over to its new activation. */
  take({ id, version, last_seq: length }: Pick<ClaimedRun, 'id' | 'version' | 'last_seq'>): KeptFold | undefined {
    const kept = this.long.get(id) ?? this.short.get(id);
    this.long.delete(id);
    this.short.delete(id);
    return kept?.version === version && kept.state.lastSeq === length ? kept : undefined;
  }

  *[Symbol.iterator](): IterableIterator<readonly [string, RunState]> {
    for (const [id, { state }] of [...this.long, ...this.short]) yield [id, state];
  }
}
