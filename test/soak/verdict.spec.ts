/** Each thing that a soak looks at has to be able to fail it. */
import type { Sample, TableSize } from './sample.js';
import { HOT, JUDGED, KEPT, UNTOUCHED } from './tables.js';
import { grown, measure, restless, unjudged } from './verdict.js';

const MB = 1024 * 1024;
const TABLE: TableSize = { live: 1_000, dead: 40, bytes: 10 * MB };
const MINUTE = 60_000;

/** Twelve samples, of which the last three are otherwise. */
const samples = (after: Partial<Sample> & { readonly table?: readonly [string, Partial<TableSize>] }): Sample[] =>
  Array.from({ length: 12 }, (): Sample => {
    const tables = Object.fromEntries(JUDGED.map((name) => [name, TABLE]));
    return { at: 100 * MINUTE, ended: 1_500, emitted: 500, memory: { A: 100 * MB, server: 200 * MB }, tables };
  }).map((sample, index) => {
    if (index < 9) return sample;
    const [name, change] = after.table ?? ['runs', {}];
    return { ...sample, ...after, tables: { ...sample.tables, [name]: { ...TABLE, ...change } } };
  });

describe('the verdict on a soak', () => {
  it('is silent when nothing has grown', () => expect(grown(measure(samples({})))).toEqual([]));

  it.each([
    ['memory', { memory: { A: 121 * MB, server: 200 * MB } }, 'memory of worker A: from 100 to 121 MB'],
    ['a table whose rows go', { table: ['inbox', { bytes: 14.1 * MB }] }, 'inbox, with indexes: from 10 to 14.1 MB'],
    ['dead rows of those', { table: ['inbox', { dead: 3_251 }] }, 'dead rows in inbox: from 40 to 3250 rows'],
    ['what is kept of a run', { table: ['journal', { bytes: 12.1 * MB }] }, 'journal, with indexes: from 6990 to 8460 bytes a run;'],
    ['dead rows of that', { table: ['runs', { dead: 251 }] }, 'dead rows in runs, of each live one: from 0.04 to 0.251 rows'],
    [
      'what clients ask for',
      { table: ['events', { bytes: 12.1 * MB }] },
      'events, with indexes: from 10500 to 12700 bytes a run of the load',
    ],
    ['what emitters leave', { table: ['emissions', { bytes: 12.1 * MB }] }, 'emissions, with indexes: from 21000 to 25400 bytes a record'],
    ['what the clock leaves', { table: ['slots', { bytes: 12.1 * MB }] }, 'slots, with indexes: from 105000 to 127000 bytes a minute'],
    ['what nobody writes', { table: ['users', { bytes: 13 * MB }] }, 'users, which nobody writes: from 10200 to 13300 kB'],
    ['a table that is away', { table: ['tasks', { bytes: NaN }] }, 'tasks, with indexes: from 10500 to NaN bytes a run of the load'],
  ] as const)('names what has grown: %s', (_, after, sentence) =>
    expect(grown(measure(samples(after)))).toEqual([expect.stringContaining(sentence)]),
  );

  it.each([...HOT, ...Object.keys(KEPT), ...UNTOUCHED])('is red when %s has grown', (name) =>
    expect(grown(measure(samples({ table: [name, { bytes: 20 * MB }] })))).toEqual([expect.stringContaining(`${name}, `)]),
  );

  it.each([...HOT, ...Object.keys(KEPT)])('is red when dead rows of %s stay', (name) =>
    expect(grown(measure(samples({ table: [name, { dead: 10_000 }] })))).toEqual([expect.stringMatching(`^dead rows in ${name}\\b`)]),
  );

  it('lets dead rows come and go up to what autovacuum leaves', () =>
    expect(grown(measure(samples({ table: ['events', { dead: 250 }] })))).toEqual([]));

  it('names a table that no list has', () => {
    expect(unjudged(samples({ table: ['lease_log', {}] }))).toEqual([]);
    expect(unjudged(samples({ table: ['newcomers', {}] }))).toEqual([expect.stringContaining('The table newcomers is judged by nothing')]);
  });

  it('names what those who have nothing to do ask too often', () => {
    expect(restless({ calls: { heartbeat: 60, sweep: 40 }, most: 100 })).toEqual([]);
    expect(restless({ calls: { heartbeat: 60, sweep: 41 }, most: 100 })).toEqual([
      '101 statements in an idle minute; at most 100. Most often: 60 heartbeat, 41 sweep.',
    ]);
  });
});
