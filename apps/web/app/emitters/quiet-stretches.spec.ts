import { stretches } from './quiet-stretches.js';

type Run = Parameters<typeof stretches>[0][number];

const NOTHING = {
  rejected: 0,
  deduplicated: 0,
  queued: 0,
  running: 0,
  waiting: 0,
  paused: 0,
  completed: 0,
  failed: 0,
  canceled: 0,
  balances: true,
};

function run(id: string, read: number, status: Run['run']['status'] = 'completed'): Run {
  return { run: { id, status, createdAt: '', endedAt: null }, ledger: { ...NOTHING, read, completed: read } };
}

const shape = (runs: readonly Run[]) => stretches(runs).map((each) => (each.kind === 'run' ? each.run.run.id : each.count));

describe('the latest runs of an emitter', () => {
  it('gathers those that found nothing, and keeps the others in their place', () => {
    expect(shape([run('a', 0), run('b', 0), run('c', 500), run('d', 0)])).toEqual([2, 'c', 1]);
  });

  it('hides no run that failed or still goes on', () => {
    expect(shape([run('a', 0, 'running'), run('b', 0), run('c', 0, 'failed')])).toEqual(['a', 1, 'c']);
  });

  it('knows the first and the last of a quiet stretch', () => {
    expect(stretches([run('a', 0), run('b', 0), run('c', 0)])).toMatchObject([
      { count: 3, latest: { run: { id: 'a' } }, earliest: { run: { id: 'c' } } },
    ]);
  });
});
