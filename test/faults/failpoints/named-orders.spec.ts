import { namedOrders } from './named-orders.js';

describe('STEPWELL_FAILPOINT', () => {
  it('is read with the first time and once by default', () =>
    expect(namedOrders('flush:after:kill,commit:before:40001:3:8')).toEqual([
      { statement: 'flush', place: 'after', action: 'kill', nth: 1, times: 1 },
      { statement: 'commit', place: 'before', action: '40001', nth: 3, times: 8 },
    ]));

  it.each([
    '',
    'flush',
    ':after:kill',
    'flush:afterwards:kill',
    'flush:after:die',
    'flush:after:kill:0',
    'flush:after:kill:x',
    'flush:after:40001:1:1.5',
  ])('is refused when it is none, in words: %j', (text) =>
    expect(() => namedOrders(`heartbeat:before:stop,${text}`)).toThrow(`STEPWELL_FAILPOINT: "${text}" is no order; one reads as`),
  );
});
