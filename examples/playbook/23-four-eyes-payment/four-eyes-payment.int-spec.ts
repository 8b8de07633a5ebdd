import { randomUUID } from 'node:crypto';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { Provisioner } from '../services/provisioner.js';
import { Bank } from './bank.js';
import { FourEyesPaymentModule } from './four-eyes-payment.module.js';
import { fourEyesPayment } from './four-eyes-payment.workflow.js';
import { ReleasePayment } from './screens/release-payment.screen.js';

const person = (name: string, group: string) => ({ id: name, name, kind: 'user', groups: [group] }) as const;
const [ann, bob, director] = [person('ann', 'treasury'), person('bob', 'treasury'), person('director', 'directors')];
const orderer = { id: 'orderer', name: 'orderer', kind: 'user' } as const;

describe('a payment that two people release', () => {
  const service = new Provisioner();
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    options = { workflows: [FourEyesPaymentModule], providers: [{ provide: Bank, useValue: new Bank(await service.listen()) }] };
  });
  beforeEach(async () => (t = await testKit(options)));
  afterEach(() => t.close());
  afterAll(() => service.close());

  const start = async (kit: TestKit) => {
    const creditor = randomUUID();
    const run = await kit.start(fourEyesPayment, { creditor, account: 'CH93', cents: 1_200_000 }, { actor: orderer });
    return { run, paid: () => service.whatOf(creditor) };
  };
  const release = { verdict: 'release', note: 'as ordered' };
  const stop = { verdict: 'stop', note: 'another account than last time' };

  it('is paid when both say so, whatever they note, and not by one alone', async () => {
    const { run, paid } = await start(t);
    await t.answer(ReleasePayment, release, ann);
    expect([await run.waitsFor(), paid()]).toEqual([['task'], []]);
    await expect(t.answer(ReleasePayment, release, ann)).rejects.toMatchObject({ code: 'TASK_REVIEWED' });
    await t.answer(ReleasePayment, { verdict: 'release' }, bob);
    expect([await run.status(), paid()]).toEqual(['completed', ['transfer']]);
  });

  it('is released by nobody who has ordered it, and by nobody of another group', async () => {
    await start(t);
    await expect(t.answer(ReleasePayment, release, { ...orderer, groups: ['treasury'] })).rejects.toMatchObject({ code: 'TASK_OWN_WORK' });
    await expect(t.answer(ReleasePayment, release, director)).rejects.toMatchObject({ code: 'TASK_FOR_OTHERS' });
  });

  it('goes to the directors when they differ, and one of them settles it', async () => {
    const { run, paid } = await start(t);
    await t.answer(ReleasePayment, release, ann);
    await t.answer(ReleasePayment, stop, bob);
    expect((await t.openTasks())[0]?.reviews).toMatchObject({ isDisputed: true, given: [{ answer: release }, { answer: stop }] });
    await expect(t.answer(ReleasePayment, stop, { ...orderer, groups: ['directors'] })).rejects.toMatchObject({ code: 'TASK_OWN_WORK' });
    await t.answer(ReleasePayment, stop, director);
    expect([await run.status(), paid()]).toEqual(['completed', []]);
  });

  it('is not paid when nobody comes, nor when only one does', async () => {
    const { run, paid } = await start(t);
    await t.answer(ReleasePayment, release, ann);
    await t.advance('7d');
    expect([await run.status(), paid()]).toEqual(['completed', []]);
  });

  it('is paid once, whatever crashes', async () => {
    await crashAtEveryCommit(options, async (kit) => {
      const { run, paid } = await start(kit);
      await kit.answer(ReleasePayment, release, ann);
      await kit.answer(ReleasePayment, release, bob);
      expect([await run.status(), paid()]).toEqual(['completed', ['transfer']]);
    });
  });
});
