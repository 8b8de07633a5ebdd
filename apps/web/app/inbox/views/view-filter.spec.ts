import fc from 'fast-check';
import { readInboxFilter, TASK_ORDERS, TIME_WINDOWS, toListing, type InboxFilter } from '../inbox-filter.js';
import { toInboxFilter } from './view-filter.js';

const text = fc.string({ minLength: 1 });
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const ends = (end: fc.Arbitrary<string>) =>
  fc.tuple(fc.option(end, { nil: '' }), fc.option(end, { nil: '' })).filter(([from, until]) => from + until !== '');
const range = (end: fc.Arbitrary<string>) => ends(end).map(([from, until]) => `${from}..${until}`);
const times = fc.oneof(fc.constantFrom(...TIME_WINDOWS), range(day));

const filters = fc.record(
  {
    show: fc.constantFrom('mine' as const, 'groups' as const, 'decided' as const),
    workflow: text,
    assignee: fc.oneof(
      fc.constantFrom('me', 'nobody'),
      text.map((name) => `user:${name}`),
    ),
    group: text,
    due: times,
    followUp: times,
    priority: range(fc.integer({ min: -999_999_999, max: 999_999_999 }).map(String)),
    columns: fc.dictionary(text, fc.string(), { minKeys: 1, noNullPrototype: true }),
    order: fc.constantFrom(...TASK_ORDERS),
  },
  { requiredKeys: [] },
);

/** Saved and read again: a database keeps no order of keys, and a server may write down what is absent. */
function kept(filter: InboxFilter) {
  const { filter: said, order } = toListing(filter);
  const backwards = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(said)) as object).reverse());
  return { filter: { ...(said?.group ? {} : { group: null }), ...backwards }, order: order ?? null };
}

describe('the conditions of a saved view', () => {
  it('are those that it was saved with, in the controls and in the address', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const found = toInboxFilter(kept(filter));
        expect(found).toEqual(filter);
        expect(readInboxFilter({ ...found })).toEqual(filter);
      }),
    );
  });

  it('are none when the page has no words for one of them', () => {
    const strange = [
      ...[{ status: ['open'] }, { mine: true, myGroups: true }, { due: { from: '2026-03-01T12:34:56.000Z' } }, { due: {} }, { later: 1 }],
      ...[
        { assignee: { me: true, name: 'bob' } },
        { columns: [{ name: 'Shop', value: 'Bern' }].flatMap((one) => [one, { ...one, value: 'x' }]) },
      ],
    ];
    for (const filter of strange) expect([filter, toInboxFilter({ filter, order: null })]).toEqual([filter, undefined]);
  });
});
