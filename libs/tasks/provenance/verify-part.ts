/**
 * Looks at a part of a tenant's chain in the database, so that one request can: some seals behind one that is known. Records that no seal
 * has are not looked for here; `verify-chain.ts` does.
 */
import { formsByHash, readChain, type SealAt, sealAt, type SealedDecision, type Sql } from '@stepwell/storage';
import { type Anchor, CHAIN_START, ChainCheck, type ChainStart, type ChainVerdict } from './chain-check.js';
import { linkOf } from './chain-link.js';
import type { SealKey } from './seal.js';

/** With their records, each of which may be as large as its props and an answer together. */
const PAGE = 16;
/** Of the records of one part, as JSON: the seal that reaches it is its last. */
const MOST_CHARACTERS = 16 * 1024 ** 2;

export interface PartOfChain {
  /** Behind the seal with this number; 0: from the first on. */
  readonly after: number;
  /** What its hash was. */
  readonly hash: string;
  /** So many seals at most; fewer when their records are large. */
  readonly most: number;
}

export interface PartVerdict extends Omit<ChainVerdict, 'head'> {
  /** The last seal that was looked at; null: there is none. */
  readonly head: Anchor | null;
  /** The number of the last seal of the chain; 0: it has none. */
  readonly last: number;
}

export interface SealVerdict {
  /** Nothing is wrong, and its key was given. */
  readonly isVerified: boolean;
  /** It was made long after its decision, which `notes` says, too. */
  readonly isLate: boolean;
  readonly problems: readonly string[];
  /** What may be as it should be. */
  readonly notes: readonly string[];
}

export async function verifyPart(
  sql: Sql,
  tenant: string,
  keys: readonly SealKey[],
  { after, hash, most }: PartOfChain,
): Promise<PartVerdict> {
  const before = await sealAt(sql, tenant, after);
  const check = new ChainCheck(tenant, keys, undefined, { ...startOf(after, before), hash });
  if (after > 0 && before.hash !== hash) check.report(`Seal ${after} is not the one that is named: the chain was made anew, or cut.`);
  const forms = new Set<string>();
  for (let left = most, room = MOST_CHARACTERS; left > 0 && room > 0;) {
    const page = await readChain(sql, tenant, check.head.seq, Math.min(PAGE, left));
    for (const row of page) {
      check.addSeal(linkOf(row));
      for (const form of formOf(row)) forms.add(form);
      room -= JSON.stringify(row.record).length;
      if (room <= 0) break;
    }
    if (page.length < Math.min(PAGE, left) || check.isFull) break;
    left -= page.length;
  }
  for (const { hash: named, form } of await formsByHash(sql, tenant, [...forms])) check.addForm(named, form);
  return { ...check.verdict(), last: before.last };
}

/** One record: whether it is what its seal says, and whether that stands between the one before it and the one behind. */
export async function verifySeal(sql: Sql, tenant: string, keys: readonly SealKey[], seq: number): Promise<SealVerdict> {
  const check = new ChainCheck(tenant, keys, undefined, startOf(seq - 1, await sealAt(sql, tenant, seq - 1)));
  const [row, next] = await readChain(sql, tenant, seq - 1, 2);
  if (row?.seq !== seq) return { isVerified: false, isLate: false, problems: [`Seal ${seq} was removed.`], notes: [] };
  check.addSeal(linkOf(row));
  for (const { hash, form } of await formsByHash(sql, tenant, formOf(row))) check.addForm(hash, form);
  const problems = [...check.changes, ...(next ? check.problemsOfNext(linkOf(next)) : [])];
  const { isChecked, isLate, notes } = check;
  return { isVerified: isChecked && problems.length === 0, isLate, problems, notes };
}

function startOf(seq: number, { hash, key_id }: SealAt): ChainStart {
  return seq === 0 ? CHAIN_START : { seq, hash: hash ?? '', isKeyed: key_id !== null };
}

function formOf({ record }: SealedDecision): string[] {
  const { form } = (record ?? {}) as { readonly form?: string };
  return form === undefined ? [] : [form];
}
