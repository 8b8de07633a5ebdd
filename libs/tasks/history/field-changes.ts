/**
 * What has changed between two values, field by field, for people: a path as one would write it (`parts[2].amount`), and the value before
 * and after. Objects are compared by field, lists by place, after what they have in common at their beginning and end: so an item that is
 * put in or taken out is one change. What has another kind (a list that became a text) is one change as a whole.
 */
import type { Json } from '@stepwell/contracts';

export interface FieldChange {
  /** Empty for the value as a whole. */
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  /** Null when it was added, too. */
  readonly before: Json;
  readonly after: Json;
}

/** More than anybody reads; and what one pages through a history of. */
export const MOST_CHANGES = 200;

/** Null and no value at all are the same here: a form has neither. @returns at most `MOST_CHANGES` */
export function fieldChanges(before: Json | undefined, after: Json | undefined): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compare('', before ?? null, after ?? null, changes);
  return changes.slice(0, MOST_CHANGES);
}

function compare(path: string, before: Json, after: Json, into: FieldChange[]): void {
  if (into.length > MOST_CHANGES || isSame(before, after)) return;
  if (isRecord(before) && isRecord(after)) return compareRecords(path, before, after, into);
  if (isList(before) && isList(after)) return compareLists(path, before, after, into);
  // A form that is filled in for the first time: each of its fields is news, and so is each that is taken away with it.
  if (path === '' && before === null && isRecord(after)) return compareRecords(path, {}, after, into);
  if (path === '' && after === null && isRecord(before)) return compareRecords(path, before, {}, into);
  into.push({ path, kind: before === null ? 'added' : after === null ? 'removed' : 'changed', before, after });
}

function compareRecords(path: string, before: Record<string, Json>, after: Record<string, Json>, into: FieldChange[]): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const was = Object.hasOwn(before, key) ? before[key] : null;
    const is = Object.hasOwn(after, key) ? after[key] : null;
    compare(pathTo(path, key), was ?? null, is ?? null, into);
  }
}

function compareLists(path: string, before: readonly Json[], after: readonly Json[], into: FieldChange[]): void {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && isSame(before[head], after[head])) head++;
  let tail = 0;
  while (tail < shorter - head && isSame(before.at(-1 - tail), after.at(-1 - tail))) tail++;
  const wasHere = before.length - tail;
  const isHere = after.length - tail;
  for (let index = head; index < Math.max(wasHere, isHere); index++) {
    compare(`${path}[${index}]`, index < wasHere ? (before[index] ?? null) : null, index < isHere ? (after[index] ?? null) : null, into);
  }
}

function pathTo(path: string, key: string): string {
  if (!/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other)) return one.length === other.length && one.every((item, index) => isSame(item, other[index]));
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]));
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function isRecord(value: Json | undefined): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !isList(value);
}
