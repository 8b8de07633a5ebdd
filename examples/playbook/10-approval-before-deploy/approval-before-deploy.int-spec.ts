import { randomUUID } from 'node:crypto';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { Provisioner } from '../services/provisioner.js';
import { ApprovalBeforeDeployModule } from './approval-before-deploy.module.js';
import { approvalBeforeDeploy } from './approval-before-deploy.workflow.js';
import { Pipeline } from './pipeline.js';
import { ApproveDeploy } from './screens/approve-deploy.screen.js';

const member = (group: string) => ({ id: 'ann', name: 'ann', kind: 'user', groups: [group] }) as const;
const [releaser, backup] = [member('release'), member('release-backup')];

describe('an approval before a deploy', () => {
  const pipeline = new Provisioner();
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    const address = await pipeline.listen();
    options = { workflows: [ApprovalBeforeDeployModule], providers: [{ provide: Pipeline, useValue: new Pipeline(address) }] };
  });
  beforeEach(async () => {
    pipeline.fate = () => 'serves';
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => pipeline.close());

  const start = async (kit: TestKit) => {
    const service = randomUUID();
    const run = await kit.start(approvalBeforeDeploy, { service, commit: '0123abc' });
    return { run, jobs: () => pipeline.whatOf(`${service}@0123abc`) };
  };

  it('waits, at the cost of a row, for somebody of the release group, who sees what was tested, and deploys what is approved', async () => {
    const { run, jobs } = await start(t);
    expect([await run.waitsFor(), jobs()]).toEqual([['task'], ['tests', 'diff']]);
    expect((await t.openTasks())[0]).toMatchObject({
      assignment: { candidateGroups: ['release'] },
      props: { tests: expect.any(String), diff: expect.any(String) },
    });
    await t.answer(ApproveDeploy, { verdict: 'approved' }, releaser);
    expect([await run.status(), jobs()]).toEqual(['completed', ['tests', 'diff', 'deployment', 'message']]);
  });

  it('takes no other word than its two', async () => {
    await start(t);
    await expect(t.answer(ApproveDeploy, { verdict: 'maybe' }, releaser)).rejects.toThrow('does not fit');
  });

  it('asks the backup after four hours, and deploys nothing that nobody has approved within a day', async () => {
    const { run, jobs } = await start(t);
    await t.advance('4h');
    expect((await t.openTasks())[0]?.assignment?.candidateGroups).toEqual(['release-backup']);
    await t.advance('20h');
    expect([await run.status(), jobs()]).toEqual(['completed', ['tests', 'diff', 'message']]);
    expect((await t.tasks())[0]).toMatchObject({ status: 'completed', answer: { verdict: 'rejected' } });
  });

  it('is not canceled in the middle of a deploy', async () => {
    pipeline.fate = ({ path, key }) =>
      path === '/deployment' && pipeline.requests.filter((one) => one.key === key).length === 1 ? 'unavailable' : 'serves';
    const { run, jobs } = await start(t);
    await t.answer(ApproveDeploy, { verdict: 'approved' }, releaser);
    await t.cancel(run, 'Stop!');
    await t.advance('1m');
    expect([await run.status(), jobs()]).toEqual(['canceled', ['tests', 'diff', 'deployment', 'message']]);
  });

  const scenario = async (kit: TestKit) => {
    const { run, jobs } = await start(kit);
    await kit.advance('5h');
    await kit.answer(ApproveDeploy, { verdict: 'approved' }, backup);
    expect([await run.status(), jobs()]).toEqual(['completed', ['tests', 'diff', 'deployment', 'message']]);
  };

  it('does each thing once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(8);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
