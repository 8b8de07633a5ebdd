import { createHash } from 'node:crypto';
import { type SplitResult, workflow, WorkflowModule } from '@stepwell/sdk';
import { crashAtEveryCommit, testKit, type TestKit } from '@stepwell/sdk/testing';
import { MessageOffice } from '../services/message-office.js';
import { AbTestModule } from './ab-test.module.js';
import { abTest, subjects } from './ab-test.workflow.js';
import { MailOffice } from './mail-office.js';
import { SendOffer } from './steps/send-offer.step.js';
import { Visit } from './visit.js';

const WEIGHTS = Object.fromEntries(Object.entries(subjects).map(([name, { weight }]) => [name, weight]));
const USERS = Array.from({ length: 40 }, (_, index) => `user-${index}`);

/**
 * What those compute who evaluate the experiment elsewhere, with nothing but the users' ids: the lot as docs/reference/nodes.md publishes it.
 *
 * @param weights in the order in which the workflow writes them
 */
function variantOf(user: string, weights: Readonly<Record<string, number>>): string {
  const lot = createHash('sha256').update(`ab-test\0subject\0${user}`).digest().readUIntBE(0, 6) / 2 ** 48;
  const entries = Object.entries(weights);
  let rest = lot * entries.reduce((sum, [, weight]) => sum + weight, 0);
  return entries.find(([, weight]) => (rest -= weight) < 0)?.[0] ?? '';
}

/** How far the shares are from what the weights promise; with two variants, chance alone exceeds 10.83 once in a thousand times. */
function chiSquare(counts: ReadonlyMap<string, number>, weights: Readonly<Record<string, number>>): number {
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.entries(weights).reduce((sum, [variant, weight]) => {
    const expected = (all * weight) / total;
    return sum + ((counts.get(variant) ?? 0) - expected) ** 2 / expected;
  }, 0);
}

/** The same experiment in the next version of the workflow, which does something else before. */
const nextVersion = workflow('ab-test', { input: Visit, version: 2 })
  .then('greet', (ctx) => `Hello ${ctx.input.user}`)
  .abSplit(subjects, { id: 'subject', by: (ctx) => ctx.input.user })
  .then('answer', (ctx) => ctx.resultOf<SplitResult>('subject').variant);

@WorkflowModule({ workflows: [nextVersion], providers: [SendOffer, { provide: MailOffice, useValue: null }] })
class NextVersionModule {}

it('an A/B test keeps to its weights over 100,000 users', () => {
  const counts = new Map<string, number>();
  for (let user = 0; user < 100_000; user++) {
    const variant = variantOf(`user-${user}`, WEIGHTS);
    counts.set(variant, (counts.get(variant) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['control', 'question']);
  expect(chiSquare(counts, WEIGHTS)).toBeLessThan(10.83);
});

describe('an A/B test', () => {
  const office = new MessageOffice();
  let providers: { provide: typeof MailOffice; useValue: MailOffice }[];
  let t: TestKit;
  beforeAll(async () => {
    providers = [{ provide: MailOffice, useValue: new MailOffice(await office.listen()) }];
  });
  beforeEach(() => (office.fate = () => 'serves'));
  afterEach(() => t.close());
  afterAll(() => office.close());

  const variantsSeen = async () =>
    new Map(
      (await t.events()).map(({ payload }) => payload as { user: string; variant: string }).map(({ user, variant }) => [user, variant]),
    );

  it('gives each run the variant that the evaluation computes, and tells that it was seen', async () => {
    t = await testKit({ workflows: [AbTestModule], providers });
    for (const user of USERS) await t.start(abTest, { user });
    expect(await variantsSeen()).toEqual(new Map(USERS.map((user) => [user, variantOf(user, WEIGHTS)])));
  });

  it('gives a user the same variant in every run, also after a restart and in the next version', async () => {
    t = await testKit({ workflows: [NextVersionModule], providers });
    for (const user of USERS) {
      const first = await (await t.start(nextVersion, { user })).output();
      if (user === 'user-7') await t.crash();
      const again = await (await t.start(nextVersion, { user })).output();
      expect([first, again]).toEqual([variantOf(user, WEIGHTS), variantOf(user, WEIGHTS)]);
    }
  });

  const scenario = async (kit: TestKit) => {
    office.fate = ({ key }) => (office.requests.filter((one) => one.key === key).length === 1 ? { busyFor: 30 } : 'serves');
    const run = await kit.start(abTest, { user: 'user-1' });
    await kit.advance('1m');
    expect([await run.status(), (await kit.events()).map(({ payload }) => payload)]).toEqual([
      'completed',
      [{ experiment: 'subject', user: 'user-1', variant: variantOf('user-1', WEIGHTS) }],
    ]);
  };

  it('tells once what was seen, whatever crashes', async () => {
    t = await testKit({ workflows: [AbTestModule], providers });
    const { commits } = await crashAtEveryCommit({ workflows: [AbTestModule], providers }, scenario);
    expect(commits).toBeGreaterThan(3);
  });

  it('does the same on PostgreSQL', async () => {
    t = await testKit({ workflows: [AbTestModule], providers, store: 'postgres' });
    await scenario(t);
  });
});
