import { workflow, WorkflowModule } from '@stepwell/sdk';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { Scorer } from '../services/scorer.js';
import { Application } from './application.js';
import { ContextAccessModule } from './context-access.module.js';
import { contextAccess } from './context-access.workflow.js';
import { ScoreVendor } from './score-vendor.js';
import { LookUpDebts } from './steps/look-up-debts.step.js';
import { ScoreArea } from './steps/score-area.step.js';

const APPLICATION = { person: { name: 'Ada Lovelace', taxNumber: '12-345', postcode: '20095' }, cents: 900_000, note: 'for a loom' };
const DENIED = ['name', 'taxNumber', 'note', 'Ada', '12-345', 'loom', 'creditors', 'Harbour', 'ourLimitCents'];

const ACCESS = { data: { input: ['cents'] }, config: false, audit: false, runtime: false } as const;
/** Two that try to carry to the vendor, by `params`, what it may not see. */
const careless = workflow('careless', { input: Application, version: 1 })
  .then(LookUpDebts)
  .then(ScoreArea, { params: (ctx) => ctx.resultOf(LookUpDebts), access: ACCESS });
const curious = workflow('curious', { input: Application, version: 1 }).then(ScoreArea, { params: (ctx) => ctx.input, access: ACCESS });

@WorkflowModule({ workflows: [careless, curious], providers: [LookUpDebts, ScoreArea, { provide: ScoreVendor, useValue: null }] })
class CarelessModule {}

describe('access to the context', () => {
  const vendor = new Scorer();
  let providers: { provide: typeof ScoreVendor; useValue: ScoreVendor }[];
  let t: TestKit;
  beforeAll(async () => {
    providers = [{ provide: ScoreVendor, useValue: new ScoreVendor(await vendor.listen()) }];
  });
  beforeEach(async () => {
    vendor.fate = () => 'serves';
    vendor.requests.length = 0;
    t = await testKit({ workflows: [ContextAccessModule, CarelessModule], providers });
  });
  afterEach(() => t.close());
  afterAll(() => vendor.close());

  it('sends the vendor what the step may see, and of the rest not even the names', async () => {
    const run = await t.start(contextAccess, APPLICATION);
    expect(vendor.requests.map(({ body }) => body)).toEqual([
      {
        input: { person: { postcode: '20095' }, cents: 900_000 },
        params: { postcode: '20095', cents: 900_000 },
        config: { vendorAccount: 'acme-7' },
      },
    ]);
    for (const word of DENIED) expect(vendor.remembered.join()).not.toContain(word);
    expect(await run.output()).toEqual({ isGranted: true });
  });

  it('lets nothing through by params, either', async () => {
    const first = await t.start(careless, APPLICATION);
    expect([await first.error(), vendor.requests.length]).toMatchObject([{ code: 'ACCESS_DENIED' }, 0]);
    const second = await t.start(curious, APPLICATION);
    expect([await second.status(), vendor.requests.map(({ body }) => body)]).toEqual([
      'completed',
      [{ input: { cents: 900_000 }, params: { cents: 900_000 }, config: {} }],
    ]);
  });

  const scenario = async (kit: TestKit) => {
    vendor.fate = () => (vendor.requests.length === 1 ? 'dies-after-accepting' : 'serves');
    const run = await kit.start(contextAccess, APPLICATION);
    await kit.advance('1m');
    expect(await run.output()).toEqual({ isGranted: true });
    for (const word of DENIED) expect(vendor.remembered.join()).not.toContain(word);
  };

  it('sends no more than that in any attempt, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit({ workflows: [ContextAccessModule], providers }, scenario);
    expect(commits).toBeGreaterThan(3);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ workflows: [ContextAccessModule], providers, store: 'postgres' });
    await scenario(t);
  });
});
