import { stepWords } from './step-words.js';

describe('a step of a run', () => {
  it.each([
    ['charge-card', '', 'Charge card'],
    ['each/charge', '2', 'Charge (each/charge [2])'],
    ['both/left/charge', '', 'Charge (both/left/charge)'],
  ])('%s [%s] is called %s', (path, iteration, words) => {
    expect(stepWords({ path, iteration })).toBe(words);
  });
});
