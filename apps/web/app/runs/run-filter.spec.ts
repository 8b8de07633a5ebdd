import { readRunFilter, toRunFilter, writeStatuses } from './run-filter.js';

describe('the filter of the runs in the address', () => {
  it('survives the way into the address and back', () => {
    const filter = { status: writeStatuses(['waiting', 'failed']), workflow: 'strike-review' };
    const address = new URLSearchParams(filter);
    const back = readRunFilter(Object.fromEntries(address));
    expect(back).toEqual(filter);
    expect(toRunFilter(back)).toEqual({ status: ['waiting', 'failed'], workflow: 'strike-review' });
  });

  it('drops what is no status instead of asking the server for it', () => {
    expect(readRunFilter({ status: 'waiting,gone,,', workflow: 7 })).toEqual({ status: 'waiting' });
  });

  it('asks for everything when nothing is chosen', () => {
    expect(toRunFilter(readRunFilter({ status: '' }))).toEqual({});
  });
});
