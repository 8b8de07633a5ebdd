// The workflows that are measured: each as small as it can be, written as an author would write it.
import { IsIn } from 'class-validator';
import { Screen, Step, workflow, emitter, WorkflowModule } from '../../dist/libs/sdk/index.js';

/** The async result that a run waits for, by run. */
export const asked = new Map();
/** What is told when the step behind a timer begins, by its mark. */
export const fired = new Map();
/** How many records the source still has, and how many it has given in all. */
export const source = { left: 0, given: 0 };

const step = (n) => async () => ({ ok: true, n });
const checkpoint = { mode: 'checkpoint', batchSize: 50 };

class Verdict {
  verdict;
}
IsIn(['yes', 'no'])(Verdict.prototype, 'verdict');

class Approve {
  answer = Verdict;
  props({ input }) {
    return { total: input.total };
  }
}
Screen({ id: 'approve', title: 'Approve the order' })(Approve);

class Records {
  async read({ limit }) {
    const size = Math.min(limit, source.left);
    source.left -= size;
    const records = Array.from({ length: size }, () => ({ key: `record-${String(source.given++).padStart(9, '0')}`, input: { i: 1 } }));
    return { records, rejected: [], cursor: source.given, done: source.left === 0 };
  }
}
Step({ id: 'read-records' })(Records);

const child = workflow('child', { version: 1 }).then('s1', step(1));

const WORKFLOWS = [
  workflow('steps-1', { version: 1 }).then('s1', step(1)),
  workflow('steps-3', { version: 1 }).then('s1', step(1)).then('s2', step(2)).then('s3', step(3)),
  workflow('carry', { version: 1 }).then('s1', (ctx) => ctx.input),
  workflow('carry-3', { version: 1 })
    .then('s1', (ctx) => ctx.input)
    .then('s2', (ctx) => ctx.input)
    .then('s3', (ctx) => ctx.input),
  workflow('noise', { version: 1 }).then('s1', step(1)),
  workflow('wait', { version: 1 })
    .then('s1', step(1))
    .then('answer', async (ctx) => {
      if (ctx.isResumed) return ctx.resumeData;
      const { id } = await ctx.createAsyncResult();
      asked.set(ctx.runId, id);
      return ctx.resumeWhenComplete(id);
    })
    .then('s2', step(2)),
  workflow('timer', { version: 1 })
    .waitUntil((ctx) => new Date(ctx.input.due).toISOString())
    .then('s1', (ctx) => {
      fired.get(ctx.input.mark)(Date.now());
      return { ok: true };
    }),
  child,
  workflow('parent', { version: 1 }).forEachRun(
    (ctx) => Array.from({ length: ctx.input.children }, (_, i) => i),
    child,
    (i) => ({ i }),
    // The most that it takes at a time; the bare loop starts all at once.
    { id: 'children', concurrency: 1_000 },
  ),
  workflow('record', { version: 1 }).then('s1', step(1)),
  emitter('records', { version: 1, source: Records, processor: 'record' }),
  workflow('screen', { version: 1 }).then('s1', step(1)).screen(Approve).then('s2', step(2)),
  ...Object.entries({ durable: 'durable', checkpoint, direct: 'direct' }).map(([mode, delivery]) =>
    workflow(`pass-${mode}`, { version: 1 }).forEach(
      (ctx) => Array.from({ length: ctx.input.items }, (_, i) => i),
      (item) => item.then('s1', step(1), { delivery }),
      { id: 'items' },
    ),
  ),
];

export class BenchModule {}
WorkflowModule({ workflows: WORKFLOWS, providers: [Approve, Records] })(BenchModule);

export const answerClassOf = () => Verdict;
