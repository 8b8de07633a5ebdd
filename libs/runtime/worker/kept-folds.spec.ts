import { type ClaimedRun, fold, type Fact, type JournalStore } from '@stepwell/engine';
import { KeptFolds } from './kept-folds.js';
import { readRuns } from './read-runs.js';

const facts = (count: number): Fact[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ seq: index + 1, version: 1, path: '', iteration: '', attempt: 0, at: 0 },
    ...(index === 0 ? { type: 'run.started', payload: { input: null } } : { type: 'message.ignored', payload: null }),
  }));
const run = (id: string, length: number, version = 1) => ({ id, version, last_seq: length }) as ClaimedRun;

describe('the fold of a run that waits', () => {
  it('is handed over to whoever goes on with the run, once', () => {
    const kept = new KeptFolds(3);
    const state = fold(facts(3));
    kept.keep(run('a', 3), state);
    expect(kept.take(run('a', 3))).toBe(state);
    expect(kept.take(run('a', 3))).toBeUndefined();
  });

  it.each([
    ['the run has gone on elsewhere', run('a', 4)],
    ['the run is of another version now', run('a', 3, 2)],
  ])('is dropped when %s', (_what, claimed) => {
    const kept = new KeptFolds(3);
    kept.keep(run('a', 3), fold(facts(3)));
    expect([kept.take(claimed), kept.take(run('a', 3))]).toEqual([undefined, undefined]);
  });

  it('is not kept of a short run, and of the long ones of those that came last', () => {
    const kept = new KeptFolds(3);
    kept.keep(run('short', 2), fold(facts(2)));
    for (let count = 0; count < 9; count++) kept.keep(run(`run-${count}`, 3), fold(facts(3)));
    expect(['short', 'run-0', 'run-1', 'run-8'].map((id) => kept.take(run(id, 3)) !== undefined)).toEqual([false, false, true, true]);
  });

  it('spares the reading of the journal, not of the inbox', async () => {
    const asked: string[] = [];
    const store = {
      readThatFit: async (runs: readonly ClaimedRun[]) => {
        asked.push(...runs.map(({ id }) => `journal of ${id}`));
        return { journals: new Map(runs.map(({ id }) => [id, facts(3)])), count: 1 };
      },
      inboxes: async (runs: readonly ClaimedRun[]) => new Map(runs.map(({ id }) => [id, [{ id: `to ${id}`, kind: 'k', payload: null }]])),
    } as unknown as JournalStore;
    const kept = new KeptFolds(3);
    kept.keep(run('known', 3), fold(facts(3)));
    const read = [];
    for await (const portion of readRuns(store, [run('new', 3), run('known', 3), run('other', 3)], kept)) read.push(...portion);
    expect(asked).toEqual(['journal of new', 'journal of other', 'journal of other']);
    expect(
      read.map(({ run: { id }, facts: behind, messages, fold: known }) => [id, behind.length, messages[0]?.id, known?.lastSeq]),
    ).toEqual([
      ['known', 0, 'to known', 3],
      ['new', 3, 'to new', undefined],
      ['other', 3, 'to other', undefined],
    ]);
  });
});
