/**
 * Looks whether the records of a tenant's decisions are what was sealed, and whether the chain is whole. It shows what was changed after
 * its seal. What was changed before, in the seconds between a decision and its seal, it cannot show; nor, without a key or an anchor that
 * is kept elsewhere, that somebody has made the whole chain anew. With a key, seals without one are worth nothing, wherever they stand,
 * but for those that an anchor vouches for.
 */
import { formsOfRecords, readChain, type SealedDecision, type Sql, unchainedDecisions } from '@stepwell/storage';
import { contentHash } from './canonical-hash.js';
import { sealHash, type SealKey } from './seal.js';

export interface Anchor {
  readonly seq: number;
  readonly hash: string;
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

/** Before the first one. */
const NO_SEAL: Anchor = { seq: 0, hash: '' };
const PAGE = 200;
/** A decision is sealed in seconds; later than this is worth a look. */
const LATE_MS = 15 * 60_000;
export const MOST_PROBLEMS = 100;

/**
 * @param keys with which seals were made
 * @param anchor a seal as it was once: the chain must still have it, and then it vouches for what stands before
 */
export async function verifyChain(sql: Sql, tenant: string, keys: readonly SealKey[], anchor?: Anchor): Promise<ChainVerdict> {
  const problems: string[] = [];
  const counts = { sealed: 0, keyed: 0, dropped: 0 };
  let head: Anchor = NO_SEAL;
  let isAnchored = anchor === undefined;
  /** The last seal before those with a key that the anchor does not vouch for. */
  let bare = 0;
  /** Seals, one after another, that were made late, and by how much at most; those that the anchor vouches for are not among them. */
  let late: LateSeals[] = [];
  for (;;) {
    const page: SealedDecision[] = await readChain(sql, tenant, head.seq, PAGE);
    for (const row of page) {
      if (row.seq !== head.seq + 1) problems.push(`Between the seals ${head.seq} and ${row.seq} seals were removed.`);
      problems.push(...problemsOfSeal(row, head.hash || null, tenant, keys, counts.keyed > 0), ...problemsOfRecord(row));
      counts.sealed++;
      if (row.key_id !== null) counts.keyed++;
      else if (counts.keyed === 0) bare = row.seq;
      if (row.is_dropped) counts.dropped++;
      if (anchor && row.seq === anchor.seq && row.hash === anchor.hash) {
        isAnchored = true;
        bare = 0;
        late = [];
      } else late = withSeal(late, row.seq, latenessOf(row));
      head = { seq: row.seq, hash: row.hash };
    }
    if (page.length < PAGE || problems.length >= MOST_PROBLEMS) break;
  }
  if (keys.length > 0 && bare > 0)
    problems.push(
      `The seals up to ${bare} are without the key, so anybody may have made them: only an anchor from there on vouches for them.`,
    );
  if (!isAnchored) problems.push(`Seal ${anchor?.seq} is not the one that the anchor names: the chain was made anew, or cut.`);
  for (const { id, task_id: task } of await unchainedDecisions(sql, tenant, MOST_PROBLEMS))
    problems.push(`The record ${id} of task ${task} was inserted: no decision left it.`);
  for (const { hash, form } of await formsOfRecords(sql, tenant))
    if (contentHash(form) !== hash) problems.push(`The form ${hash} was changed.`);
  problems.push(...late.map(toldOfLate));
  return { ...counts, head: head.seq === 0 ? null : head, problems: problems.slice(0, MOST_PROBLEMS) };
}

function problemsOfSeal(
  row: SealedDecision,
  previous: string | null,
  tenant: string,
  keys: readonly SealKey[],
  isKeyed: boolean,
): string[] {
  const { seq, id, task_id: task, content, key_id: keyId } = row;
  if (keyId === null && isKeyed) return [`Seal ${seq} was made without the key, after seals that were made with it.`];
  const key = keys.find((one) => one.id === keyId);
  if (keyId !== null && !key) return [`Seal ${seq} was made with the key ${keyId}, which is not given: it cannot be checked.`];
  const facts = { tenant, seq, previous, id, task, content, sealedAt: row.sealed_at.toISOString() };
  return sealHash(facts, key) === row.hash ? [] : [`Seal ${seq} was changed, or what stood before it: its hash is another one.`];
}

function problemsOfRecord({ seq, id, task_id: task, record, content, is_dropped: isDropped }: SealedDecision): string[] {
  if (isDropped) return [];
  if (record === null) return [`The record ${id} of task ${task} was removed (seal ${seq}).`];
  return contentHash(record) === content ? [] : [`The record ${id} of task ${task} was changed after its seal (${seq}).`];
}

interface LateSeals {
  readonly from: number;
  readonly to: number;
  readonly byMs: number;
}

function withSeal(late: LateSeals[], seq: number, byMs: number): LateSeals[] {
  if (byMs <= LATE_MS) return late;
  const last = late.at(-1);
  if (last?.to !== seq - 1) return [...late, { from: seq, to: seq, byMs }];
  return [...late.slice(0, -1), { from: last.from, to: seq, byMs: Math.max(last.byMs, byMs) }];
}

/** From when the record says, or its id when that is earlier: who changes the one may forget the other. Milliseconds. */
function latenessOf({ id, record, sealed_at: sealedAt }: SealedDecision): number {
  const said = Date.parse((record as { at?: string } | null)?.at ?? '');
  const made = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  return sealedAt.getTime() - (said < made ? said : made);
}

function toldOfLate({ from, to, byMs }: LateSeals): string {
  const hours = (byMs / 3_600_000).toFixed(1);
  const seals =
    from === to
      ? `Seal ${from} was made ${hours} hours after its decision`
      : `The seals ${from} to ${to} were made up to ${hours} hours after their decisions`;
  return `${seals}: after an outage that is as it should be, else somebody had them made anew.`;
}
