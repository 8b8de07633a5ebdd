import { randomUUID } from 'node:crypto';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { Provisioner } from '../services/provisioner.js';
import { Office } from './office.js';
import { PlanBasedOnboardingModule } from './plan-based-onboarding.module.js';
import { planBasedOnboarding } from './plan-based-onboarding.workflow.js';

describe('onboarding by plan', () => {
  const office = new Provisioner();
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    options = { workflows: [PlanBasedOnboardingModule], providers: [{ provide: Office, useValue: new Office(await office.listen()) }] };
  });
  beforeEach(async () => {
    office.fate = () => 'serves';
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => office.close());

  const detailsOf = (customer: string, what: string) =>
    [...office.done.values()].find((one) => one.what === what && one.details['customer'] === customer)?.details;

  it('gives an enterprise its servers, its contact and its sign-on side by side, and meets it two days later', async () => {
    const customer = randomUUID();
    const run = await t.start(planBasedOnboarding, { customer, plan: 'enterprise', region: 'us-east' });
    expect([...office.whatOf(customer)].sort()).toEqual(['account', 'contact', 'mail', 'servers', 'single-sign-on']);
    expect(detailsOf(customer, 'servers')).toMatchObject({ region: 'us-east' });
    expect(detailsOf(customer, 'mail')).toMatchObject({ template: 'welcome-enterprise' });
    // The delay holds behind a parallel within a branch, as anywhere.
    await t.advance('47h');
    expect([await run.waitsFor(), detailsOf(customer, 'meeting')]).toEqual([['timer'], undefined]);
    await t.advance('1h');
    expect([await run.status(), detailsOf(customer, 'meeting')?.['about']]).toEqual(['completed', 'kick-off']);
  });

  it('takes the default region where the customer has named none', async () => {
    const customer = randomUUID();
    await t.start(planBasedOnboarding, { customer, plan: 'enterprise' });
    expect(detailsOf(customer, 'servers')).toMatchObject({ region: 'eu-central' });
  });

  it('gives a pro a place in the fast lane and its features at once', async () => {
    const customer = randomUUID();
    const run = await t.start(planBasedOnboarding, { customer, plan: 'pro' });
    expect([await run.status(), office.whatOf(customer)]).toEqual(['completed', ['account', 'mail', 'place', 'features']]);
    expect(detailsOf(customer, 'place')).toMatchObject({ lane: 'fast' });
  });

  it('writes to a free customer an hour later', async () => {
    const customer = randomUUID();
    const run = await t.start(planBasedOnboarding, { customer, plan: 'free' });
    expect(office.whatOf(customer)).toEqual(['account', 'mail', 'place']);
    await t.advance('1h');
    expect([await run.status(), office.whatOf(customer)]).toEqual(['completed', ['account', 'mail', 'place', 'mail']]);
  });

  it('refuses a plan that does not exist, before anything is set up', async () => {
    const customer = randomUUID();
    await expect(t.start(planBasedOnboarding, { customer, plan: 'gold' as never })).rejects.toThrow('plan');
    expect(office.whatOf(customer)).toEqual([]);
  });

  const scenario = async (kit: TestKit) => {
    // The servers are turned away once.
    office.fate = ({ key, path }) =>
      path === '/servers' && office.requests.filter((one) => one.key === key).length === 1 ? 'unavailable' : 'serves';
    const customer = randomUUID();
    const run = await kit.start(planBasedOnboarding, { customer, plan: 'enterprise' });
    await kit.advance('3d');
    expect(await run.status()).toBe('completed');
    expect([...office.whatOf(customer)].sort()).toEqual(['account', 'contact', 'mail', 'meeting', 'servers', 'single-sign-on']);
  };

  it('sets each thing up once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(7);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
