// The order in which the fields of a record are read. It is the author's, where it was kept. The database's jsonb does not keep it: it sorts
// keys by length, then by letters. Where a record bears that mark, nobody meant the order, and a readable one is made: names that begin with
// the same word stand together, long values come after short ones, and keys of records last.
import type { Json } from '../graphql.js';
import { describeScalar } from './describe-scalar.js';
import { humaniseKey } from './humanise-key.js';
import { isScalar } from './shape.js';

type Entry = readonly [key: string, value: Json];

/** Of fewer keys the order says too little. */
const FEW = 4;

export function readingOrder(record: { readonly [key: string]: Json }): readonly Entry[] {
  const entries = Object.entries(record);
  return entries.length >= FEW && isSortedByStorage(entries) ? rearranged(entries) : entries;
}

function isSortedByStorage(entries: readonly Entry[]): boolean {
  return entries.every(([key], index) => {
    const before = entries[index - 1]?.[0];
    return before === undefined || before.length < key.length || (before.length === key.length && before < key);
  });
}

function rearranged(entries: readonly Entry[]): readonly Entry[] {
  const families = new Map<string | undefined, Entry[]>();
  for (const entry of entries) {
    const family = humaniseKey(entry[0]).split(' ')[0];
    families.set(family, [...(families.get(family) ?? []), entry]);
  }
  const gathered = [...families.values()].flat();
  return [0, 1, 2].flatMap((rank) => gathered.filter((entry) => rankOf(entry) === rank));
}

function rankOf([key, value]: Entry): 0 | 1 | 2 {
  if (!isScalar(value)) return 1;
  const { kind } = describeScalar(value, key);
  return kind === 'id' ? 2 : kind === 'long-text' ? 1 : 0;
}
