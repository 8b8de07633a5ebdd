import type { Json } from '@stepwell/contracts';
import { fieldChanges, MOST_CHANGES } from './field-changes.js';

const told = (before: Json, after: Json): string[] =>
  fieldChanges(before, after).map((change) =>
    [change.kind, change.path, JSON.stringify(change.before), JSON.stringify(change.after)].join(' '),
  );

describe('the changes between two values', () => {
  it('are none between the same, whatever the order of fields', () => {
    expect(told({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 })).toEqual([]);
    expect(told(null, null)).toEqual([]);
  });

  it('name each field by its path, in groups and in lists', () => {
    const before = { verdict: 'yes', parts: [{ amount: 1 }, { amount: 2 }], 'odd key': 1, gone: true };
    const after = { verdict: 'no', parts: [{ amount: 1 }, { amount: 3 }], 'odd key': 2, note: 'x' };
    expect(told(before, after)).toEqual([
      'changed verdict "yes" "no"',
      'changed parts[1].amount 2 3',
      'changed ["odd key"] 1 2',
      'removed gone true null',
      'added note null "x"',
    ]);
  });

  it('tell of an item that is put in or taken out, and not of those behind it', () => {
    expect(told(['a', 'b', 'c'], ['a', 'x', 'b', 'c'])).toEqual(['added [1] null "x"']);
    expect(told({ tags: ['a', 'b', 'c'] }, { tags: ['b', 'c'] })).toEqual(['removed tags[0] "a" null']);
    expect(told(['a', 'b'], ['c', 'b', 'd'])).toEqual(['changed [0] "a" "c"', 'added [2] null "d"']);
  });

  it('tell each field of a form that was empty, and one change where the kind is another', () => {
    expect(told(null, { verdict: 'yes', note: null })).toEqual(['added verdict null "yes"']);
    expect(told({ a: [1] }, { a: 'one' })).toEqual(['changed a [1] "one"']);
    expect(told(1, [])).toEqual(['changed  1 []']);
  });

  it('are no fields of an object’s own kind, and no more than anybody reads', () => {
    expect(told({}, JSON.parse('{"__proto__": 1, "constructor": 2}') as Json)).toEqual([
      'added __proto__ null 1',
      'added constructor null 2',
    ]);
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, index]));
    expect(fieldChanges({}, many)).toHaveLength(MOST_CHANGES);
  });
});
