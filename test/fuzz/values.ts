/**
 * What nobody should send, and somebody will: texts, numbers and shapes at which parsers, columns and recursion break.
 *
 * Inputs are plain data, the same for the same seed. What JSON.stringify cannot write (-0, 1e400, brackets by the hundred thousand) stands
 * in them as a marked text, which `jsonText` writes raw; what exists only while a server runs stands in them as `@{name}`, see house.ts.
 * No text here looks like what `leaks` looks for: an answer may repeat what it was sent.
 */
import fc from 'fast-check';

const MARK = '\u0001raw:';
const raw = (kind: string): string => `${MARK}${kind}`;

const MEGABYTE = 'x'.repeat(1_000_000);

export const TEXTS: readonly string[] = [
  ...['', ' ', '\0', 'a\0b', '\ud800', 'a\udfffb', '\ufeff', '\u202egnp.exe', '👩‍👩‍👧‍👦', 'ﷺ', '\r\nSet-Cookie: a=b', '\t', '\u001b[2J'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length', '$ref', '$'],
  ...[
    "'; DROP TABLE runs; --",
    '" OR 1=1',
    '%',
    '_',
    '\\',
    '%00',
    '%c0%ae',
    '../../../etc/passwd',
    '..\\..\\boot.ini',
    '/',
    '//',
    '.',
    '..',
  ],
  ...['$' + '{7*7}', '{{7*7}}', '<script>alert(1)</script>', '(a+)+$', '[', '*', '{"a":', 'null', 'undefined', 'true', '[object Object]'],
  ...['NaN', 'Infinity', '-0', '1e309', '9007199254740993', '0x10', '1_000', '١٢٣', '-1', '1.5', '999999999999999999999999'],
  ...['2026-02-30T00:00:00Z', '+275761-01-01T00:00:00Z', '0000-00-00', '9999-12-31T23:59:59.999Z', '-000001-01-01T00:00:00Z', '2026-11-01'],
  ...['Europe/Nowhere', 'UTC', 'Etc/GMT+14', 'P1Y', '1ms', '99999999999d', '-5m', '2bd', '* * * * *', '0 0 31 2 *'],
  ...['00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', '01890000-0000-7000-8000-000000000000', 'cnVuczo='],
  ...['a'.repeat(256), 'a'.repeat(10_001), 'é'.repeat(2_000), 'a.'.repeat(500)],
];

/** Also those that are no JSON numbers at all, or lose digits. */
const NUMBERS: readonly unknown[] = [
  ...[0, 1, -1, 2, 100, 101, 1_000, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 + 2, 1e308, -1e308, 5e-324, 0.1, 1.5],
  ...['-0', '1e400', '-1e400', '9007199254740993', '18446744073709551616', '1e-400'].map(raw),
];

const SHAPES: readonly unknown[] = [
  ...[null, true, false, [], {}, [[]], [null], [[[[[[[[[[]]]]]]]]]], { '': '' }, { length: 5 }, { then: 1 }, { toJSON: 'x' }, { $eq: 1 }],
  JSON.parse('{"__proto__": {"isAdmin": true}, "constructor": {"prototype": {"isAdmin": true}}}'),
  JSON.parse('{"id": {"__proto__": null}}'),
  Array.from({ length: 2_000 }, (_, index) => index),
  Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key-${index}`, index])),
  ...['lists:100', 'lists:2000', 'lists:200000', 'objects:100', 'objects:2000', 'objects:100000'].map(raw),
];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 12, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 8, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constant(MEGABYTE) },
);

export const hostileNumber: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...NUMBERS),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: hostileText },
  { weight: 3, arbitrary: hostileNumber },
  { weight: 4, arbitrary: fc.constantFrom(...SHAPES) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }) },
);

/** A value that was right, with up to three places of it wrong: another value, gone, one more, or wrapped in a list. */
export function mutated(value: unknown): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'wrap'),
    by: hostile,
    name: hostileText,
  });
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const whole: Holder = { value: structuredClone(value) };
    for (const { at, how, by, name } of changes) {
      const places = placesOf(whole);
      const { holder, key } = places[at % places.length] ?? { holder: whole, key: 'value' };
      const known = holder[key];
      if (how === 'remove' && holder !== whole) delete holder[key];
      else if (how === 'add' && Array.isArray(known)) known.push(structuredClone(by));
      else if (how === 'add' && typeof known === 'object' && known !== null)
        Object.defineProperty(known, name, { value: structuredClone(by), enumerable: true, configurable: true, writable: true });
      else holder[key] = how === 'wrap' ? [known] : structuredClone(by);
    }
    return whole.value;
  });
}

type Holder = Record<string, unknown>;

function placesOf(holder: Holder): { readonly holder: Holder; readonly key: string }[] {
  return Object.keys(holder)
    .slice(0, 20)
    .flatMap((key) => {
      const value = holder[key];
      return [{ holder, key }, ...(typeof value === 'object' && value !== null ? placesOf(value as Holder) : [])];
    });
}

/** As JSON, marked texts raw. */
export function jsonText(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replace(/"\\u0001raw:([^"]*)"/g, (_all, what: string) => {
    const [kind, times] = what.split(':');
    if (kind === 'lists') return '['.repeat(Number(times)) + ']'.repeat(Number(times));
    if (kind === 'objects') return '{"a":'.repeat(Number(times)) + '1' + '}'.repeat(Number(times));
    return what;
  });
}
