import { type ClaimedRun, fold, type Fact, type JournalStore } from '@stepwell/engine';
import { KeptFolds } from './kept-folds.js';
import { type Claimed, readRuns } from './read-runs.js';

const facts = (count: number): Fact[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ seq: index + 1, version: 1, path: '', iteration: '', attempt: 0, at: 0 },
    ...(index === 0 ? { type: 'run.started', payload: { input: null } } : { type: 'message.ignored', payload: null }),
  }));
const run = (id: string, length: number, { version = 1, attention = 0 } = {}) =>
  ({ id, version, last_seq: length, attention }) as ClaimedRun;
const given = (length: number, attention: number | null = 0) => ({ state: fold(facts(length)), attention });

describe('the fold of a run that waits', () => {
  it('is handed over to whoever goes on with the run, once', () => {
    const kept = new KeptFolds(3, 0);
    const one = given(3);
    kept.keep(run('a', 3), one);
    expect(kept.take(run('a', 3))).toMatchObject(one);
    expect(kept.take(run('a', 3))).toBeUndefined();
  });

  it.each([
    ['the run has gone on elsewhere', run('a', 4)],
    ['the run is of another version now', run('a', 3, { version: 2 })],
  ])('is dropped when %s', (_what, claimed) => {
    const kept = new KeptFolds(3, 0);
    kept.keep(run('a', 3), given(3));
    expect([kept.take(claimed), kept.take(run('a', 3))]).toEqual([undefined, undefined]);
  });

  it('is kept of the last few long runs, and of so many of the others that weigh little', () => {
    const kept = new KeptFolds(3, 2);
    const isKept = (...ids: string[]) => ids.filter((id) => [...kept].some(([known]) => known === id));
    for (let count = 0; count < 9; count++) kept.keep(run(`run-${count}`, 3), given(3));
    expect(isKept('run-0', 'run-1', 'run-8')).toEqual(['run-1', 'run-8']);
    for (const id of ['a', 'b', 'c']) kept.keep(run(id, 2), given(2));
    const heavy = given(2);
    heavy.state.input = 'x'.repeat(100_000);
    kept.keep(run('heavy', 2), heavy);
    expect(isKept('a', 'b', 'c', 'heavy')).toEqual(['b', 'c']);
    expect(isKept('run-1', 'run-8')).toEqual(['run-1', 'run-8']);
  });
});

describe('what is read of claimed runs', () => {
  const MESSAGE = { id: 'brought', kind: 'k', payload: null };
  const asked: string[] = [];
  const store = {
    readThatFit: async (runs: readonly ClaimedRun[]) => {
      asked.push(...runs.map(({ id }) => `journal of ${id}`));
      return { journals: new Map(runs.map(({ id }) => [id, facts(3)])), count: 1 };
    },
    inboxes: async (runs: readonly ClaimedRun[]) => {
      asked.push(...runs.map(({ id }) => `inbox of ${id}`));
      return new Map(runs.map(({ id }) => [id, [{ id: `to ${id}`, kind: 'k', payload: null }]]));
    },
  } as unknown as JournalStore;
  const read = async (kept: KeptFolds, ...claimed: Claimed[]) => {
    asked.length = 0;
    const all = [];
    for await (const portion of readRuns(store, claimed, kept)) all.push(...portion);
    return all.map(({ run: { id }, facts: behind, messages, fold: known }) => [id, behind.length, messages[0]?.id, known?.lastSeq]);
  };

  it('is of one whose fold is here the inbox, when something has come', async () => {
    const kept = new KeptFolds(3, 0);
    kept.keep(run('known', 3), given(3));
    const claimed = [run('new', 3, { attention: 1 }), run('known', 3, { attention: 1 }), run('other', 3)].map((one) => ({ run: one }));
    expect(await read(kept, ...claimed)).toEqual([
      ['known', 0, 'to known', 3],
      ['new', 3, 'to new', undefined],
      ['other', 3, undefined, undefined],
    ]);
    // To the last one nobody has ever said anything.
    expect(asked).toEqual(['journal of new', 'journal of other', 'inbox of new', 'inbox of known', 'journal of other']);
  });

  it('is the journal of one that nobody has told anything but what it was claimed with', async () => {
    const claimed = { run: run('a', 3, { attention: 1 }), message: MESSAGE };
    expect(await read(new KeptFolds(3, 0), claimed)).toEqual([['a', 3, 'brought', undefined]]);
    expect(asked).toEqual(['journal of a']);
  });

  it('is nothing of one whose fold is here when nothing has come, or no more than it was claimed with', async () => {
    const kept = new KeptFolds(3, 0);
    for (const id of ['quiet', 'told']) kept.keep(run(id, 3), given(3, 4));
    const claimed = [{ run: run('quiet', 3, { attention: 4 }) }, { run: run('told', 3, { attention: 5 }), message: MESSAGE }];
    expect(await read(kept, ...claimed)).toEqual([
      ['quiet', 0, undefined, 3],
      ['told', 0, 'brought', 3],
    ]);
    expect(asked).toEqual([]);
  });

  it.each([
    ['something else has come beside what it was claimed with', given(3, 3), { run: run('a', 3, { attention: 5 }), message: MESSAGE }],
    ['something was left in its inbox', given(3, null), { run: run('a', 3, { attention: 5 }) }],
  ])('is the inbox when %s', async (_what, before, claimed) => {
    const kept = new KeptFolds(3, 0);
    kept.keep(run('a', 3), before);
    expect(await read(kept, claimed)).toEqual([['a', 0, 'to a', 3]]);
    expect(asked).toEqual(['inbox of a']);
  });
});
