import { ByIteration } from '../by-iteration.js';
import { LazyMap } from '../lazy-map.js';

// Jest looks a global up anew wherever it is named: see `chance.ts`.
const { isArray } = Array;
const OwnMap = Map;

/** Throws unless both are the same as JSON; maps count by their entries, in any order. */
export function mustEqual(actual: unknown, expected: unknown, message: string): void {
  if (!isSame(actual, expected)) throw new Error(`${message}:\n${asText(actual)}\n${asText(expected)}`);
}

/** Without making a text of them: it is asked at every move of every schedule. */
function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (isArray(left))
    return isArray(right) && left.length === right.length && left.every((one, index) => isSame(one ?? null, right[index] ?? null));
  if (isMap(left)) return areSame(new OwnMap(left), new OwnMap(right as typeof left));
  return haveSame(left as Fields, right as Fields);
}

function isMap(value: unknown): value is Iterable<[unknown, unknown]> {
  return value instanceof OwnMap || value instanceof ByIteration || value instanceof LazyMap;
}

type Fields = Readonly<Record<string, unknown>>;

function areSame(left: ReadonlyMap<unknown, unknown>, right: ReadonlyMap<unknown, unknown>): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) if (!right.has(key) || !isSame(value, right.get(key))) return false;
  return true;
}

/** A field that is undefined is none. */
function haveSame(left: Fields, right: Fields): boolean {
  for (const key in left) if (!isSame(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

function asText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown): unknown => (isMap(inner) ? [...inner].sort(byKey) : inner));
}

function byKey([left]: readonly unknown[], [right]: readonly unknown[]): number {
  return String(left) < String(right) ? -1 : 1;
}
