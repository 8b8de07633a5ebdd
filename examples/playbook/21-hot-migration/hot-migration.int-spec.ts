import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { Collector } from '../services/collector.js';
import { Bank } from './bank.js';
import { HotMigrationModule } from './hot-migration.module.js';
import { claimV2 } from './hot-migration.workflow.js';
import { ReviewClaim } from './screens/review-claim.screen.js';

const KINDS = ['assessments', 'checks', 'payments'] as const;
/** By the canary's lot, the one begins on version 1, the other on version 2. */
const [OLD, NEW] = ['customer-1', 'customer-5'];

describe('a workflow that changes while its runs wait', () => {
  const bank = new Collector();
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    options = { workflows: [HotMigrationModule], providers: [{ provide: Bank, useValue: new Bank(await bank.listen()) }] };
  });
  beforeEach(() => bank.clear());
  afterAll(() => bank.close());

  const told = () => KINDS.map((kind) => bank.of(kind).length);
  const review = async (kit: TestKit, customer: string) => {
    bank.clear();
    const run = await kit.start(claimV2, { customer, cents: 5_000 });
    await kit.answer(ReviewClaim, { verdict: 'pay' });
    expect(await run.status()).toBe('completed');
  };

  it('lets each run go on in the version that it began in, whatever crashes', async () => {
    await crashAtEveryCommit(options, async (kit) => {
      await review(kit, OLD);
      expect(told()).toEqual([1, 0, 1]);
      await review(kit, NEW);
      expect(told()).toEqual([1, 1, 1]);
    });
  });

  it('takes a run that waits to the new version, after a dry run, and does nothing again that was done', async () => {
    t = await testKit({ ...options, store: 'postgres' });
    const run = await t.start(claimV2, { customer: OLD, cents: 5_000 });
    expect(await t.migrate(run, { from: 1, to: 2, dryRun: true })).toMatchObject({ outcome: 'possible', lost: [], problems: [] });
    await t.crash();
    expect(await t.migrate(run, { from: 1, to: 2 })).toMatchObject({ outcome: 'migrated', stands: [{ path: 'review-claim' }] });
    await t.crash();
    // The task that was open before is answered, and the check of the new version comes before the payment.
    await t.answer(ReviewClaim, { verdict: 'pay' });
    expect([await run.status(), told()]).toEqual(['completed', [1, 1, 1]]);
    expect(await t.migrate(run, { from: 1, to: 2 })).toMatchObject({ outcome: 'refused', problems: [expect.stringContaining('ended')] });
    await t.close();
  });
});
