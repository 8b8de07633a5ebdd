import { ledgerSum } from './ledger-terms.js';

const balanced = {
  read: 10,
  rejected: 1,
  deduplicated: 2,
  queued: 1,
  running: 1,
  waiting: 1,
  paused: 0,
  completed: 3,
  failed: 1,
  canceled: 0,
  balances: true,
};

describe('ledgerSum', () => {
  it('sums exactly the terms that are shown', () => {
    const { terms, sum, balances } = ledgerSum(balanced);
    expect(sum).toBe(10);
    expect(balances).toBe(true);
    expect(terms.map(({ name }) => name)).toEqual([
      'rejected',
      'deduplicated',
      'queued',
      'running',
      'waiting',
      'paused',
      'completed',
      'failed',
      'canceled',
    ]);
  });

  it('does not believe a server that says it balances when the numbers say otherwise', () => {
    expect(ledgerSum({ ...balanced, completed: 2 }).balances).toBe(false);
  });

  it('does not balance against the word of the server', () => {
    expect(ledgerSum({ ...balanced, balances: false }).balances).toBe(false);
  });
});
