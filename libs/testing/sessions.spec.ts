/** What runs of a session share, and a crash at every moment. */
import { type StepContext, workflow, WorkflowModule } from '@stepwell/sdk';
import { crashAtEveryCommit, type TestKit } from './index.js';

const purchase = workflow<{ price: number }>('purchase', { version: 1 })
  .then('add', async (ctx: StepContext<{ price: number }>) => {
    await ctx.session?.update<number[]>((prices) => [...prices, ctx.input.price]);
    await ctx.session?.update<number[]>((prices) => [...prices, -ctx.input.price]);
    return ctx.session?.name;
  })
  .then('hidden', (ctx: StepContext<{ price: number }>) => ctx.session ?? 'none', { access: { data: false } });

@WorkflowModule({ workflows: [purchase] })
class ShopModule {}

describe('a step that changes what its session shares', () => {
  it('makes each change once, whenever its process dies', async () => {
    const scenario = async (t: TestKit) => {
      await t.openSession('visit', []);
      const runs = [
        await t.start(purchase, { price: 3 }, { session: 'visit' }),
        await t.start(purchase, { price: 4 }, { session: 'visit' }),
      ];
      expect(await t.sessionData('visit')).toEqual([3, -3, 4, -4]);
      for (const run of runs) expect(await run.output()).toBe('none');
    };
    const { commits, crashes } = await crashAtEveryCommit({ workflows: [ShopModule], store: 'memory' }, scenario);
    expect(crashes).toBe(2 * commits);
  });
});
