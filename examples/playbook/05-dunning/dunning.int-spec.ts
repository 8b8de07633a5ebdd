import { randomUUID } from 'node:crypto';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { Provisioner } from '../services/provisioner.js';
import { DunningModule } from './dunning.module.js';
import { dunning } from './dunning.workflow.js';
import { Office } from './office.js';
import { JudgeCustomer } from './screens/judge-customer.screen.js';

const accountant = { id: 'ann', name: 'ann', kind: 'user', groups: ['accounts'] } as const;

describe('dunning', () => {
  const office = new Provisioner();
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    // A Monday.
    const now = '2026-03-02T09:00:00Z';
    options = { workflows: [DunningModule], providers: [{ provide: Office, useValue: new Office(await office.listen()) }], now };
  });
  beforeEach(async () => {
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => office.close());

  const start = (kit: TestKit, customer: string, monthly = 20) => kit.start(dunning, { customer, cents: 4_900, monthly });
  /** Until nothing has come of the second try. */
  const untilSilent = async (kit: TestKit) => {
    await kit.advance('3d');
    await kit.resolve('first', { paid: false });
    await kit.advance('7d');
  };

  it('tries again after three days, and thanks who has paid', async () => {
    const customer = randomUUID();
    const run = await start(t, customer);
    await t.advance('2d');
    expect(office.whatOf(customer)).toEqual(['mail']);
    await t.advance('1d');
    await t.resolve('first', { paid: true });
    expect([await run.status(), office.whatOf(customer)]).toEqual(['completed', ['mail', 'charge', 'mail']]);
  });

  it('gives the bank until the deadline, also while it waits for its answer, tells of that, and suspends', async () => {
    const customer = randomUUID();
    const run = await start(t, customer);
    await t.advance('3d');
    await t.resolve('first', { paid: false });
    await t.advance('6d');
    expect([await run.waitsFor(), office.whatOf(customer)]).toEqual([['async-result'], ['mail', 'charge', 'mail', 'charge']]);
    await t.advance('1d');
    expect((await t.events()).map(({ name, payload }) => [name, payload])).toEqual([['bank.silent', { customer }]]);
    expect([await run.status(), office.whatOf(customer).slice(4)]).toEqual(['completed', ['suspension', 'lock', 'audit']]);
  });

  it('asks a person about a large customer, then the leads, and at last gives time; nobody is cut off because nobody looked', async () => {
    const customer = randomUUID();
    const run = await start(t, customer, 900);
    await untilSilent(t);
    expect((await t.openTasks())[0]).toMatchObject({ subject: `${customer} has not paid`, assignment: { candidateGroups: ['accounts'] } });
    await t.advance('1d');
    expect((await t.openTasks())[0]?.assignment?.candidateGroups).toEqual(['accounts-leads']);
    // That was Friday; the weekend does not count.
    await t.advance('2d');
    expect(await run.waitsFor()).toEqual(['task']);
    await t.advance('1d');
    expect([await run.status(), office.whatOf(customer).slice(4)]).toEqual(['completed', ['mail']]);
  });

  it('suspends a large customer when a person says so, and is not stopped in the middle of it', async () => {
    const customer = randomUUID();
    const run = await start(t, customer, 900);
    await untilSilent(t);
    office.fate = ({ path }) =>
      path === '/lock' && office.requests.filter((one) => one.path === path).length === 1 ? 'unavailable' : 'serves';
    office.requests.length = 0;
    await t.answer(JudgeCustomer, { verdict: 'suspend' }, accountant);
    await t.cancel(run, 'They have called.');
    await t.advance('1m');
    expect([await run.status(), office.whatOf(customer).slice(4)]).toEqual(['canceled', ['suspension', 'lock', 'audit']]);
  });

  const scenario = async (kit: TestKit) => {
    const customer = randomUUID();
    const run = await start(kit, customer, 900);
    await untilSilent(kit);
    await kit.advance('4d');
    expect([await run.status(), office.whatOf(customer)]).toEqual(['completed', ['mail', 'charge', 'mail', 'charge', 'mail']]);
  };

  it('does each thing once, whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(12);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
