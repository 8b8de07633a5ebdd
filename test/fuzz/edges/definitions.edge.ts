/**
 * What an author may write where no compiler looks: workflows with wrong names, options and nodes. What is wrong is told at the boot, with a
 * code and the place; a TypeError from inside says neither. A text that begins with # stands for what is no data, see `THINGS`.
 */
import { ERRORS, StepwellError } from '@stepwell/contracts';
import { hostedWorkflows } from '@stepwell/runtime';
import { businessCalendar, event, on, Screen, signal, Step, type StepHandler, workflow, WorkflowModule } from '@stepwell/sdk';
import { IsString } from 'class-validator';
import fc from 'fast-check';
import type { Edge } from '../edge.js';
import { hostile, hostileText, mutated } from '../values.js';

interface Program {
  readonly name: unknown;
  readonly options: unknown;
  readonly nodes: readonly { readonly method: string; readonly args: unknown }[];
}

class Words {
  @IsString()
  words!: string;
}

@Step({ id: 'work' })
class Work implements StepHandler<number> {
  run(): number {
    return 1;
  }
}

@Screen({ id: 'ask', title: 'Ask' })
class Ask {
  readonly answer = Words;
}

const thing = event<{ id: string }>('fuzz.thing', { external: true });
const word = signal('word', Words);

/** What stands for itself in no JSON. */
const THINGS: Readonly<Record<string, unknown>> = {
  '#step': Work,
  '#screen': Ask,
  '#class': Words,
  '#event': thing,
  '#signal': word,
  '#on': on(thing, () => ({ input: null })),
  '#calendar': businessCalendar({ zone: 'UTC' }),
  '#child': workflow('child', { version: 1 }).then('end', () => 1),
  '#fn': () => 'a',
  '#undefined': undefined,
  '#branch': (flow: { then(id: string, run: () => unknown): unknown }) => flow.then(`inner-${branches++}`, () => 1),
  '#empty': (flow: unknown) => flow,
  '#nan': Number.NaN,
  '#date': new Date(Number.NaN),
  '#symbol': Symbol('x'),
};
let branches = 0;

/** Right ones, of each method of the builder. A method without any is called with what is wrong alone. */
const RIGHT: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  then: [
    ['first', '#fn'],
    ['#step'],
    ['#step', { id: 'again', retry: { attempts: 3, backoff: '1s' }, timeout: '1m', queue: 'gpu', priority: 2, onExhausted: 'park' }],
    ['x', '#fn', { delivery: 'buffered', output: '#class', cache: { ttl: '1h', key: '#fn' } }],
    ['y', '#fn', { compensate: '#step', externalEffect: { verify: '#fn' } }],
  ],
  screen: [
    ['#screen'],
    [
      '#screen',
      {
        id: 'other',
        due: '4h',
        priority: 5,
        escalate: [{ after: '1h', to: { groups: ['a'] } }],
        reviews: { of: 3, agree: 2 },
        assign: { groups: ['a'] },
        undoWindow: '5m',
        columns: { A: '#fn' },
      },
    ],
  ],
  when: [
    ['#fn', '#branch'],
    ['#fn', '#branch', '#branch'],
  ],
  parallel: [
    [
      { a: '#branch', b: '#branch' },
      { mode: 'collect-all', concurrency: 2 },
    ],
  ],
  race: [[{ a: '#branch', b: '#branch' }, { first: 'settled' }]],
  route: [['#fn', { a: '#branch', b: '#branch' }, { otherwise: '#branch' }], [{ a: { when: '#fn', branch: '#branch' } }]],
  abSplit: [[{ a: { weight: 1, branch: '#branch' }, b: { weight: 2, branch: '#branch' } }]],
  forEach: [['#fn', '#branch', { concurrency: 3, id: 'each' }]],
  forEachRun: [['#fn', '#child', { concurrency: 3 }]],
  loop: [['#branch', { while: '#fn', maxIterations: 5, pause: '1s' }]],
  wait: [['1d'], ['2bd', { id: 'w' }], ['#fn']],
  waitUntil: [['2026-03-01T08:00Z'], ['#fn']],
  waitForEvent: [['#event', { timeout: '1d', since: 'registration', match: '#fn' }]],
  waitForSignal: [['#signal', { timeout: '1d' }], ['word']],
  emit: [['#event', '#fn', { id: 'tell' }]],
  subWorkflow: [['#child', '#fn', { mode: 'wait' }]],
  try: [['#branch', { catch: '#branch', finally: '#branch' }]],
  cancellationScope: [['#branch', { id: 'scope' }]],
  inject: [[{ note: { handler: '#step' } }, { id: 'notes' }]],
};

const METHODS = Object.getOwnPropertyNames(Object.getPrototypeOf(workflow('any', { version: 1 }))).filter(
  (name) => !['constructor', 'nextId', 'branch'].includes(name),
);

const OPTIONS: readonly unknown[] = [
  { version: 1 },
  {
    version: 1,
    title: 'A',
    input: '#class',
    calendar: '#calendar',
    signals: ['#signal'],
    startOn: ['#on'],
    columns: { A: '#fn' },
    maxInjected: 3,
  },
  { version: 2, deprecated: true, priority: 3, concurrency: { limit: 2, key: '#fn' }, delivery: 'buffered', config: { a: 'b' } },
  { version: 2, canary: 10, singleton: true, schedule: { cron: '0 6 * * 1-5', zone: 'Europe/Zurich', input: '#fn' } },
  { version: 3, schedule: { cron: '0 0 31 2 *', missed: 'all', overlap: 'skip' }, interceptors: ['#class'], cancelOn: [] },
];

const strange = fc.oneof({ weight: 2, arbitrary: hostile }, { weight: 1, arbitrary: fc.constantFrom(...Object.keys(THINGS)) });
const node = fc.constantFrom(...METHODS).chain((method) => {
  const right = RIGHT[method] ?? [];
  const wrong = fc.array(strange, { maxLength: 3 });
  return fc.record({
    method: fc.constant(method),
    args:
      right.length === 0
        ? wrong
        : fc.oneof(
            { weight: 5, arbitrary: fc.constantFrom<unknown>(...right) },
            { weight: 5, arbitrary: fc.constantFrom(...right).chain(mutated) },
            { weight: 1, arbitrary: wrong },
          ),
  });
});
const programs: fc.Arbitrary<Program> = fc.record({
  name: fc.oneof(
    { weight: 16, arbitrary: fc.constant('fuzzed') },
    { weight: 1, arbitrary: hostileText },
    { weight: 1, arbitrary: strange },
  ),
  options: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...OPTIONS) },
    { weight: 6, arbitrary: fc.constantFrom(...OPTIONS).chain(mutated) },
    { weight: 1, arbitrary: strange },
  ),
  nodes: fc.array(node, { minLength: 1, maxLength: 3 }),
});

export const definitionsEdge: Edge<Program> = {
  ...{ name: 'definitions', share: 6, together: 1, inputs: programs },
  attempt: async (program) => {
    try {
      host(program);
      return { accepted: true, faults: [], answer: 'hosted' };
    } catch (error) {
      if (error instanceof StepwellError && error.code in ERRORS && error.message.length > 10)
        return { accepted: false, faults: [], answer: error.code };
      return {
        accepted: false,
        faults: [`Threw ${error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 4).join(' ') : String(error)}`],
        answer: 'thrown',
      };
    }
  },
};

function host({ name, options, nodes }: Program): void {
  let flow = workflow(stood(name) as never, stood(options) as never) as unknown as Record<string, (...args: unknown[]) => never>;
  for (const { method, args } of nodes) flow = flow[method]?.(...[stood(args)].flat()) ?? flow;
  class Fuzzed {}
  WorkflowModule({ workflows: [flow as never, THINGS['#child'] as never], providers: [Work, Ask] })(Fuzzed);
  hostedWorkflows([Fuzzed]);
}

function stood(value: unknown): unknown {
  if (typeof value === 'string' && value in THINGS) return THINGS[value];
  if (Array.isArray(value)) return value.map(stood);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, stood(one)]));
}
