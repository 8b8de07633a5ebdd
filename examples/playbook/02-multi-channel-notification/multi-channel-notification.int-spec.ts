import { randomUUID } from 'node:crypto';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import type { Fate } from '../services/local-service.js';
import { MessageOffice } from '../services/message-office.js';
import { type CarrierName, Carriers } from './carriers.js';
import { MultiChannelNotificationModule } from './multi-channel-notification.module.js';
import { multiChannelNotification } from './multi-channel-notification.workflow.js';

const CARRIERS: readonly CarrierName[] = ['mail-one', 'mail-two', 'sms-one', 'sms-two', 'push'];

describe('a notification over three channels', () => {
  const offices = Object.fromEntries(CARRIERS.map((name) => [name, new MessageOffice()])) as Record<CarrierName, MessageOffice>;
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    const addresses = await Promise.all(CARRIERS.map(async (name) => [name, await offices[name].listen()] as const));
    const carriers = new Carriers(Object.fromEntries(addresses) as Record<CarrierName, string>);
    options = { workflows: [MultiChannelNotificationModule], providers: [{ provide: Carriers, useValue: carriers }] };
  });
  beforeEach(async () => {
    for (const office of Object.values(offices)) {
      office.fate = () => 'serves';
      office.requests.length = 0;
    }
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => Promise.all(Object.values(offices).map((office) => office.close())));

  const notice = () => ({ email: `${randomUUID()}@example.org`, phone: randomUUID(), device: randomUUID(), text: 'Your parcel is there.' });
  const via = (carrier: CarrierName) => expect.objectContaining({ carrier });

  it('goes out on all of them at the same time', async () => {
    // Each carrier answers only when all three have been asked: one after the other, nobody would ever answer.
    const names = ['mail-one', 'sms-one', 'push'] as const;
    let open: () => void;
    const allAsked = new Promise<Fate>((resolve) => (open = () => resolve('serves')));
    for (const name of names) {
      offices[name].fate = () => {
        if (names.every((one) => offices[one].requests.length > 0)) open();
        return allAsked;
      };
    }
    const run = await t.start(multiChannelNotification, notice());
    expect(await run.output()).toEqual({ mail: via('mail-one'), sms: via('sms-one'), push: via('push') });
  });

  it('takes as long as its slowest channel, and not as long as all of them', async () => {
    const busyAtFirst = (office: MessageOffice, busyFor: number) =>
      (office.fate = () => (office.requests.length === 1 ? { busyFor } : 'serves'));
    busyAtFirst(offices['mail-one'], 40);
    busyAtFirst(offices['sms-one'], 60);
    offices.push.fate = () => (offices.push.requests.length === 1 ? 'unavailable' : 'serves');
    const run = await t.start(multiChannelNotification, notice());
    await t.advance('59s');
    expect(await run.status()).toBe('waiting');
    await t.advance('1s');
    expect(await run.output()).toEqual({ mail: via('mail-one'), sms: via('sms-one'), push: via('push') });
  });

  it('takes the second carrier where the first one fails, and does without a channel where both do', async () => {
    offices['mail-one'].fate = () => 'unavailable';
    for (const name of ['sms-one', 'sms-two', 'push'] as const) offices[name].fate = () => 'unavailable';
    const one = notice();
    const run = await t.start(multiChannelNotification, one);
    await t.advance('1m');
    expect(await run.output()).toEqual({ mail: via('mail-two'), sms: null, push: null });
    expect(offices['mail-two'].textsTo(one.email)).toEqual(['Your parcel is there.']);
  });

  const scenario = async (kit: TestKit) => {
    offices['mail-one'].fate = () => 'unavailable';
    offices['sms-one'].fate = () => 'dies-after-accepting';
    const one = notice();
    const run = await kit.start(multiChannelNotification, one);
    await kit.advance('1m');
    expect(await run.output()).toEqual({ mail: via('mail-two'), sms: via('sms-two'), push: via('push') });
    expect([offices['mail-two'].textsTo(one.email), offices.push.textsTo(one.device)].map(({ length }) => length)).toEqual([1, 1]);
  };

  it('ends the same whatever crashes', async () => {
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(5);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    await scenario(t);
  });
});
