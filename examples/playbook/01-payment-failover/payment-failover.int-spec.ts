import { randomUUID } from 'node:crypto';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { CardProcessor } from '../services/card-processor.js';
import type { ServiceRequest } from '../services/local-service.js';
import { PaymentFailoverModule } from './payment-failover.module.js';
import { OrderPaid, paymentFailover } from './payment-failover.workflow.js';
import { Processor, Processors } from './processors.js';

const dies = ({ method }: ServiceRequest) => (method === 'POST' ? 'dies-after-accepting' : 'serves');

describe('payment failover', () => {
  const services = { alpha: new CardProcessor(), beta: new CardProcessor(), gamma: new CardProcessor() };
  const { alpha, beta, gamma } = services;
  let options: Parameters<typeof testKit>[0];
  let t: TestKit;
  beforeAll(async () => {
    const at = async (service: CardProcessor) => new Processor(await service.listen());
    const processors = new Processors({ alpha: await at(alpha), beta: await at(beta), gamma: await at(gamma) });
    options = { workflows: [PaymentFailoverModule], providers: [{ provide: Processors, useValue: processors }] };
  });
  beforeEach(async () => {
    for (const service of Object.values(services)) {
      service.fate = () => 'serves';
      service.declined.clear();
      service.requests.length = 0;
    }
    t = await testKit(options);
  });
  afterEach(() => t.close());
  afterAll(() => Promise.all(Object.values(services).map((service) => service.close())));

  const order = () => ({ orderId: randomUUID(), cents: 4_200, card: 'card-1' });
  const chargesOf = (orderId: string) => Object.entries(services).flatMap(([name, one]) => one.chargesOf(orderId).map(() => name));

  it('charges the first processor that is well', async () => {
    const one = order();
    await t.start(paymentFailover, one);
    expect(chargesOf(one.orderId)).toEqual(['alpha']);
    expect(await t.events()).toMatchObject([{ name: OrderPaid.name, payload: { orderId: one.orderId, processor: 'alpha' } }]);
  });

  it('asks the next one at once when a card is declined, and never the same one again', async () => {
    alpha.declined.add('card-1');
    const one = order();
    const run = await t.start(paymentFailover, one);
    expect([await run.status(), chargesOf(one.orderId), alpha.requests.length]).toEqual(['completed', ['beta'], 1]);
  });

  it('tries a processor that is away once more, then the next', async () => {
    alpha.fate = () => 'unavailable';
    beta.fate = () => ({ busyFor: 90 });
    const one = order();
    const run = await t.start(paymentFailover, one);
    await t.advance('1s');
    expect([alpha.requests.length, beta.requests.length]).toEqual([2, 1]);
    await t.advance('89s');
    expect(beta.requests.length).toBe(1);
    await t.advance('1s');
    expect([beta.requests.length, await run.status(), chargesOf(one.orderId)]).toEqual([2, 'completed', ['gamma']]);
  });

  it('asks what became of a charge when the line went dead, and takes what it finds', async () => {
    alpha.fate = dies;
    const one = order();
    const run = await t.start(paymentFailover, one);
    expect([await run.status(), chargesOf(one.orderId), beta.requests.length]).toEqual(['completed', ['alpha'], 0]);
  });

  it('never turns to another processor while it does not know, and lets a person look in the end', async () => {
    alpha.fate = ({ method }) => (method === 'POST' ? 'dies-after-accepting' : 'unavailable');
    const [one, two] = [order(), order()];
    const first = await t.start(paymentFailover, one);
    expect(await first.waitsFor()).toEqual(['verification']);
    await t.advance('1m');
    alpha.fate = dies;
    await t.advance('5m');
    expect([await first.status(), chargesOf(one.orderId)]).toEqual(['completed', ['alpha']]);
    alpha.fate = ({ method }) => (method === 'POST' ? 'dies-after-accepting' : 'unavailable');
    const second = await t.start(paymentFailover, two);
    await t.advance('1h');
    expect([await second.waitsFor(), chargesOf(two.orderId), beta.requests.length]).toEqual([['incident'], ['alpha'], 0]);
  });

  it('fails, and charges nothing, when nobody takes the card', async () => {
    for (const service of Object.values(services)) service.declined.add('card-1');
    const one = order();
    const run = await t.start(paymentFailover, one);
    expect([await run.error(), chargesOf(one.orderId)]).toMatchObject([{ code: 'CARD_DECLINED' }, []]);
  });

  it('charges once, whatever crashes between the charge and the commit', async () => {
    const scenario = async (kit: TestKit) => {
      alpha.declined.add('card-1');
      beta.fate = dies;
      const one = order();
      const run = await kit.start(paymentFailover, one);
      await kit.advance('1m');
      expect([await run.status(), chargesOf(one.orderId)]).toEqual(['completed', ['beta']]);
    };
    const { commits } = await crashAtEveryCommit(options, scenario);
    expect(commits).toBeGreaterThan(3);
  });

  it('does the same on PostgreSQL', async () => {
    await t.close();
    t = await testKit({ ...options, store: 'postgres' });
    alpha.declined.add('card-1');
    beta.fate = dies;
    const one = order();
    const run = await t.start(paymentFailover, one);
    expect([await run.status(), chargesOf(one.orderId)]).toEqual(['completed', ['beta']]);
  });
});
