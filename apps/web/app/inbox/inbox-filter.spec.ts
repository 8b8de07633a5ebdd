import { isFiltered, readInboxFilter, toTaskFilter } from './inbox-filter.js';

describe('the filter of the inbox in the address', () => {
  it('survives the way into the address and back', () => {
    const filter = { show: 'mine', workflow: 'strike-review' } as const;
    expect(readInboxFilter(Object.fromEntries(new URLSearchParams(filter)))).toEqual(filter);
    expect(toTaskFilter(filter)).toEqual({ mine: true, workflow: 'strike-review' });
  });

  it('shows what waits when the address says nothing, or nonsense', () => {
    expect(readInboxFilter({ show: 'everything', workflow: '' })).toEqual({});
    expect(toTaskFilter({})).toEqual({});
    expect(isFiltered({})).toBe(false);
  });

  it('shows every kind of ended task under "decided"', () => {
    expect(toTaskFilter({ show: 'decided' }).status).toEqual(['completed', 'canceled', 'expired']);
  });
});
