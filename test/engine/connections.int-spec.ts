import { RunStatus } from '@stepwell/contracts';
import { Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { type Engine, startEngine } from './engine.js';

class Answer {}

let engine: Engine;
/** As a repository of the author's does: on any connection of the same pool. */
const lookUp = (): Promise<{ one: number }[]> => engine.process.dataSource.query('SELECT 1 AS one');

@Screen({ id: 'check', title: 'Check' })
class Check implements ScreenHandler<unknown, Answer> {
  readonly answer = Answer;
  async props() {
    return { read: await lookUp() };
  }
}

/** Its props take as long as somebody else likes, who would keep a transaction idle. */
@Screen({ id: 'look-round', title: 'Look round' })
class LookRound implements ScreenHandler<unknown, Answer> {
  readonly answer = Answer;
  async props() {
    return {
      idle: await engine.query<{ query: string }>(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'",
      ),
    };
  }
}

const entries = new Map<string, number>();
const filing = workflow<unknown>('filing', { version: 1 })
  .then('file', (ctx) =>
    ctx.transaction(async () => {
      entries.set(ctx.runId, (entries.get(ctx.runId) ?? 0) + 1);
      return { read: await lookUp() };
    }),
  )
  .screen(Check);
const looking = workflow<unknown>('looking', { version: 1 })
  .then('file', (ctx) => ctx.transaction(() => Promise.resolve({ isFiled: true })))
  .screen(LookRound);

describe('many transactions at a time', () => {
  beforeAll(async () => {
    engine = await startEngine({ workflows: [filing, looking], providers: [Check, LookRound] });
  });
  afterAll(() => engine.close());

  it('leave connections to what authors read meanwhile, inside of them and in the commit that follows', async () => {
    const runIds = await Promise.all(Array.from({ length: 30 }, () => engine.start('filing')));
    for (const runId of runIds) await engine.waitFor(runId, RunStatus.waiting);
    expect(runIds.map((runId) => entries.get(runId))).toEqual(runIds.map(() => 1));
  });

  it('are over before an author is asked for what comes next', async () => {
    await engine.waitFor(await engine.start('looking'), RunStatus.waiting);
    expect(await engine.query("SELECT props FROM tasks WHERE screen = 'look-round'")).toEqual([{ props: { idle: [] } }]);
  });
});
