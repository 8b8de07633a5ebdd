import { answeredWords, answersWords, nextWords, settlerWords, toAnswerWords } from './review-words.js';

const reviews = (given: number, more: object = {}) => ({
  ...{ required: 2, isBlind: true, isDisputed: false, settledBy: [] as string[], shown: [], differing: [], given },
  ...more,
});

describe('the words of a task that several people answer', () => {
  it('say how far it has come', () => {
    expect([0, 1, 2].map((given) => answersWords(reviews(given)))).toEqual([
      '0 of 2 answers',
      '1 of 2 answers',
      '2 answers, not 2 of them equal',
    ]);
    expect([0, 1, 2, 10].map((given) => nextWords(reviews(given)))).toEqual(['1st review', '2nd review', '3rd review', '11th review']);
    expect(nextWords(reviews(3, { isDisputed: true }))).toBe('in dispute');
  });

  it('say what is seen, before one answers and after', () => {
    expect(toAnswerWords(reviews(1))).toBe('1 of 2 answers given. You will not see the others until it is decided.');
    expect(toAnswerWords(reviews(1, { isBlind: false }))).toBe('1 of 2 answers given.');
    expect(toAnswerWords(reviews(3, { isDisputed: true }))).toContain('Yours decides.');
    expect(answeredWords(reviews(1))).toBe('Your answer is kept; one more is needed. You will see the others when it is decided.');
    expect(answeredWords(reviews(2))).toContain('for they are not equal yet');
    expect(answeredWords(reviews(3, { isDisputed: true }))).toBe('The answers differ. Somebody else settles it.');
    expect(answeredWords(reviews(3, { isDisputed: true }), true)).not.toContain('omebody');
    expect(settlerWords(reviews(3))).toBe('to be settled by somebody who has not answered it');
    expect(settlerWords(reviews(3, { settledBy: ['seniors'] }))).toBe('to be settled by the group seniors');
  });
});
