import { parseInput, printInput } from './json-input.js';
import { SubmissionKey } from './submission-key.js';

describe('the key of a submission', () => {
  it('is the same for the same input, and another one for another', () => {
    const keys = new SubmissionKey();
    const first = keys.of({ id: 'A', lines: [1] });
    expect(keys.of({ lines: [1], id: 'A' })).toBe(first);
    const second = keys.of({ id: 'B', lines: [1] });
    expect(second).not.toBe(first);
    expect(new SubmissionKey().of({ id: 'B', lines: [1] })).not.toBe(second);
  });
});

describe('an input as text', () => {
  it('is read and printed', () => {
    for (const value of [null, 0, 'a', { a: [1, null] }]) expect(parseInput(printInput(value))).toEqual({ value });
    expect(parseInput(' \n')).toEqual({ value: null });
  });

  it('that is not JSON is said to be none', () =>
    expect(parseInput('{ a: 1 }')).toEqual({ problem: expect.stringMatching(/^This is not JSON: /) }));
});
