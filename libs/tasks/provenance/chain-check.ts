/**
 * What is checked of a chain of decisions, wherever it is read from: that the records are what was sealed, and that the chain is whole. It
 * shows what was changed after its seal. What was changed before, in the seconds between a decision and its seal, it cannot show; nor,
 * without a key or an anchor that is kept elsewhere, that somebody has made the whole chain anew. With a key, seals without one are worth
 * nothing, wherever they stand, but for those that an anchor vouches for.
 */
import type { Json } from '@stepwell/contracts';
import { contentHash } from './canonical-hash.js';
import { sealHash, type SealKey } from './seal.js';

export interface Anchor {
  readonly seq: number;
  readonly hash: string;
}

/** A seal, with its record where there is one. */
export interface ChainLink {
  readonly seq: number;
  readonly id: string;
  readonly task: string;
  /** SHA-256 of the record. */
  readonly content: string;
  readonly hash: string;
  /** Null: made without a key. */
  readonly keyId: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly sealedAt: string;
  readonly record: Json;
  /** Why there is no record, where that is as it should be: its month went, or a filter left it out. */
  readonly without?: 'dropped' | 'filtered';
}

export interface ChainVerdict {
  readonly sealed: number;
  /** Of them: made with a key. */
  readonly keyed: number;
  /** Of them: the record went with its month, as retention has decided. */
  readonly dropped: number;
  /** The last seal; keep it elsewhere, as an anchor. */
  readonly head: Anchor | null;
  /** None: all is as it was sealed. At most `MOST_PROBLEMS`. */
  readonly problems: readonly string[];
}

/** The seal that a part of a chain stands behind. */
export interface ChainStart extends Anchor {
  /** It was made with a key: so are those behind it. */
  readonly isKeyed: boolean;
}

interface LateSeals {
  readonly from: number;
  readonly to: number;
  readonly byMs: number;
}

/** Before the first one. */
export const CHAIN_START: ChainStart = { seq: 0, hash: '', isKeyed: false };
/** A decision is sealed in seconds; later than this is worth a look. */
const LATE_MS = 15 * 60_000;
export const MOST_PROBLEMS = 100;

/** Is given the seals of one tenant, from the first on or from behind one of them, in their order. */
export class ChainCheck {
  private readonly problems: string[] = [];
  /** Of seals whose key is not given. */
  private readonly unchecked: string[] = [];
  private readonly counts = { sealed: 0, keyed: 0, dropped: 0 };
  private last: Anchor;
  private isAnchored: boolean;
  private isKeyed: boolean;
  /** The last seal before those with a key that the anchor does not vouch for. */
  private bare = 0;
  /** Seals, one after another, that were made late, and by how much at most; those that the anchor vouches for are not among them. */
  private late: LateSeals[] = [];

  /**
   * @param keys with which seals were made
   * @param anchor a seal as it was once: the chain must still have it, and then it vouches for what stands before
   * @param start what is taken as it is
   */
  constructor(
    private readonly tenant: string,
    private readonly keys: readonly SealKey[],
    private readonly anchor: Anchor | undefined,
    start: ChainStart = CHAIN_START,
  ) {
    this.isAnchored = anchor === undefined;
    this.last = { seq: start.seq, hash: start.hash };
    this.isKeyed = start.isKeyed;
  }

  /** The last seal that was given; its `seq` is 0 before the first. */
  get head(): Anchor {
    return this.last;
  }

  /** Seals were made long after their decisions. */
  get isLate(): boolean {
    return this.late.length > 0;
  }

  /** More would not be told. */
  get isFull(): boolean {
    return this.problems.length + this.unchecked.length >= MOST_PROBLEMS;
  }

  /** @param problem that shows only where the chain is read from */
  report(problem: string): void {
    this.problems.push(problem);
  }

  addSeal(link: ChainLink): void {
    const { seq, hash, keyId } = link;
    this.problems.push(...this.problemsOfNext(link), ...problemsOfRecord(link));
    if (keyId !== null && !this.keyOf(link))
      this.unchecked.push(`Seal ${seq} was made with the key ${keyId}, which is not given: it cannot be checked.`);
    this.counts.sealed++;
    if (link.keyId !== null) {
      this.counts.keyed++;
      this.isKeyed = true;
    } else if (!this.isKeyed) this.bare = seq;
    if (link.without === 'dropped') this.counts.dropped++;
    if (this.anchor?.seq === seq && this.anchor.hash === hash) {
      this.isAnchored = true;
      this.bare = 0;
      this.late = [];
    } else this.late = withSeal(this.late, seq, latenessOf(link));
    this.last = { seq, hash };
  }

  addForm(hash: string, form: Json): void {
    if (contentHash(form) !== hash) this.report(`The form ${hash} was changed.`);
  }

  /** The keys of all seals were given. */
  get isChecked(): boolean {
    return this.unchecked.length === 0;
  }

  /** What was changed, removed or put in. */
  get changes(): readonly string[] {
    return this.problems;
  }

  /** What is as it should be in a chain that nobody has touched, but leaves room for somebody to have done so. */
  get notes(): readonly string[] {
    const bare = `The seals up to ${this.bare} are without the key, so anybody may have made them: only an anchor from there on vouches for them.`;
    return [...this.unchecked, ...(this.keys.length > 0 && this.bare > 0 ? [bare] : []), ...this.late.map(toldOfLate)];
  }

  /** Its problems are the changes and the notes. */
  verdict(): ChainVerdict {
    const { changes, notes } = this;
    const problems = [...changes, ...notes];
    if (!this.isAnchored) problems.push(`Seal ${this.anchor?.seq} is not the one that the anchor names: the chain was made anew, or cut.`);
    return { ...this.counts, head: this.last.seq === 0 ? null : this.last, problems: problems.slice(0, MOST_PROBLEMS) };
  }

  /** Whether it is the seal behind the last one; of its record nothing. */
  problemsOfNext(link: ChainLink): string[] {
    const { seq } = this.last;
    const gap = link.seq === seq + 1 ? [] : [`Between the seals ${seq} and ${link.seq} seals were removed.`];
    return [...gap, ...this.problemsOfSeal(link)];
  }

  private keyOf({ keyId }: ChainLink): SealKey | undefined {
    return this.keys.find((one) => one.id === keyId);
  }

  private problemsOfSeal(link: ChainLink): string[] {
    const { seq, id, task, content, keyId, sealedAt, hash } = link;
    if (keyId === null && this.isKeyed) return [`Seal ${seq} was made without the key, after seals that were made with it.`];
    const key = this.keyOf(link);
    if (keyId !== null && !key) return [];
    const facts = { tenant: this.tenant, seq, previous: this.last.hash || null, id, task, content, sealedAt };
    return sealHash(facts, key) === hash ? [] : [`Seal ${seq} was changed, or what stood before it: its hash is another one.`];
  }
}

function problemsOfRecord({ seq, id, task, record, content, without }: ChainLink): string[] {
  if (without) return [];
  if (record === null) return [`The record ${id} of task ${task} was removed (seal ${seq}).`];
  return contentHash(record) === content ? [] : [`The record ${id} of task ${task} was changed after its seal (${seq}).`];
}

function withSeal(late: LateSeals[], seq: number, byMs: number): LateSeals[] {
  if (byMs <= LATE_MS) return late;
  const last = late.at(-1);
  if (last?.to !== seq - 1) return [...late, { from: seq, to: seq, byMs }];
  return [...late.slice(0, -1), { from: last.from, to: seq, byMs: Math.max(last.byMs, byMs) }];
}

/** From when the record says, or its id when that is earlier: who changes the one may forget the other. Milliseconds. */
function latenessOf({ id, record, sealedAt }: ChainLink): number {
  const said = Date.parse((record as { at?: string } | null)?.at ?? '');
  const made = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  return Date.parse(sealedAt) - (said < made ? said : made);
}

function toldOfLate({ from, to, byMs }: LateSeals): string {
  const hours = (byMs / 3_600_000).toFixed(1);
  const seals =
    from === to
      ? `Seal ${from} was made ${hours} hours after its decision`
      : `The seals ${from} to ${to} were made up to ${hours} hours after their decisions`;
  return `${seals}: after an outage that is as it should be, else somebody had them made anew.`;
}
