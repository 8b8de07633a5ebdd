import type { Json } from '@stepwell/contracts';
import { type Flow, type InjectedItem, Step, type StepHandler } from '@stepwell/sdk';
import { mustEqual } from './must-equal.js';
import type { DriverStepContext } from './run-driver.js';
import { fail, UndoStep } from './tree-values.js';
import { type Expected, OTHER_QUEUE, type Tree } from './tree.js';

/**
 * A step plans two nodes; the first of them finds that another one comes before the second, and one behind, and says once more what is
 * planned already. Each reads what those before it came to.
 */
export function injectTree(
  flow: Flow<unknown>,
  { way }: Extract<Tree, { kind: 'inject' }>,
  id: string,
  isReached: boolean,
  checked: <T>(ctx: DriverStepContext, value: T) => T,
): Expected {
  const [plain, grows] = [`${id}_plain`, `${id}_grows`];
  const node = (short: string) => ({ id: `${id}_${short}`, handler: short === 'a' ? grows : plain });
  const order = ['a', 'c', 'b', 'd'].map(node);
  const plan = (ctx: DriverStepContext): unknown => {
    const output = checked(ctx, null);
    return after(ctx.inject([node('a'), node('b')], { at: id }), output);
  };
  const run = (ctx: DriverStepContext): unknown => {
    const item = ctx.item as InjectedItem;
    const place = order.findIndex((one) => one.id === item.id);
    mustEqual([item.handler, item.params], [order[place]?.handler, null], `The item of ${item.id}`);
    for (const one of order.slice(0, place)) mustEqual(ctx.resultOf(one.id), { id: one.id }, `What ${item.id} reads`);
    if (way === 'sleeps' && !ctx.isResumed) return ctx.suspendFor(60_000);
    if (way === 'retries' && ctx.attempt === 1) return fail();
    const output = checked(ctx, { id: item.id });
    if (item.handler !== grows) return output;
    const first = ctx.inject([node('c')], { position: 0 });
    return after(first, undefined, () => after(ctx.inject([node('b'), node('d')]), output));
  };
  @Step({ id: `${id}-injected`, retry: { attempts: 2, backoff: '10s' } })
  class Injected implements StepHandler<unknown> {
    readonly run = run as never;
  }
  const undo = way === 'undoable' ? { compensate: UndoStep } : {};
  const options = { handler: Injected, ...undo, ...(way === 'elsewhere' ? { queue: OTHER_QUEUE } : {}) };
  flow.then(`${id}-plan`, plan as never, undo);
  flow.inject({ [plain]: options, [grows]: options }, { id });
  if (!isReached) return { status: 'not-reached' };
  return { status: 'completed', output: order.map((one): Json => ({ ...one, output: { id: one.id } })) };
}

/** A worker's context checks what is injected, and takes its time. */
function after(done: unknown, value: unknown, then = (): unknown => value): unknown {
  return done instanceof Promise ? done.then(then) : then();
}
