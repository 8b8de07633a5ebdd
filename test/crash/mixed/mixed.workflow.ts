/** Every kind of node in one graph, nested, for runs that go on while everything around them dies. What each run comes to is known. */
import { setTimeout as pause } from 'node:timers/promises';
import { cancelBy, event, type Flow, type ReadContext, workflow } from '@stepwell/sdk';

export interface MixedInput {
  readonly id: string;
  readonly items: number;
}

/** Lets the run with this id go on. */
export const MixedGo = event<{ id: string; weight: number }>('mixed.go', { external: true });
/** Cancels it. */
export const MixedStop = event<{ id: string }>('mixed.stop', { external: true });
/** Nobody ever emits it. */
const MixedNever = event<{ id: string }>('mixed.never', { external: true });
export const MixedDone = event<{ id: string; total: number }>('mixed.done');

export const mixedChild = workflow<{ number: number }>('mixed-child', { version: 1 })
  .then('begin', async (ctx) => {
    await pause(5);
    return ctx.input.number;
  })
  .wait('20ms')
  .then('double', (ctx) => ctx.resultOf<number>('begin') * 2);

type Numbered = (ctx: ReadContext) => number;

/** Doubles the number of its item: by a child run, by a step that fails first, or after a rest. */
function doubled(each: Flow<MixedInput>, numberOf: Numbered): Flow<MixedInput> {
  return each
    .when(
      (ctx) => numberOf(ctx) % 3 === 0,
      (child) => child.subWorkflow(mixedChild, (ctx) => ({ number: numberOf(ctx) })),
    )
    .elseIf(
      (ctx) => numberOf(ctx) % 3 === 1,
      (step) =>
        step.then('second-try', (ctx) => onlyAtTheSecondTry(ctx.attempt, numberOf(ctx) * 2), { retry: { attempts: 2, backoff: '10ms' } }),
    )
    .otherwise((rest) => rest.then('after-a-rest', (ctx) => (ctx.isResumed ? numberOf(ctx) * 2 : ctx.suspend({ for: '30ms' }))));
}

function onlyAtTheSecondTry<T>(attempt: number, value: T): T {
  if (attempt < 2) throw new Error('The first attempt fails.');
  return value;
}

interface Parts {
  readonly items: readonly number[];
  readonly go: { readonly event: { readonly payload: { readonly weight: number } } };
}

export const mixed = workflow<MixedInput>('mixed', {
  version: 1,
  cancelOn: [cancelBy(MixedStop, (input: MixedInput) => ({ id: input.id }))],
})
  .parallel(
    {
      items: (flow) =>
        flow.forEach<number>((ctx) => Array.from({ length: ctx.input.items }, (_, number) => number), doubled, { concurrency: 3 }),
      go: (flow) => flow.waitForEvent(MixedGo, { match: (ctx) => ({ id: ctx.input.id }) }),
      never: (flow) => flow.waitForEvent(MixedNever, { match: (ctx) => ({ id: ctx.input.id }), timeout: '200ms' }),
      soon: (flow) => flow.waitUntil(() => new Date(Date.now() + 100)),
      apart: (flow) => flow.subWorkflow(mixedChild, () => ({ number: 1 }), { mode: 'detach' }),
    },
    { id: 'parts' },
  )
  .then('total', (ctx) => {
    const { items, go } = ctx.resultOf<Parts>('parts');
    return items.reduce((sum, number) => sum + number, go.event.payload.weight);
  })
  .emit(MixedDone, (ctx) => ({ id: ctx.input.id, total: ctx.resultOf<number>('total') }));
