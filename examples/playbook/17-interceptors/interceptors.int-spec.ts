import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { Collector } from '../services/collector.js';
import { Collectors } from './collectors.js';
import { InterceptorsModule } from './interceptors.module.js';
import { interceptors } from './interceptors.workflow.js';

const TAX_NUMBER = '12/345/67890';
const LETTER = { isPaid: true, letter: 'Dear Ada Lovelace (**/***/*****)' };
const STEPS = [
  { step: 'look-up-person', attempt: 1 },
  { step: 'decide', attempt: 1 },
];

describe('interceptors', () => {
  const collector = new Collector();
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    options = { workflows: [InterceptorsModule], providers: [{ provide: Collectors, useValue: new Collectors(await collector.listen()) }] };
  });
  const calm = () => {
    collector.fate = () => 'serves';
    collector.clear();
  };
  beforeEach(async () => {
    calm();
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => collector.close());

  it('rewrites what steps return before anything of it is stored', async () => {
    const run = await t.start(interceptors, { policy: 'p-1', cents: 5_000 });
    expect(await run.output()).toEqual(LETTER);
    expect(JSON.stringify(await run.journal())).not.toContain(TAX_NUMBER);
  });

  it('tells the audit log of each step, and the warehouse of the end', async () => {
    await t.start(interceptors, { policy: 'p-1', cents: 5_000 });
    expect(collector.of('audit')).toEqual(STEPS);
    expect(collector.of('warehouse')).toEqual([{ workflow: 'interceptors', output: LETTER }]);
    expect(collector.of('alerts')).toEqual([]);
  });

  it('raises an alarm when a run fails', async () => {
    await t.start(interceptors, { policy: 'none', cents: 5_000 });
    expect([collector.of('alerts'), collector.of('warehouse')]).toEqual([[{ workflow: 'interceptors', code: 'NO_SUCH_POLICY' }], []]);
  });

  it('writes down an interceptor that fails, and lets the run go on', async () => {
    collector.fate = ({ path }) => (path === '/audit' ? 'unavailable' : 'serves');
    const run = await t.start(interceptors, { policy: 'p-1', cents: 5_000 });
    expect(await run.output()).toEqual(LETTER);
    const failed = (await run.journal()).filter(({ type }) => type === 'interceptor.failed');
    expect(failed.map(({ payload }) => payload)).toMatchObject([
      { interceptor: 'AuditTrail', hook: 'beforeStep', fault: { code: 'UNAVAILABLE' } },
      { interceptor: 'AuditTrail', hook: 'beforeStep' },
    ]);
  });

  const scenario = async (kit: TestKit) => {
    calm();
    const run = await kit.start(interceptors, { policy: 'p-1', cents: 5_000 });
    expect(await run.output()).toEqual(LETTER);
    expect(JSON.stringify(await run.journal())).not.toContain(TAX_NUMBER);
    expect([collector.of('audit'), collector.of('warehouse').length]).toEqual([STEPS, 1]);
  };

  it('tells each thing once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(2);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
