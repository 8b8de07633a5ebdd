import { fewApart } from './few-apart.js';

const of = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).flatMap(([owner, count]) => Array.from({ length: count }, () => owner));
const apart = (counts: Readonly<Record<string, number>>) => fewApart(of(counts), (owner) => owner);

describe('the few of a large batch', () => {
  it('are those who have at most a tenth of what another one has', () => {
    expect(apart({ quiet: 10, noisy: 100, calm: 11 })).toEqual({ few: of({ quiet: 10 }), rest: of({ noisy: 100, calm: 11 }) });
  });

  it.each([{ quiet: 1, noisy: 98 }, { noisy: 200 }, Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`tenant-${index}`, 1]))])(
    'are not there in a small batch, nor where nobody has much more than others',
    (counts) => {
      expect(apart(counts)).toEqual({ few: [], rest: of(counts) });
    },
  );
});
