/** The author of a screen says who answers it: the same in memory and on a real PostgreSQL. */
import { type Decider, type DecidingContext, Screen, type ScreenHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import { type Answerer, testKit, type TestKit } from './index.js';

class Verdict {
  @IsIn(['pay', 'stop'])
  verdict!: 'pay' | 'stop';
}

interface Payment {
  readonly total: number;
}

@Screen({ id: 'sign', title: 'Sign' })
class Sign implements ScreenHandler<null, Verdict> {
  readonly answer = Verdict;
  props = () => null;
}

@Screen({ id: 'countersign', title: 'Countersign' })
class Countersign implements ScreenHandler<{ total: number }, Verdict, Payment> {
  readonly answer = Verdict;
  props({ input }: { readonly input: Payment }) {
    return { total: input.total };
  }
  mayDecide({ id, groups }: Decider, { props, decisions }: DecidingContext<Payment, { total: number }>) {
    if (props.total < 0) throw new Error('a debt');
    if (decisions.some(({ by }) => by?.id === id)) return 'You have signed it.';
    return props.total < 1_000 || groups.includes('directors');
  }
}

const payment = workflow<Payment>('payment', { version: 1 })
  .screen(Sign)
  .screen(Countersign)
  .then('end', (ctx) => ctx.answerOf(Countersign).verdict);

@WorkflowModule({ workflows: [payment], providers: [Sign, Countersign] })
class PaymentModule {}

const ann: Answerer = { id: 'ann', name: 'Ann', kind: 'user' };
const bob: Answerer = { id: 'bob', name: 'Bob', kind: 'user' };
const pay = { verdict: 'pay' };

describe.each(['memory', 'postgres'] as const)('a screen with a policy, in %s', (store) => {
  let t: TestKit;
  beforeAll(async () => (t = await testKit({ workflows: [PaymentModule], store })));
  afterAll(() => t.close());

  it('is answered by whom its author lets, with the groups that the test gives them', async () => {
    const run = await t.start(payment, { total: 5_000 });
    await t.answer(Sign, pay, ann);
    await expect(t.answer(Countersign, pay, ann)).rejects.toMatchObject({
      code: 'TASK_NOT_PERMITTED',
      message: expect.stringContaining('You have signed it.'),
    });
    await expect(t.answer(Countersign, pay, bob)).rejects.toMatchObject({ code: 'TASK_NOT_PERMITTED' });
    expect(await run.waitsFor()).toEqual(['task']);
    await t.answer(Countersign, pay, { ...bob, groups: ['directors'] });
    expect(await run.output()).toBe('pay');
    expect((await t.tasks()).map(({ decidedBy }) => decidedBy)).toEqual([ann, bob]);
  });

  it('is answered by nobody while its author cannot be asked', async () => {
    await t.start(payment, { total: -1 });
    await t.answer(Sign, pay);
    await expect(t.answer(Countersign, pay, bob)).rejects.toMatchObject({
      code: 'TASK_PERMISSION_UNKNOWN',
      message: expect.stringContaining('a debt'),
    });
  });
});
