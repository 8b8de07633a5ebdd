/** Real processes, real kills, real records: what the system promises must be readable from the database afterwards. */
import { runCampaign, tidy } from './campaign.js';
import { faultsOf, table } from './report.js';

describe('the strike workflows, and five hundred runs of mixed graphs, under kill -9', () => {
  it(
    'lose nothing and do nothing twice in 30 kills of workers, and of everything with the database',
    async () => {
      const lines: string[] = [];
      const outcome = await runCampaign({ kills: 30, seed: 42, log: (line) => lines.push(line) });
      const faults = faultsOf(outcome, { kills: 30, steps: 10, transactions: 1, batches: 1 });
      console.info([...lines, '', table(outcome)].join('\n'));
      expect(faults).toEqual([]);
      tidy(outcome);
    },
    // Three minutes on two cores; a machine half as fast must not fail for that.
    600_000,
  );
});
