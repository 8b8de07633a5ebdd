/**
 * What a new kind of node takes, shown with one that Stepwell does not have: a loop. It is registered here and nowhere else, and nests,
 * is read, survives crashes and keeps its facts apart by iteration like any other, without a change in decide, fold, reading or storage.
 */
import { definitionOf, type Flow, workflow } from '@stepwell/sdk';
import { compile } from '../graph/compile.js';
import { innerIteration } from '../graph/iteration.js';
import type { NodeKind } from '../graph/node-kind.js';
import { type DriverStepContext, RunDriver } from '../testing/run-driver.js';
import { NODE_KINDS } from './index.js';

interface RepeatNode {
  readonly kind: 'repeat';
  readonly id: string;
  readonly times: number;
  readonly nodes: readonly never[];
}

const repeatKind = {
  kind: 'repeat',
  label: (definition: RepeatNode) => `${definition.times} times`,
  bodies: (definition: RepeatNode) => [{ segment: 'turn', nodes: definition.nodes, repeats: true as const }],
  advance: (node, iteration, decision) => {
    const output = [];
    const [body] = node.bodies;
    for (let turn = 0; body && turn < (node.definition as unknown as RepeatNode).times; turn++) {
      const outcome = decision.advanceBody(body, innerIteration(iteration, turn));
      if (outcome.status !== 'completed') return outcome;
      output.push(outcome.output ?? null);
    }
    return { status: 'completed', output };
  },
} satisfies Omit<NodeKind, 'kind' | 'label' | 'bodies'> & Record<string, unknown>;

beforeAll(() => void NODE_KINDS.set('repeat', repeatKind as unknown as NodeKind));

function repeat(flow: Flow<unknown>, id: string, times: number, branch: (flow: Flow<unknown>) => Flow<unknown>): Flow<unknown> {
  const builder = flow as unknown as { nodes: unknown[]; branch(build: typeof branch): unknown[] };
  builder.nodes.push({ kind: 'repeat', id, times, nodes: builder.branch(branch) });
  return flow;
}

const reads = (id: string) => (ctx: unknown) => (ctx as DriverStepContext).resultOf(id);

describe('a new kind of node', () => {
  it('is compiled into the graph like any other', () => {
    const graph = compile(definitionOf(repeat(workflow<unknown>('order', { version: 1 }), 'twice', 2, (flow) => flow.wait('1m'))));
    expect([...graph.byPath.keys()]).toEqual(['twice', 'twice/turn/wait-1']);
  });

  it('keeps the facts of its turns apart, and reads inside a turn what belongs to that turn', async () => {
    let count = 0;
    const flow = workflow<unknown>('order', { version: 1 }).then('before', () => 'b');
    repeat(flow, 'outer', 2, (outer) => {
      repeat(
        outer.then('number', () => ++count),
        'inner',
        2,
        (inner) => inner.wait('1m').then('seen', (ctx) => [ctx.resultOf('number'), ctx.resultOf('before')]),
      );
      return outer.when((ctx) => ctx.resultOf('number') === 2, (yes) => yes.then('second', reads('number') as never)); // prettier-ignore
    });
    const driver = RunDriver.of(flow.then('after', reads('outer') as never));
    for (let count = 0; !driver.hasEnded && count < 1_000; count++) {
      await driver.moves()[0]?.make();
      if (count % 7 === 0) driver.crash();
    }
    const seen = driver.database.journal.filter((fact) => fact.type === 'step.completed' && fact.path.endsWith('seen'));
    expect(seen.map((fact) => fact.iteration)).toEqual(['0.0', '0.1', '1.0', '1.1']);
    const numbers = driver.database.journal
      .filter((fact) => fact.path.endsWith('number'))
      .map((fact) => (fact.payload as { output: number }).output);
    expect(seen.map((fact) => (fact.payload as { output: unknown }).output)).toEqual(numbers.flatMap((number) => [[number, 'b'], [number, 'b']])); // prettier-ignore
    expect(driver.state.status).toBe('completed');
  });

  it('does not mix the turns of two loops that stand side by side', async () => {
    const flow = workflow<unknown>('order', { version: 1 });
    repeat(flow, 'first', 2, (inner) => inner.then('a', () => 'a'));
    repeat(flow, 'second', 2, (inner) => inner.then('b', (ctx) => ctx.maybeResultOf('a') ?? 'not seen from here'));
    const driver = RunDriver.of(flow);
    await driver.settle();
    expect(driver.state.output).toEqual(['not seen from here', 'not seen from here']);
  });

  it('cancels only its own turn when a parallel in it fails', async () => {
    const flow = workflow<unknown>('order', { version: 1 }).parallel(
      {
        loop: (branch) =>
          repeat(branch, 'twice', 2, (turn) =>
            turn.parallel({ a: (one) => one.wait('1h'), b: (one) => one.then('b', (ctx) => fail(ctx)) }, { id: 'inner' }),
          ),
      },
      { mode: 'collect-all' },
    );
    const driver = RunDriver.of(flow);
    await driver.settle();
    const canceled = driver.database.journal.filter((fact) => fact.type === 'branches.canceled');
    expect(canceled.map((fact) => fact.iteration)).toEqual(['0']);
    expect(driver.state.status).toBe('completed');
  });
});

function fail(_ctx: unknown): never {
  throw new Error('no');
}
