import { definitionOf, workflow } from '@stepwell/sdk';
import { apply } from './apply.js';
import { decide } from './decide.js';
import { compile } from './graph/compile.js';
import { emptyState } from './run-state.js';
import { RunDriver } from './testing/run-driver.js';

const begin = () => workflow<unknown>('order', { version: 1 });
const steps = (count: number) => {
  let flow = begin();
  for (let index = 0; index < count; index++) flow = flow.then(`s${index}`, () => index);
  return flow;
};

describe('decide', () => {
  it('has nothing to say about a run that has not begun', () => {
    const { actions, waits } = decide(compile(definitionOf(steps(1))), emptyState(), 0);
    expect([actions, waits]).toEqual([[], []]);
  });

  it.each(['completed', 'failed', 'canceled'])('has nothing to say about a run that is %s, whatever else is open in it', async (status) => {
    const driver = RunDriver.of(begin().parallel({ a: (flow) => flow.wait('1h'), b: (flow) => flow.then('b', () => 1) }));
    await driver.make('commit');
    const at = { path: '', iteration: '', attempt: 0, version: 1, at: 0 };
    apply(driver.state, { ...at, seq: driver.state.lastSeq + 1, type: 'run.ended', payload: { status } });
    const { actions, waits } = decide(driver.graph, driver.state, Number.MAX_SAFE_INTEGER);
    expect([actions, waits]).toEqual([[], []]);
  });

  it('gives the same answer when it is asked twice', async () => {
    const driver = RunDriver.of(begin().parallel({ a: (flow) => flow.wait('1h'), b: (flow) => flow.then('b', () => 1) }));
    await driver.make('commit');
    const ask = () => decide(driver.graph, driver.state, 0);
    expect(ask().actions.map(String)).toEqual(ask().actions.map(String));
    expect(ask().waits).toEqual(ask().waits);
  });

  it('says of a run that is held at a checkpoint that it has an incident, and nothing else of what it waited for', async () => {
    const fails = () => {
      throw new Error('no');
    };
    const driver = RunDriver.of(
      begin().parallel({
        a: (flow) => flow.then('a', (ctx) => ctx.resumeWhenComplete('never')),
        b: (flow) => flow.then('b', fails, { onExhausted: 'park' }),
      }),
    );
    await driver.settle();
    driver.state.holds.set(1, { seq: 1, isStopped: true } as never);
    expect(decide(driver.graph, driver.state, driver.now).waits.map(({ reason }) => reason)).toEqual(['incident', 'checkpoint']);
  });

  it('ends a run at once when it is canceled, and again after a crash', async () => {
    const driver = RunDriver.of(begin().wait('1h'));
    await driver.make('commit');
    driver.database.append('cancel.requested', { reason: 'wrong order', by: null });
    await driver.make('read the inbox');
    expect(driver.possible).toEqual(['end as canceled', 'commit']);
    await driver.make('commit');
    driver.crash();
    await driver.settle();
    expect(driver.state.status).toBe('canceled');
    expect(driver.facts.slice(-2)).toEqual(['cancel.requested', 'run.ended']);
  });

  it('cancels a run that waits for nothing but a person', async () => {
    const driver = RunDriver.of(begin().then('ask', (ctx) => ctx.resumeWhenComplete('never')));
    await driver.settle();
    expect(driver.possible).toEqual([]);
    driver.database.append('task.canceled', { reason: null, by: null, taskId: 'id-1' });
    await driver.settle();
    expect(driver.state.status).toBe('canceled');
  });

  it('does not walk the finished head of a long sequence again', async () => {
    const driver = RunDriver.of(steps(200));
    await driver.settle();
    expect(driver.state.output).toBe(199);
    const visited: string[] = [];
    const nodes = driver.state.nodes;
    const state = { ...driver.state, status: 'running' as const, nodes: new Proxy(nodes, { get: (map, key) => key === 'get' ? (path: string, iteration: string) => (visited.push(path), map.get(path, iteration)) : Reflect.get(map, key, map) as unknown }) }; // prettier-ignore
    decide(driver.graph, state, 0);
    expect(visited.length).toBeLessThan(3);
  });
});
