import type { Json } from '@stepwell/contracts';
import { definitionOf, type Flow, type InjectedItem, migrateFrom, Step, type StepHandler, workflow } from '@stepwell/sdk';
import { fold } from '../apply.js';
import type { NodesInjectedPayload } from '../facts/inject.facts.js';
import { forkAt } from '../fork.js';
import { compile } from '../graph/compile.js';
import { migrationOf } from '../migration.js';
import { type DriverStepContext, LET_TIME_PASS, RunDriver } from '../testing/run-driver.js';

const undone: unknown[] = [];
@Step({ id: 'refund' })
class Refund implements StepHandler<unknown> {
  run({ params }: { params: unknown }) {
    undone.push(params);
    return null;
  }
}

/** Does what its params say. */
@Step({ id: 'work' })
class Work implements StepHandler<unknown> {
  readonly run = ((ctx: DriverStepContext) => {
    const { adds, first, failsOnce } = ctx.params as { adds?: string; first?: true; failsOnce?: true };
    if (failsOnce && ctx.attempt === 1) throw new Error('no');
    if (adds !== undefined) ctx.inject([node(adds)], first ? { position: 0 } : {});
    return (ctx.item as InjectedItem).id.toUpperCase();
  }) as never;
}

const node = (id: string, params: object = {}, options = {}) => ({ id, handler: 'work', params, options });
const plan = (...nodes: readonly object[]) => ((ctx: DriverStepContext) => void ctx.inject(nodes as never, { at: 'point' })) as never;
const point = <In>(flow: Flow<In>): Flow<In> =>
  flow.inject({ work: { handler: Work, params: Object as never, compensate: Refund } }, { id: 'point' });
const begin = (options = {}) => workflow<unknown>('order', { version: 1, ...options });
const ids = (driver: RunDriver) => (driver.read.resultOf('point') as { id: string }[]).map(({ id }) => id);
const said = (nodes: readonly object[], more: object = {}): Json => ({ at: { path: 'point', iteration: '' }, nodes, position: null, max: 9, key: null, by: null, ...more }) as Json; // prettier-ignore

async function untilItWaits(driver: RunDriver): Promise<void> {
  for (;;) {
    const next = driver.possible.find((name) => name !== LET_TIME_PASS);
    if (next === undefined) return;
    await driver.make(next);
  }
}

describe('an inject point', () => {
  it('runs what was injected, new work before what has not begun or behind it, and gives what each came to', async () => {
    const flow = point(begin().then('plan', plan(node('a', { adds: 'first', first: true }), node('b', { adds: 'last' }), node('c'))));
    const driver = RunDriver.of(flow.then('read', (ctx) => [ctx.resultOf('first'), ctx.resultOf('c')]));
    await driver.settle();
    expect(ids(driver)).toEqual(['a', 'first', 'b', 'c', 'last']);
    expect(driver.read.resultOf('point')).toContainEqual({ id: 'first', handler: 'work', output: 'FIRST' });
    expect(driver.state.output).toEqual(['FIRST', 'C']);
  });

  it('is passed at once when nothing was injected', async () => {
    const driver = RunDriver.of(point(begin()));
    await driver.settle();
    expect([driver.facts, driver.state.output]).toEqual([['run.started', 'inject.turned', 'run.ended'], []]);
  });

  it('takes retry and delay from the node where it brings some', async () => {
    const flow = begin().then('plan', plan(node('a', { failsOnce: true }, { retry: { attempts: 2, backoff: '1m' }, delay: '1h' })));
    const driver = RunDriver.of(point(flow));
    await driver.settle();
    expect([ids(driver), driver.now]).toEqual([['a'], 1_000 + 3_600_000 + 60_000]);
  });

  it('forgets nothing of a node that undoes: it is undone with its own params, and injected no second time by a retry', async () => {
    let isBroken = true;
    const flow = point(begin().then('plan', plan(node('a', { n: 1 }), node('b', { n: 2 }))));
    const driver = RunDriver.of(flow.then('end', () => { if (isBroken) throw new Error('no'); return 'done'; })); // prettier-ignore
    undone.length = 0;
    await driver.settle();
    expect(undone).toEqual([2, 1].map((n) => ({ output: n === 1 ? 'A' : 'B', params: { n } })));
    isBroken = false;
    const again = driver.retry();
    await again.settle();
    expect([again.state.status, ids(again)]).toEqual(['completed', ['a', 'b']]);
  });

  it('takes more from a step before it that was undone, and begins anew in a retry', async () => {
    const replans = ((ctx: DriverStepContext) => void ctx.inject([node(`plan-${ctx.generation}`)], { at: 'point' })) as never;
    const ends = ((ctx: DriverStepContext) => { if (ctx.generation === 0) throw new Error('no'); return 'done'; }) as never; // prettier-ignore
    const driver = RunDriver.of(point(begin().then('plan', replans, { compensate: Refund })).then('end', ends));
    await driver.settle();
    const again = driver.retry();
    await again.settle();
    expect([again.state.status, ids(again)]).toEqual(['completed', ['plan-0', 'plan-1']]);
  });

  it('has nodes of its own in each turn of a loop', async () => {
    const turn = (flow: Flow<unknown>) =>
      point(flow.then('plan', ((ctx: DriverStepContext) => void ctx.inject([node(ctx.index === 0 ? 'a' : 'b'), node('c')], { at: 'point' })) as never)); // prettier-ignore
    const driver = RunDriver.of(begin().loop(turn, { id: 'loop', maxIterations: 2 }));
    await driver.settle();
    expect(driver.state.output).toMatchObject({ output: ['b', 'c'].map((id) => ({ id })) });
    expect(driver.state.injected.size).toBeLessThan(3);
  });
});

describe('nodes that are injected', () => {
  it('once: the same again adds nothing, another one of the id is refused, and so is what is too much', async () => {
    const again = (nodes: object[]) => RunDriver.of(point(begin({ maxInjected: 2 }).then('plan', plan(node('a'), node('b'))).then('again', plan(...nodes)))); // prettier-ignore
    const end = async (driver: RunDriver) => (await driver.settle(), driver.state.fault?.code ?? ids(driver));
    expect(await end(again([node('b'), node('a')]))).toEqual(['a', 'b']);
    expect(await end(again([node('a', { other: true })]))).toBe('INJECTION_ID_TAKEN');
    expect(await end(again([node('c')]))).toBe('INJECTION_LIMIT');
  });

  it('fail where their handler does not stand: they were accepted for the version from which the run was migrated', async () => {
    const driver = RunDriver.of(point(begin().wait('1m', { id: 'early' })));
    await untilItWaits(driver);
    driver.database.append('nodes.injected', said([{ ...node('z'), handler: 'gone' }]));
    await driver.settle();
    expect(driver.state.fault).toMatchObject({ code: 'INJECTION_HANDLER_UNKNOWN', message: 'There is no handler "gone". What may be injected: "work".' }); // prettier-ignore
  });

  it('by two steps at a time are counted together: the second one fails, and nothing of it is kept', async () => {
    const branch = (name: string) => (flow: Flow<unknown>) => flow.then(name, plan(node(`${name}-1`), node(`${name}-2`)));
    const flow = begin({ maxInjected: 3 }).parallel({ x: branch('x'), y: branch('y') }, { mode: 'collect-all' });
    const driver = RunDriver.of(point(flow));
    await driver.make('begin parallel-1/x/x!1.0');
    await driver.make('begin parallel-1/y/y!1.0');
    await driver.settle();
    expect([driver.read.resultOf('parallel-1'), ids(driver)]).toMatchObject([
      { x: { status: 'completed' }, y: { status: 'failed', error: { code: 'INJECTION_LIMIT' } } },
      ['x-1', 'x-2'],
    ]);
  });

  it('from outside are a fact, each key once, and refused in the journal when the run has gone on', async () => {
    const driver = RunDriver.of(point(begin().wait('1m', { id: 'early' })).wait('1h', { id: 'late' }));
    await untilItWaits(driver);
    driver.database.append('nodes.injected', said([node('b')], { key: 'k' }));
    driver.database.append('nodes.injected', said([node('x')], { key: 'k' }));
    driver.database.append('nodes.injected', said([node('a')], { position: 0, key: 'l' } satisfies Partial<NodesInjectedPayload>));
    await untilItWaits(driver);
    await driver.make(LET_TIME_PASS);
    await untilItWaits(driver);
    expect(ids(driver)).toEqual(['a', 'b']);
    driver.database.append('nodes.injected', said([node('z')]));
    await driver.settle();
    const told = driver.database.journal.filter(({ path, type }) => path === '' && !type.startsWith('run.'));
    expect(told.map(({ type, payload }) => [type, (payload as { code?: string }).code])).toEqual([
      ['nodes.injected', undefined],
      ['message.ignored', undefined],
      ['nodes.injected', undefined],
      ['injection.refused', 'INJECTION_TOO_LATE'],
    ]);
  });

  it('belong to the output: whoever goes on behind it has them, and whoever goes on before it has not', async () => {
    const flow = point(begin().then('plan', plan(node('a'))));
    const driver = RunDriver.of(flow);
    await driver.settle();
    const { journal } = driver.database;
    const seq = journal.findIndex(({ path }) => path === 'plan') + 1;
    expect(forkAt(driver.graph, journal, { behind: seq })?.state.injected.size).toBe(1);
    expect(forkAt(driver.graph, journal, { path: 'plan', iteration: '' })?.state.injected.size).toBe(0);
    expect(forkAt(driver.graph, journal, { path: 'point', iteration: '' })?.state.injected.size).toBe(1);
  });

  it('move to another version with their point, unless their handler is not there any more', async () => {
    const old = begin()
      .then('plan', plan(node('a'), node('b')))
      .wait('1h', { id: 'pause' });
    const driver = RunDriver.of(point(old));
    await untilItWaits(driver);
    const to = (build: (flow: Flow<unknown>) => Flow<unknown>) => compile(definitionOf(build(workflow<unknown>('order', { version: 2 }).then('plan', () => null).wait('1h', { id: 'pause' })))); // prettier-ignore
    const kinds = new Map([...driver.graph.byPath].map(([path, { definition }]) => [path, definition.kind]));
    const migrated = (build: (flow: Flow<unknown>) => Flow<unknown>, rename = {}) => migrationOf(to(build), migrateFrom(1, { rename }), kinds, driver.database.journal, 2_000); // prettier-ignore
    expect(migrated((flow) => flow.inject({ other: { handler: Work } }, { id: 'point' })).problems).toEqual([
      '"a" was injected at "point" for the handler "work", which does not stand there in version 2',
    ]);
    expect(migrated((flow) => flow).problems).toEqual(['nodes were injected at "point", and version 2 has no such inject point']);
    const into = (flow: Flow<unknown>) => flow.inject({ work: { handler: Work, params: Object as never } }, { id: 'place' });
    const plans = migrated(into, { point: 'place' });
    expect(plans.problems).toEqual([]);
    const later = driver.migrate(to(into), plans, {});
    later.crash();
    await later.settle();
    expect((later.state.output as { id: string }[]).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(fold(later.database.journal).injected.get('place', '')?.order).toEqual([0, 1]);
  });
});
