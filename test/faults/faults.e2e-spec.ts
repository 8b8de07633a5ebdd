/** A short campaign, so that no change goes in that the long ones would refuse. Every fault comes at least once. */
import { runCampaign, tidy } from './campaign.js';
import { table } from './report.js';

describe('four workers, a server and a database, under every fault at once', () => {
  it(
    'keep what they have acknowledged',
    async () => {
      const lines: string[] = [];
      const outcome = await runCampaign({ minutes: 0.7, seed: 20, rate: 30, log: (line) => lines.push(line) }).catch((error: unknown) => {
        console.info(lines.join('\n'));
        throw error;
      });
      console.info([...lines, '', table(outcome)].join('\n'));
      expect(outcome.violations).toEqual([]);
      tidy(outcome);
    },
    // Two minutes on two cores; a machine half as fast must not fail for that.
    600_000,
  );
});
