/**
 * JSON as Stepwell stores it. `findNonJson` is the boundary check of every step output, answer, event payload and input: what the
 * database could not keep, or would keep as something else, is refused here with the path of the culprit, before it enters a batch
 * that carries other runs (engine rule 3).
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Deeper values are refused: 64 levels is far beyond any record seen, and keeps every recursive reader safe. */
export const MAX_JSON_DEPTH = 64;

/** A value that is not JSON: where it stands (`$.order.items[2].due`) and what it is. */
export interface NonJson {
  readonly path: string;
  readonly reason: string;
}

/**
 * Looks for the first part of `value` that JSON cannot hold: Date, Map, Set, function, symbol, BigInt, NaN, infinities, class
 * instances, cycles (found as excessive depth), `undefined` inside an array, NUL characters and lone surrogates in strings or keys.
 * `undefined` as a property value is allowed and dropped, as `JSON.stringify` does.
 *
 * @returns the first culprit, or `undefined` when the value is clean
 */
export function findNonJson(value: unknown, path = '$'): NonJson | undefined {
  const bad = culprit(value, 0);
  return bad && { path: `${path}${bad.path}`, reason: bad.reason };
}

/** Its path is that below `value`: put together on the way back, for most values have no culprit. */
function culprit(value: unknown, depth: number): NonJson | undefined {
  switch (typeof value) {
    case 'string':
      return badText(value);
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : { path: '', reason: `the number ${value} has no JSON form; use null or a string` };
    case 'object':
      if (value === null) return undefined;
      if (depth >= MAX_JSON_DEPTH) return { path: '', reason: `it is nested deeper than ${MAX_JSON_DEPTH} levels, or refers to itself` };
      return Array.isArray(value) ? badArray(value, depth) : badObject(value, depth);
    case 'undefined':
      return { path: '', reason: 'undefined has no JSON form; use null' };
    default:
      return { path: '', reason: `a ${typeof value} has no JSON form` };
  }
}

function badArray(value: readonly unknown[], depth: number): NonJson | undefined {
  for (let index = 0; index < value.length; index++) {
    const bad = culprit(value[index], depth + 1);
    if (bad) return { path: `[${index}]${bad.path}`, reason: bad.reason };
  }
  return undefined;
}

function badObject(value: object, depth: number): NonJson | undefined {
  if (!isPlain(value)) {
    const name = (value.constructor as { name?: string } | undefined)?.name ?? 'object';
    const hint = value instanceof Date ? '; use date.toISOString()' : '; return a plain object';
    return { path: '', reason: `a ${name} instance has no JSON form${hint}` };
  }
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner === undefined) continue;
    const bad = badText(key) ?? culprit(inner, depth + 1);
    if (bad) return { path: `.${key}${bad.path}`, reason: bad.reason };
  }
  return undefined;
}

/** Also of another realm: what `fetch` has parsed is one when a test runs in a VM, as those of Jest do. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

// A NUL character (PostgreSQL cannot store it) or a surrogate without its partner (not valid UTF-8).
// eslint-disable-next-line no-control-regex -- NUL is exactly what is looked for
const UNSTORABLE = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

// Most text has neither a NUL nor any surrogate, and this is asked of every key.
// eslint-disable-next-line no-control-regex -- as above
const SUSPECT = /[\u0000\uD800-\uDFFF]/;

function badText(text: string): NonJson | undefined {
  const isBad = SUSPECT.test(text) && UNSTORABLE.test(text);
  return isBad ? { path: '', reason: 'the text holds a NUL character or half a surrogate pair' } : undefined;
}
