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

/** It suspends twice in each of two attempts. */
const asking = workflow<null>('asking', { version: 1 }).then(
  'ask',
  async (ctx) => {
    const say = (word: string) => ctx.session?.update<string[]>((words) => [...words, word]);
    if (!ctx.isResumed) {
      await say('asks');
      return ctx.suspend({ for: '1m' });
    }
    if (ctx.resumeData === null) {
      await say('waits');
      const answer = await ctx.createAsyncResult();
      return ctx.resumeWhenComplete(answer.id);
    }
    await say('hears');
    await say('thanks');
    if (ctx.attempt === 1) throw new Error('after it was all said');
    return 'done';
  },
  { retry: { attempts: 2, backoff: '1s' } },
);

let rolls = 0;
/** Whoever rolls again rolls something else. */
const dice = workflow<null>('dice', { version: 1 })
  .then('roll', () => ++rolls, { delivery: 'direct' })
  .then('add', (ctx) => ctx.session?.update<number>((sum) => sum + ctx.resultOf<number>('roll')).then(() => null))
  .then('compare', async (ctx) => (await ctx.session?.get<number>())?.data === ctx.resultOf('roll'));

@WorkflowModule({ workflows: [purchase, asking, dice] })
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

  it('makes those after each of its suspensions, too, once over all attempts', async () => {
    const scenario = async (t: TestKit) => {
      await t.openSession('call', []);
      const run = await t.start(asking, null, { session: 'call' });
      for (const answer of ['yes', 'yes again']) {
        await t.advance('2m');
        await t.resolve('ask', answer);
      }
      expect([await run.output(), await t.sessionData('call')]).toEqual(['done', ['asks', 'waits', 'hears', 'thanks']]);
    };
    const { commits, crashes } = await crashAtEveryCommit({ workflows: [ShopModule], store: 'memory' }, scenario);
    expect(crashes).toBe(2 * commits);
  });

  it('makes it from what is written, also behind a step whose output may stay behind', async () => {
    const scenario = async (t: TestKit) => {
      await t.openSession('game', 0);
      expect(await (await t.start(dice, null, { session: 'game' })).output()).toBe(true);
    };
    const { commits, crashes } = await crashAtEveryCommit({ workflows: [ShopModule], store: 'memory' }, scenario);
    expect(crashes).toBe(2 * commits);
  });
});
