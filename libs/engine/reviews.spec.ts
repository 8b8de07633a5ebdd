import type { Json } from '@stepwell/contracts';
import { afterReview, differingFields } from './reviews.js';

const policy = (required: number, of: number, compare: readonly string[] | null = null) => ({
  ...{ required, of, compare },
  ...{ isBlind: true, settledBy: null },
});

/** What each answer made of the task, in turn. */
function course(one: ReturnType<typeof policy>, ...answers: readonly Json[]): readonly string[] {
  return answers.map((answer, index) => afterReview(one, answers.slice(0, index), answer));
}

describe('several answers to one task', () => {
  it('decide it when enough are equal, whoever gave them', () => {
    expect(course(policy(2, 2), 'yes', 'yes')).toEqual(['open', 'decided']);
    expect(course(policy(2, 3), 'yes', 'no', 'yes')).toEqual(['open', 'open', 'decided']);
    expect(course(policy(3, 5), 'a', 'b', 'a', 'b', 'b')).toEqual(['open', 'open', 'open', 'open', 'decided']);
  });

  it('are in dispute as soon as enough equal ones cannot come any more', () => {
    expect(course(policy(2, 2), 'yes', 'no')).toEqual(['open', 'disputed']);
    expect(course(policy(2, 3), 'a', 'b', 'c')).toEqual(['open', 'open', 'disputed']);
    expect(course(policy(3, 4), 'a', 'b', 'c')).toEqual(['open', 'open', 'disputed']);
  });

  it('are equal when their fields are: in any order, and null is no value', () => {
    expect(course(policy(2, 2), { ok: true, note: null, at: [{ x: 1, y: null }] }, { at: [{ x: 1 }], ok: true })).toEqual([
      'open',
      'decided',
    ]);
    expect(course(policy(2, 2), { parts: [1, 2] }, { parts: [2, 1] })).toEqual(['open', 'disputed']);
  });

  it('are compared in the fields that the author names', () => {
    const byVerdict = policy(2, 2, ['verdict']);
    const [first, second] = [{ verdict: 'pay', note: 'fine' }, { verdict: 'pay', note: 'looked twice' }]; // prettier-ignore
    expect(course(byVerdict, first, second)).toEqual(['open', 'decided']);
    expect(course(policy(2, 2), first, second)).toEqual(['open', 'disputed']);
    expect(differingFields(byVerdict, [first, { verdict: 'stop', note: 'fine' }])).toEqual(['verdict']);
    expect(differingFields(policy(2, 2), [first, second])).toEqual(['note']);
    expect(differingFields(policy(2, 2), [first, { verdict: 'pay', total: 3 }])).toEqual(['note', 'total']);
    expect(differingFields(policy(2, 2), ['a', 'b'])).toEqual(['']);
  });
});
