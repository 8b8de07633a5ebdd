/** Short campaigns, so that no change goes in that the long ones would refuse. Every fault comes at least once. */
import { describeWithRedis } from '../redis/describe-with-redis.js';
import { type CampaignOptions, runCampaign, tidy } from './campaign.js';
import { OF_REDIS } from './faults.js';
import { table } from './report.js';

async function withoutViolations(options: Omit<CampaignOptions, 'log'>): Promise<void> {
  const lines: string[] = [];
  const outcome = await runCampaign({ ...options, log: (line) => lines.push(line) }).catch((error: unknown) => {
    console.info(lines.join('\n'));
    throw error;
  });
  console.info([...lines, '', table(outcome)].join('\n'));
  expect(outcome.violations).toEqual([]);
  tidy(outcome);
}

describe('four workers, a server and a database, under every fault at once', () => {
  it(
    'keep what they have acknowledged',
    () => withoutViolations({ minutes: 0.7, seed: 20, rate: 30 }),
    // Two minutes on two cores; a machine half as fast must not fail for that.
    600_000,
  );
});

describeWithRedis('the same, where hints go by a Redis', () => {
  // Workers die meanwhile: a sweep finds what they had, and the hint that it is there again may be one that is lost.
  it(
    'keep what they have acknowledged while it is killed, frozen and emptied',
    () => withoutViolations({ minutes: 0.25, seed: 21, rate: 30, queue: 'redis', only: ['kill', ...OF_REDIS] }),
    600_000,
  );
});
