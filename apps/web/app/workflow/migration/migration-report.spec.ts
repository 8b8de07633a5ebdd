import type { MigratedRun } from './migration.mutations.js';
import { reportOf } from './migration-report.js';

const run = (outcome: MigratedRun['outcome'], more: Partial<MigratedRun> = {}): MigratedRun => ({
  ...{ runId: 'r', outcome, waits: [], stands: [], lost: [], closes: 0, problems: [], ...more },
});

describe('the report of a migration', () => {
  it('counts the runs of each outcome, and of each problem and loss, the most frequent first', () => {
    const report = reportOf([
      run('possible', { lost: ['check #0', 'check #1'], closes: 1 }),
      run('possible', { lost: ['check'] }),
      run('refused', { problems: ['a worker has it'], lost: ['never'] }),
      run('refused', { problems: ['it has no place', 'a worker has it'] }),
    ]);
    expect(report.counts).toEqual([
      { outcome: 'possible', runs: 2 },
      { outcome: 'refused', runs: 2 },
    ]);
    expect(report.problems).toEqual([
      { text: 'a worker has it', runs: 2 },
      { text: 'it has no place', runs: 1 },
    ]);
    expect(report.losses).toEqual([
      { text: 'the output of check', runs: 2 },
      { text: '1 open task or wait', runs: 1 },
    ]);
  });
});
