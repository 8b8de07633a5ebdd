import { cancelBy, definitionOf, emitter, event, Screen, signal, Step, workflow } from '@stepwell/sdk';
import { NODE_KINDS } from '../kinds/index.js';
import { compile } from './compile.js';
import { outline } from './outline.js';

@Step({ id: 'triage-order', retry: { attempts: 3, backoff: '2s' }, timeout: '1m', queue: 'slow' })
class Triage {
  run() {
    return { large: true };
  }
}

@Screen({ id: 'approve-order', title: 'Approve the order' })
class Approve {
  readonly answer = class Answer {};
  props() {
    return null;
  }
}

@Step({ id: 'read-orders' })
class Source {
  async read() {
    return { records: [], rejected: [], cursor: null, done: true };
  }
}

const Filed = event<{ id: string }>('order.filed');
const child = workflow<unknown>('letter', { version: 1 }).then('send', () => 1);

const Checked = signal('checked', class Check {});
const everything = workflow<unknown>('order', { version: 1, signals: [Checked], cancelOn: [cancelBy(Filed, () => ({}))] })
  .then(Triage)
  .then('plain', () => 1)
  .when(
    (ctx) => ctx.resultOf(Triage).large,
    (yes) => yes.screen(Approve, { due: '4h', priority: 5 }),
  ) // prettier-ignore
  .parallel({ a: (flow) => flow.wait('1m'), b: (flow) => flow.waitUntil('2026-03-01T08:00Z') }, { mode: 'collect-all', concurrency: 1 })
  .forEach(
    () => [1],
    (flow) => flow.subWorkflow(child, () => 1, { mode: 'detach' }),
    { concurrency: 4 },
  ) // prettier-ignore
  .race({ fast: (flow) => flow.then('run', () => 1) }, { first: 'settled' })
  .try((flow) => flow.cancellationScope((inner) => inner.then('try-it', () => 1)), {
    catch: (flow) => flow.then('catch-it', () => 1),
    finally: (flow) => flow.then('end-it', () => 1),
  })
  .route((ctx) => ctx.resultOf<string>('plain'), { hot: (flow) => flow.wait('1s') }, { otherwise: (flow) => flow.wait('2s') })
  .route({ open: { when: () => true, branch: (flow) => flow.wait('3s') } })
  .abSplit({ control: { weight: 2 }, fresh: { weight: 1, branch: (flow) => flow.wait('4s') } }, { by: (ctx) => ctx.runId })
  .loop((flow) => flow.wait('5s'), { while: (ctx) => ctx.index < 2, maxIterations: 9, atCap: 'continue', pause: '1m' })
  .forEachRun(
    () => [1],
    child,
    (item) => item,
    { concurrency: 4, onItemFailure: 'collect' },
  )
  .inject({ triage: { handler: Triage, id: 'triage-more' } })
  .waitForSignal(Checked, { timeout: '2d' })
  .waitForEvent(Filed, { timeout: '1d', since: 'registration' })
  .emit(Filed, () => ({ id: '1' }));

const drawn = outline(compile(definitionOf(everything)));
const of = (path: string) => drawn.nodes.find((node) => node.path === path);
const LEAF = { parent: null, branch: null, branches: [], mayTakeNone: false, handler: null, event: null, workflow: null, options: {} };

describe('the outline of a graph', () => {
  it('lists the nodes in order, without those that stand beside the flow', () => {
    expect(drawn.nodes.map(({ path, kind }) => [path, kind])).toEqual([
      ['triage-order', 'step'],
      ['plain', 'step'],
      ['when-1', 'if'],
      ['when-1/0/approve-order', 'screen'],
      ['parallel-1', 'parallel'],
      ['parallel-1/a/wait-1', 'wait'],
      ['parallel-1/b/wait-2', 'wait'],
      ['for-each-1', 'for-each'],
      ['for-each-1/each/sub-workflow-1', 'sub-workflow'],
      ['race-1', 'race'],
      ['race-1/fast/run', 'step'],
      ['try-1', 'try'],
      ['try-1/try/cancellation-scope-1', 'cancellation-scope'],
      ['try-1/try/cancellation-scope-1/inside/try-it', 'step'],
      ['try-1/catch/catch-it', 'step'],
      ['try-1/finally/end-it', 'step'],
      ['route-1', 'router'],
      ['route-1/hot/wait-3', 'wait'],
      ['route-1/otherwise/wait-4', 'wait'],
      ['route-2', 'router'],
      ['route-2/open/wait-5', 'wait'],
      ['ab-split-1', 'ab-split'],
      ['ab-split-1/fresh/wait-6', 'wait'],
      ['loop-1', 'loop'],
      ['loop-1/turn/wait-7', 'wait'],
      ['for-each-run-1', 'for-each-run'],
      ['for-each-run-1/each/for-each-run-1.run', 'sub-workflow'],
      ['inject-1', 'inject'],
      ['inject-1/triage/triage-more', 'step'],
      ['wait-for-signal-1', 'wait-for-signal'],
      ['wait-for-event-1', 'wait-for-event'],
      ['emit-1', 'emit'],
    ]);
  });

  it('leads from node to node and into each branch', () => {
    const edges = drawn.edges.map(({ from, to, branch }) => `${from} ${branch === null ? '' : `${branch} `}> ${to}`);
    expect(edges).toEqual([
      'triage-order > plain',
      'plain > when-1',
      'when-1 0 > when-1/0/approve-order',
      'when-1 > parallel-1',
      'parallel-1 a > parallel-1/a/wait-1',
      'parallel-1 b > parallel-1/b/wait-2',
      'parallel-1 > for-each-1',
      'for-each-1 each > for-each-1/each/sub-workflow-1',
      'for-each-1 > race-1',
      'race-1 fast > race-1/fast/run',
      'race-1 > try-1',
      'try-1 try > try-1/try/cancellation-scope-1',
      'try-1/try/cancellation-scope-1 inside > try-1/try/cancellation-scope-1/inside/try-it',
      'try-1 catch > try-1/catch/catch-it',
      'try-1 finally > try-1/finally/end-it',
      'try-1 > route-1',
      'route-1 hot > route-1/hot/wait-3',
      'route-1 otherwise > route-1/otherwise/wait-4',
      'route-1 > route-2',
      'route-2 open > route-2/open/wait-5',
      'route-2 > ab-split-1',
      'ab-split-1 fresh > ab-split-1/fresh/wait-6',
      'ab-split-1 > loop-1',
      'loop-1 turn > loop-1/turn/wait-7',
      'loop-1 > for-each-run-1',
      'for-each-run-1 each > for-each-run-1/each/for-each-run-1.run',
      'for-each-run-1 > inject-1',
      'inject-1 triage > inject-1/triage/triage-more',
      'inject-1 > wait-for-signal-1',
      'wait-for-signal-1 > wait-for-event-1',
      'wait-for-event-1 > emit-1',
    ]);
  });

  it.each([
    ['a step', 'triage-order', { handler: 'triage-order', options: { attempts: 3, backoffMs: 2_000, timeoutMs: 60_000, queue: 'slow' } }],
    ['a plain function', 'plain', {}],
    ['a screen', 'when-1/0/approve-order', { label: 'Approve the order', parent: 'when-1', branch: '0', handler: 'approve-order', options: { dueMs: 14_400_000, priority: 5 } }],
    ['a wait', 'parallel-1/a/wait-1', { parent: 'parallel-1', branch: 'a', options: { durationMs: 60_000 } }],
    ['a wait until', 'parallel-1/b/wait-2', { parent: 'parallel-1', branch: 'b', options: { untilAt: Date.UTC(2026, 2, 1, 8) } }],
    ['a child', 'for-each-1/each/sub-workflow-1', { label: 'letter', parent: 'for-each-1', branch: 'each', workflow: 'letter', options: { mode: 'detach' } }],
    ['a wait for an event', 'wait-for-event-1', { label: 'order.filed', event: 'order.filed', options: { timeoutMs: 86_400_000, since: 'registration' } }],
    ['a wait for a signal', 'wait-for-signal-1', { label: 'checked', options: { timeoutMs: 172_800_000 } }],
    ['an emit', 'emit-1', { label: 'order.filed', event: 'order.filed' }],
    ['an if', 'when-1', { mayTakeNone: true, branches: [{ segment: '0', label: 'ctx.resultOf(Triage).large', repeats: false }] }],
    ['a router by value', 'route-1', { branches: [{ segment: 'hot', label: 'hot', repeats: false }, { segment: 'otherwise', label: 'otherwise', repeats: false }], options: { by: "ctx.resultOf('plain')" } }],
    ['a router by conditions', 'route-2', { branches: [{ segment: 'open', label: 'open: true', repeats: false }] }],
    ['a split', 'ab-split-1', { mayTakeNone: true, branches: [{ segment: 'fresh', label: 'fresh (33 %)', repeats: false }], options: { by: 'ctx.runId', rest: 'control (67 %)' } }],
    ['a loop', 'loop-1', { mayTakeNone: true, branches: [{ segment: 'turn', label: 'each turn', repeats: true }], options: { while: 'ctx.index < 2', maxIterations: 9, atCap: 'continue', pauseMs: 60_000 } }],
    ['a parallel', 'parallel-1', { branches: [{ segment: 'a', label: 'a', repeats: false }, { segment: 'b', label: 'b', repeats: false }], options: { mode: 'collect-all', concurrency: 1 } }],
    ['a race', 'race-1', { branches: [{ segment: 'fast', label: 'fast', repeats: false }], options: { first: 'settled' } }],
    ['a for-each', 'for-each-1', { mayTakeNone: true, branches: [{ segment: 'each', label: 'each item', repeats: true }], options: { concurrency: 4 } }],
    ['a for-each of runs', 'for-each-run-1', { mayTakeNone: true, branches: [{ segment: 'each', label: 'each item', repeats: true }], options: { concurrency: 4, onItemFailure: 'collect' } }],
    ['the run of an item', 'for-each-run-1/each/for-each-run-1.run', { label: 'letter', parent: 'for-each-run-1', branch: 'each', workflow: 'letter' }],
  ])('tells of %s what its author set', (_name, path, expected) => {
    const { id, kind, label } = of(path) ?? {};
    expect(of(path)).toEqual({ ...LEAF, path, id, kind, label, ...expected });
  }); // prettier-ignore

  it('tells of an emitter its source and what it feeds', () => {
    const intake = outline(compile(definitionOf(emitter('intake', { version: 1, source: Source, processor: 'order', batchSize: 20 }))));
    expect(intake.nodes).toEqual([
      { ...LEAF, path: 'read-orders', id: 'read-orders', kind: 'emit-records', label: 'read-orders → order', handler: 'read-orders', workflow: 'order', options: { batchSize: 20 } }, // prettier-ignore
    ]);
  });

  it('names the arms of an if by their conditions, where those are one expression', () => {
    const flow = workflow<unknown>('order', { version: 1 })
      .when(
        (ctx) => {
          return ctx.input === 1;
        },
        (arm) => arm.wait('1s'),
      ) // prettier-ignore
      .elseIf(
        ({ input }) => input === 2,
        (arm) => arm.wait('1s'),
      ) // prettier-ignore
      .elseIf(
        ({ input }) =>
          input ===
          'a text so long that nobody reads to its end, because there is so much of it, and more, and more, and more still, until it is cut off somewhere about here',
        (arm) => arm.wait('1s'),
      ) // prettier-ignore
      .otherwise((arm) => arm.wait('1s'));
    const [node] = outline(compile(definitionOf(flow))).nodes;
    const [bare, plain, long, last] = node?.branches.map(({ label }) => label) ?? [];
    expect([bare, plain, last]).toEqual(['when', 'input === 2', 'otherwise']);
    expect(long).toMatch(/^input === 'a text .{141}…$/);
    expect(node?.mayTakeNone).toBe(false);
  });

  it('knows every kind that there is', () => {
    const seen = new Set([...drawn.nodes.map(({ kind }) => kind), 'cancel-on', 'emit-records', 'compensation']);
    expect([...seen].sort()).toEqual([...NODE_KINDS.keys()].sort());
  });

  it('is JSON', () => {
    expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn);
  });
});
