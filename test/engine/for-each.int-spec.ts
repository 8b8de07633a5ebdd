/** A for-each on the real database: its turns side by side, with people, other workers and a worker that dies in between. */
import { RunStatus } from '@stepwell/contracts';
import { Screen, type ScreenHandler, workflow } from '@stepwell/sdk';
import { type Engine, startEngine, until } from './engine.js';

class Answer {}

@Screen({ id: 'check', title: 'Check the photo' })
class CheckPhoto implements ScreenHandler<{ photo: unknown }, Answer> {
  readonly answer = Answer;
  props(ctx: { readonly item: unknown }) {
    return { photo: ctx.item };
  }
}

const begun: string[] = [];
const photos = workflow<{ photos: string[] }>('photos', { version: 1 })
  .forEach(
    (ctx) => ctx.input.photos,
    (each, photoOf) =>
      each
        .then('shrink', (ctx) => {
          begun.push(`${ctx.index} ${photoOf(ctx)}`);
          return `small ${photoOf(ctx)}`;
        })
        .screen(CheckPhoto)
        .then('file', (ctx) => [ctx.index, ctx.resultOf('shrink'), ctx.resultOf('check')]),
    { id: 'each-photo', concurrency: 2 },
  )
  .then('count', (ctx) => ctx.resultOf<unknown[]>('each-photo').length);

const long = workflow<{ length: number }>('long', { version: 1 }).forEach(
  (ctx) => Array.from({ length: ctx.input.length }, (_, index) => index),
  (each, numberOf) => each.then('double', (ctx) => numberOf(ctx) * 2),
  { concurrency: 50 },
);

describe('a for-each', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine({ workflows: [photos, long], providers: [CheckPhoto] });
  });
  afterAll(() => engine.close());

  const openTasks = (runId: string) =>
    engine.query<{ iteration: string; props: unknown }>(
      "SELECT iteration, props FROM tasks WHERE run_id = $1 AND status = 'open' ORDER BY iteration",
      [runId],
    );

  it('opens a task per item under way, goes on in another worker, and never does an item twice', async () => {
    const runId = await engine.start('photos', { photos: ['a', 'b', 'c'] });
    await engine.waitFor(runId, RunStatus.waiting);
    expect(await openTasks(runId)).toEqual([
      { iteration: '0', props: { photo: 'a' } },
      { iteration: '1', props: { photo: 'b' } },
    ]);
    await engine.worker.stop();
    await engine.spawn();
    for (let answered = 1; answered <= 3; answered++) {
      await until(
        () => openTasks(runId),
        (open) => open.length > 0,
        'A task should be open',
      );
      await engine.answer(runId, { answered });
    }
    await engine.waitFor(runId, RunStatus.completed);
    expect(begun).toEqual(['0 a', '1 b', '2 c']);
    expect(await engine.output(runId)).toBe(3);
    const listed = (await engine.facts(runId)).filter(({ type }) => type === 'items.listed');
    expect(listed.map(({ payload }) => payload)).toEqual([{ items: ['a', 'b', 'c'] }]);
  });

  it('goes through two thousand items', async () => {
    const runId = await engine.start('long', { length: 2_000 });
    await engine.waitFor(runId, RunStatus.completed);
    const output = (await engine.output(runId)) as number[];
    expect([output.length, output[0], output[1_999]]).toEqual([2_000, 0, 3_998]);
  });
});
