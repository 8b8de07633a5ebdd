import { Deck } from './deck.js';

const ITEMS = ['kill', 'kill', 'kill', 'failpoint', 'deploy'] as const;
const deal = (seed: number, cards: number, use: (chance: { next(): number }) => unknown = () => undefined) => {
  const deck = new Deck(ITEMS, [200, 1_200], seed);
  return Array.from({ length: cards }, () => {
    const { pauseMs, item, chance } = deck.next();
    const first = chance.next();
    use(chance);
    return { pauseMs, item, first };
  });
};

describe('what a hand deals', () => {
  it('follows from the seed alone: harm, order, pauses and how each turns out, however much of its chance a harm uses', () => {
    const plain = deal(7, 200);
    let draws = 0;
    const wasteful = deal(7, 200, (chance) => {
      for (let times = 0; times < draws % 5; times++) chance.next();
      draws++;
    });
    expect(wasteful).toEqual(plain);
    expect(deal(8, 200)).not.toEqual(plain);
  });

  it('has each once before any comes again, and from then on as often as it is in the deck', () => {
    const items = deal(3, 3 + 5 * 20).map(({ item }) => item);
    expect(new Set(items.slice(0, 3)).size).toBe(3);
    for (let from = 3; from < items.length; from += 5) expect([...items.slice(from, from + 5)].sort()).toEqual([...ITEMS].sort());
  });
});
