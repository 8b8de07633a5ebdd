/** Several people answer one task: the same in memory and on a real PostgreSQL. */
import type { Actor } from '@stepwell/contracts';
import { Screen, type ScreenHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsIn } from 'class-validator';
import { testKit, type TestKit } from './index.js';

class Verdict {
  @IsIn(['approve', 'refuse'])
  verdict!: 'approve' | 'refuse';
}

@Screen({ id: 'approve', title: 'Approve' })
class Approve implements ScreenHandler<null, Verdict> {
  readonly answer = Verdict;
  props = () => null;
}

const pair = workflow<unknown>('pair', { version: 1 })
  .screen(Approve, { reviews: { required: 2, of: 2 } })
  .then('end', (ctx) => ctx.answerOf(Approve).verdict);
const alone = workflow<{ who: readonly string[] }>('alone', { version: 1 }).screen(Approve, {
  candidateUsers: ({ input }) => input.who,
  reviews: { required: 2 },
});

@WorkflowModule({ workflows: [pair, alone], providers: [Approve] })
class PairModule {}

const [ann, bob, cy] = ['ann', 'bob', 'cy'].map((name): Actor => ({ id: name, name, kind: 'user' })) as [Actor, Actor, Actor];
const [approve, refuse] = [{ verdict: 'approve' }, { verdict: 'refuse' }];

describe.each(['memory', 'postgres'] as const)('a task that several people answer, in %s', (store) => {
  let t: TestKit;
  beforeAll(async () => (t = await testKit({ workflows: [PairModule], store })));
  afterAll(() => t.close());

  it('decides when two are equal, of two people', async () => {
    const run = await t.start(pair, {});
    await t.answer(Approve, approve, ann);
    expect([await run.status(), await run.waitsFor(), (await t.openTasks())[0]?.reviews?.given.length]).toEqual(['waiting', ['task'], 1]);
    await expect(t.answer(Approve, approve, ann)).rejects.toMatchObject({ code: 'TASK_REVIEWED' });
    await t.answer(Approve, approve, bob);
    expect([await run.status(), await run.output()]).toEqual(['completed', 'approve']);
  });

  it('is in dispute when they are not, and settled by one', async () => {
    const run = await t.start(pair, {});
    await t.answer(Approve, approve, ann);
    await t.answer(Approve, refuse, bob);
    expect((await t.openTasks())[0]?.reviews?.isDisputed).toBe(true);
    await t.answer(Approve, refuse, cy);
    expect(await run.output()).toBe('refuse');
  });

  it('does not open for fewer people than have to answer', async () => {
    const run = await t.start(alone, { who: ['ann', 'bob'] });
    expect((await run.error())?.message).toContain('it needs 2 people who answer, and one more to settle a dispute');
    await t.start(alone, { who: ['ann', 'bob', 'cy'] });
    expect((await t.openTasks())[0]?.reviews).toMatchObject({ required: 2, of: 2 });
  });
});
