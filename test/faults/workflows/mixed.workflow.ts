/** Every kind of node in one graph, nested, for runs that go on while everything around them fails. What each run comes to is known: see `mixedTotal`. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Flow, type ForEachRunResult, type InjectedResult, type LoopResult, type ReadContext, workflow } from '@stepwell/sdk';
import { Add, Addend } from './elsewhere.workflow.js';
import { Call, Go, Never, type Work } from './inputs.js';
import { ITEMS } from './mixed-total.js';

const NUMBERS = Array.from({ length: ITEMS }, (_, number) => number);

export const mixedChild = workflow<{ readonly op: number; readonly number: number }>('mixed-child', { version: 1 })
  .then('begin', async (ctx) => {
    await pause(5);
    return ctx.input.number;
  })
  .wait('20ms')
  .then('double', (ctx) => ctx.resultOf<number>('begin') * 2);

const numberOf = (ctx: ReadContext): number => ctx.item as number;

/** Doubles the number of its item: by a child run, by a step that fails first, or after a rest. */
function doubled(each: Flow<Work>): Flow<Work> {
  return each.route((ctx) => (['child', 'second-try', 'rest'] as const)[numberOf(ctx) % 3] ?? 'rest', {
    child: (flow) => flow.subWorkflow(mixedChild, (ctx) => ({ op: ctx.input.op, number: numberOf(ctx) })),
    'second-try': (flow) =>
      flow.then('second-try', (ctx) => onlyAtTheSecondTry(ctx.attempt, numberOf(ctx) * 2), { retry: { attempts: 2, backoff: '10ms' } }),
    rest: (flow) => flow.then('after-a-rest', (ctx) => (ctx.isResumed ? numberOf(ctx) * 2 : ctx.suspend({ for: '30ms' }))),
  });
}

function onlyAtTheSecondTry<T>(attempt: number, value: T): T {
  if (attempt < 2) throw new Error('The first attempt fails.');
  return value;
}

interface Parts {
  readonly items: readonly number[];
  readonly go: { readonly event: { readonly payload: Work } };
  readonly turns: LoopResult<number>;
  readonly runs: ForEachRunResult;
  readonly race: { readonly winner: string; readonly output: number };
  readonly caught: number;
  readonly choice: number;
  readonly added: readonly InjectedResult<number>[];
}

export const mixed = workflow<Work>('mixed', { version: 1 })
  // Events that are sent at once come before the wait for them has begun.
  .then('set-out', () => pause(300, null))
  .parallel(
    {
      items: (flow) => flow.forEach<number>(() => NUMBERS, doubled, { concurrency: 3 }),
      go: (flow) => flow.waitForEvent(Go, { match: (ctx) => ({ op: ctx.input.op }) }),
      never: (flow) => flow.waitForEvent(Never, { match: (ctx) => ({ op: ctx.input.op }), timeout: '200ms' }),
      soon: (flow) => flow.wait('100ms').waitUntil((ctx) => new Date(ctx.input.weight)),
      apart: (flow) => flow.subWorkflow(mixedChild, (ctx) => ({ op: ctx.input.op, number: 1 }), { mode: 'detach' }),
      turns: (flow) =>
        flow.loop<number>((turn, previousOf) => turn.then('turn', (ctx) => (previousOf(ctx) ?? 0) + 1), {
          maxIterations: 3,
        }),
      runs: (flow) =>
        flow.forEachRun(
          () => [1, 2, 3, 4],
          mixedChild,
          (number, _, ctx) => ({ op: ctx.input.op, number }),
          { concurrency: 2 },
        ),
      race: (flow) => flow.race({ fast: (one) => one.then('fast', () => 5), slow: (other) => other.wait('1h') }),
      caught: (flow) =>
        flow.try((risky) => risky.then('risky', () => Promise.reject(new Error('It always fails.'))), {
          catch: (mended) => mended.then('mend', () => 7),
          finally: (last) => last.cancellationScope((scope) => scope.then('tidy', () => 0)),
        }),
      choice: (flow) =>
        flow
          .when(
            ({ input }) => input.op % 3 === 0,
            (yes) => yes.then('first-arm', () => 8),
          )
          .elseIf(
            ({ input }) => input.op % 3 === 1,
            (yes) => yes.then('second-arm', () => 8),
          )
          .otherwise((no) => no.then('last-arm', () => 8)),
      added: (flow) =>
        flow
          .then('plan', (ctx) => ctx.inject([4, 5].map((number) => ({ id: `add-${number}`, handler: 'add', params: { number } }))))
          .inject({ add: { handler: Add, params: Addend } }),
      split: (flow) =>
        flow.abSplit({
          one: { weight: 1, branch: (a) => a.then('one', () => 1) },
          other: { weight: 1, branch: (b) => b.then('other', () => 2) },
        }),
    },
    { id: 'parts' },
  )
  .then('total', (ctx) => {
    const { items, go, turns, runs, race, caught, choice, added } = ctx.resultOf<Parts>('parts');
    const numbers = [...items, ...added.map(({ output }) => output), turns.iterations, runs.completed, race.output, caught, choice];
    return numbers.reduce((sum, number) => sum + number, go.event.payload.weight);
  });

/** Outputs that stay behind for a while. What may be lost of them is done again; the sum is the same. */
export const paced = workflow<Work>('paced', { version: 1 })
  .forEach<number>(
    () => NUMBERS,
    (each) => each.then('paced', (ctx) => numberOf(ctx) + 1, { delivery: { mode: 'checkpoint', checkpointInterval: 2 } }),
  )
  .then('direct', (ctx) => ctx.input.weight, { delivery: 'direct' })
  .then('sum', (ctx) => ctx.resultOf<number>('direct') + ITEMS);

/** At work for longer than a lease, so that it is still so when whoever had it before comes back. */
export const unhurried = workflow<Work>('unhurried', { version: 1 }).forEach<number>(
  () => NUMBERS.slice(0, 4),
  (each) =>
    each.then('take-time', async (ctx) => {
      await pause(1_500);
      return numberOf(ctx);
    }),
  { concurrency: 1 },
);

/** Three of a key are at work at a time. */
export const capped = workflow<Work>('capped', { version: 1, concurrency: { limit: 3, key: ({ op }) => `key-${op % 4}` } })
  .then('hold', async (ctx) => {
    await pause(10);
    return ctx.input.weight;
  })
  .wait('20ms')
  .then('again', (ctx) => ctx.resultOf<number>('hold'));

export const single = workflow<Work>('single', { version: 1, singleton: { key: ({ op }) => `key-${op % 16}` } }).then(
  'only',
  (ctx) => ctx.input.weight,
);

/** Two events, which all of a group hear; a group is named by the operation that began it. */
export const called = workflow<Work & { readonly group?: number }>('called', { version: 1 })
  .waitForEvent(Call, { id: 'first', match: (ctx) => ({ op: ctx.input.group ?? ctx.input.op }) })
  .waitForEvent(Call, { id: 'second', match: (ctx) => ({ op: ctx.input.group ?? ctx.input.op }) });

/** At a time that there is twice in one night of the year, and not at all in another. */
export const nightly = workflow('nightly', {
  version: 1,
  schedule: { cron: '30 2 * * *', zone: 'Europe/Berlin', overlap: 'allow', catchUp: 'all' },
}).then('rise', () => null);

/** Rings at the instant that all of its kind were given. */
export const timed = workflow<Work & { readonly at: string }>('timed', { version: 1 })
  .waitUntil((ctx) => new Date(ctx.input.at))
  .then('ring', (ctx) => ctx.input.op);
