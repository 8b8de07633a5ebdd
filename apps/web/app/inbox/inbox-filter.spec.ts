import { isFiltered, readInboxFilter, showsWhereNextIs, toListing, toNextListing, type InboxFilter } from './inbox-filter.js';

describe('the filter of the inbox in the address', () => {
  it('survives the way into the address and back, and asks the server for all of it', () => {
    const filter: InboxFilter = {
      ...{
        show: 'mine',
        workflow: 'strike-review',
        assignee: 'user:bob',
        group: 'leads',
        due: 'today',
        followUp: '2026-03-01..2026-03-07',
      },
      ...{ priority: '1..', columns: { Airport: 'JFK' }, order: 'due' },
    };
    expect(readInboxFilter({ ...filter })).toEqual(filter);
    expect(toListing(filter)).toEqual({
      filter: {
        ...{ mine: true, workflow: 'strike-review', assignee: { name: 'bob' }, group: 'leads', due: { is: 'today' } },
        followUp: { from: new Date(2026, 2, 1).toISOString(), until: new Date(2026, 2, 8).toISOString() },
        ...{ priority: { min: 1, max: null }, columns: [{ name: 'Airport', value: 'JFK' }] },
      },
      order: 'due',
      timeZone: expect.any(String),
    });
  });

  it('shows what waits when the address says nothing', () => {
    expect(toListing(readInboxFilter({}))).toEqual({ filter: {} });
    expect([isFiltered({}), isFiltered({ order: 'due' }), isFiltered({ due: 'today' })]).toEqual([false, false, true]);
  });

  it('shows nothing, and says why, when the address says what it does not understand', () => {
    const wrong = [
      ...[{ show: 'everything' }, { worklfow: 'x' }, { workflow: '' }, { assignee: 'bob' }, { due: 'someday' }, { due: '..' }],
      ...[{ priority: 'high' }, { columns: {} }, { columns: 'x' }, { order: 'random' }, { view: 'x' }],
    ];
    for (const search of wrong) {
      const filter = readInboxFilter({ group: 'leads', ...search });
      expect([search, filter.problem]).toEqual([search, Object.keys(search)[0]]);
      expect(toListing(filter)).toEqual({ filter: { status: [] } });
      // Also when the browser has it without the value.
      expect(readInboxFilter({ ...filter }).problem).toBe(filter.problem);
    }
  });

  it('is a saved view, and then nothing else', () => {
    expect(toListing(readInboxFilter({ view: 'v1' }))).toEqual({ view: 'v1', timeZone: expect.any(String) });
    expect(toNextListing({ view: 'v1' }).view).toBe('v1');
  });

  it('shows every kind of ended task under "decided", and the next task is one that waits', () => {
    expect(toListing({ show: 'decided' }).filter?.status).toEqual(['completed', 'canceled', 'expired']);
    expect(toNextListing({ show: 'decided', workflow: 'orders' })).toEqual({ filter: { workflow: 'orders' } });
    expect(toNextListing({ show: 'groups', order: 'due' })).toEqual({ filter: { myGroups: true }, order: 'due' });
  });

  it.each<InboxFilter>([
    {},
    { show: 'groups' },
    { show: 'mine' },
    { show: 'decided' },
    { show: 'mine', workflow: 'orders' },
    { view: 'v1' },
  ])('with %j the list is what the next task is looked for in, or is said not to be', (filter) => {
    const isSame = JSON.stringify(toNextListing(filter)) === JSON.stringify(toListing(filter));
    expect(showsWhereNextIs(filter)).toBe(isSame);
  });
});
