/** Each thing that a soak looks at has to be able to fail it. */
import type { Sample, TableSize } from './sample.js';
import { grown, HOT, measure, restless } from './verdict.js';

const MB = 1024 * 1024;
const KEPT = ['runs', 'journal', 'events', 'event_deliveries', 'tasks', 'task_history', 'run_keys'];
const TABLE: TableSize = { live: 1_000, dead: 40, bytes: 10 * MB };

/** Twelve samples, of which the last three are otherwise. */
const samples = (after: Partial<Sample> & { readonly table?: readonly [string, Partial<TableSize>] }): Sample[] =>
  Array.from({ length: 12 }, (_, at): Sample => {
    const tables = Object.fromEntries([...HOT, ...KEPT].map((name) => [name, TABLE]));
    const sample: Sample = { at, ended: 1_000, memory: { A: 100 * MB, server: 200 * MB }, tables };
    if (at < 9) return sample;
    const [name, change] = after.table ?? ['runs', {}];
    return { ...sample, ...after, tables: { ...tables, [name]: { ...TABLE, ...change } } };
  });

describe('the verdict on a soak', () => {
  it('is silent when nothing has grown', () => expect(grown(measure(samples({})))).toEqual([]));

  it.each([
    ['memory', { memory: { A: 121 * MB, server: 200 * MB } }, 'memory of worker A: from 100 to 121 MB'],
    ['a table whose rows go', { table: ['inbox', { bytes: 14.1 * MB }] }, 'inbox, with indexes: from 10 to 14.1 MB'],
    ['dead rows', { table: ['runs', { dead: 201 }] }, 'dead rows in runs, of each live one: from 0.04 to 0.201 rows'],
    ['what is kept of a run', { table: ['journal', { bytes: 12.1 * MB }] }, 'journal, with indexes: from 10500 to 12700 bytes a run'],
  ] as const)('names what has grown: %s', (_, after, sentence) =>
    expect(grown(measure(samples(after)))).toEqual([expect.stringContaining(sentence)]),
  );

  it('lets dead rows come and go up to what autovacuum leaves', () =>
    expect(grown(measure(samples({ table: ['events', { dead: 200 }] })))).toEqual([]));

  it('names what those who have nothing to do ask too often', () => {
    expect(restless({ calls: { heartbeat: 60, sweep: 40 }, most: 100 })).toEqual([]);
    expect(restless({ calls: { heartbeat: 60, sweep: 41 }, most: 100 })).toEqual([
      '101 statements in an idle minute; at most 100. Most often: 60 heartbeat, 41 sweep.',
    ]);
  });
});
