import { isFiltered, readEventFilter, toEventFilter } from './event-filter.js';

describe('the filter of the events', () => {
  it('keeps what is a filter, trimmed, and drops the rest', () => {
    expect(readEventFilter({ name: ' strike.reviewed ', key: 17, run: '', other: 'x' })).toEqual({ name: 'strike.reviewed', key: '17' });
    expect(isFiltered(readEventFilter({ name: [], run: ' ' }))).toBe(false);
  });

  it('asks for what the address says', () => {
    expect(toEventFilter({ name: 'n', key: 'k', run: 'r' })).toEqual({ name: 'n', idempotencyKey: 'k', runId: 'r' });
    expect(toEventFilter({})).toEqual({});
  });
});
