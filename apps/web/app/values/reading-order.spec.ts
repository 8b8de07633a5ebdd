import { readingOrder } from './reading-order.js';

const keysOf = (record: Parameters<typeof readingOrder>[0]) => readingOrder(record).map(([key]) => key);

describe('readingOrder', () => {
  it('keeps the order that an author chose', () => {
    const keys = ['severity', 'id', 'reasons', 'isDoubtful'];
    expect(keysOf(Object.fromEntries(keys.map((key) => [key, 'x'])))).toEqual(keys);
  });

  it('gathers what belongs together where the database has sorted the keys', () => {
    const sorted = {
      id: 'e832bafd27f49e52cd205bc4875c4e46-1',
      phase: 'Approach',
      airport: 'LAGUARDIA NY',
      reasons: ['a', 'b'],
      costOther: 0,
      costTotal: 4175,
      timeOfDay: 'Day',
      costRepair: 4175,
    };
    expect(keysOf(sorted)).toEqual(['phase', 'airport', 'costOther', 'costTotal', 'costRepair', 'timeOfDay', 'reasons', 'id']);
  });

  it('makes nothing of a handful of keys', () => {
    expect(keysOf({ id: 'x', note: 'y', reason: 'z' })).toEqual(['id', 'note', 'reason']);
  });
});
