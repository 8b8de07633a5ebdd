import type { RunStep } from '../run.query.js';
import { stepTree } from './step-tree.js';

const told = (...keys: readonly string[]) =>
  stepTree(
    keys.map((key) => {
      const [path = '', iteration = ''] = key.split('#');
      return { key, path, iteration } as RunStep;
    }),
  ).map(({ step, depth }) => `${' '.repeat(depth)}${step.key}`);

describe('the steps of a run', () => {
  it('lie below the node around them, not below one whose name merely begins alike', () => {
    expect(told('review', 'review-again', 'review/then/file')).toEqual(['review', ' review/then/file', 'review-again']);
  });

  it('of branches that go on side by side stay with their branch', () => {
    expect(told('both', 'both/a/try', 'both/b/race', 'both/a/try/try/x', 'both/b/race/1/y', 'end')).toEqual([
      'both',
      ' both/a/try',
      '  both/a/try/try/x',
      ' both/b/race',
      '  both/b/race/1/y',
      'end',
    ]);
  });

  it('of an item stand together, below its own turn of each node, however many there are', () => {
    expect(told('each', 'each/e/a#0', 'each/e/a#1', 'each/e/when#0', 'each/e/when#1', 'each/e/when/0/b#1', 'each/e/when/0/b#0')).toEqual([
      'each',
      ' each/e/a#0',
      ' each/e/when#0',
      '  each/e/when/0/b#0',
      ' each/e/a#1',
      ' each/e/when#1',
      '  each/e/when/0/b#1',
    ]);
  });
});
