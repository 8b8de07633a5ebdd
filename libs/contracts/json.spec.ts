import { runInNewContext } from 'node:vm';
import { findNonJson, MAX_JSON_DEPTH } from './json.js';

describe('the JSON boundary', () => {
  it.each([null, true, 0, -1.5, '', 'text', 'a👍b', [], {}, [1, [2, { a: null }]], { a: { b: [''] } }, Object.create(null)])(
    'takes %j',
    (value) => {
      expect(findNonJson(value)).toBeUndefined();
    },
  );

  it('takes a plain object of another realm, and no instance of one', () => {
    expect(findNonJson(runInNewContext('({ a: [{}] })'))).toBeUndefined();
    expect(findNonJson(runInNewContext('({ a: new Map() })'))?.reason).toContain('a Map instance');
  });

  it('drops properties that are undefined, as JSON.stringify does', () => {
    expect(findNonJson({ a: undefined, b: 1 })).toBeUndefined();
  });

  class Money {
    constructor(readonly amount: number) {}
  }

  it.each<[string, unknown, string, string]>([
    ['undefined', undefined, '$', 'undefined has no JSON form; use null'],
    ['undefined in an array', { list: [1, undefined] }, '$.list[1]', 'undefined has no JSON form; use null'],
    ['a Date', { order: { due: new Date(0) } }, '$.order.due', 'a Date instance has no JSON form; use date.toISOString()'],
    ['a Map', [new Map()], '$[0]', 'a Map instance has no JSON form; return a plain object'],
    ['a Set', { a: new Set() }, '$.a', 'a Set instance has no JSON form; return a plain object'],
    ['a class instance', { price: new Money(1) }, '$.price', 'a Money instance has no JSON form; return a plain object'],
    ['a function', { a: () => 1 }, '$.a', 'a function has no JSON form'],
    ['a symbol', [Symbol('x')], '$[0]', 'a symbol has no JSON form'],
    ['a BigInt', { items: [{ count: 1n }] }, '$.items[0].count', 'a bigint has no JSON form'],
    ['NaN', { a: NaN }, '$.a', 'the number NaN has no JSON form; use null or a string'],
    ['infinity', [-Infinity], '$[0]', 'the number -Infinity has no JSON form; use null or a string'],
    ['a NUL character', { a: 'x\u0000y' }, '$.a', 'the text holds a NUL character or half a surrogate pair'],
    ['half a surrogate pair', ['\ud83d'], '$[0]', 'the text holds a NUL character or half a surrogate pair'],
    ['a surrogate in the wrong order', ['\udc4d\ud83d'], '$[0]', 'the text holds a NUL character or half a surrogate pair'],
    ['a bad key', { 'a\u0000': 1 }, '$.a\u0000', 'the text holds a NUL character or half a surrogate pair'],
  ])('names the place of %s', (_name, value, path, reason) => {
    expect(findNonJson(value)).toEqual({ path, reason });
  });

  it('stops at a depth, and so at values that refer to themselves', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    expect(findNonJson(circle)?.reason).toBe(`it is nested deeper than ${MAX_JSON_DEPTH} levels, or refers to itself`);
    let deep: unknown = 1;
    for (let level = 0; level < MAX_JSON_DEPTH; level++) deep = [deep];
    expect(findNonJson(deep)).toBeUndefined();
    expect(findNonJson([deep])).toBeDefined();
  });
});
