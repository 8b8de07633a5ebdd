import { definitionOf, type Flow, workflow } from '@stepwell/sdk';
import { compile } from './compile.js';
import { changesSince, lockedNodes, withGraphs } from './graph-lock.js';

const step = (id: string) => (flow: Flow<unknown>) => flow.then(id, () => 1);
const graphOf = (build: (flow: Flow<unknown>) => Flow<unknown>, version = 1) =>
  compile(definitionOf(build(workflow<unknown>('order', { version }))));

const released = lockedNodes(
  graphOf((flow) => flow.then('price', () => 1).when(() => true, step('review')).wait('1h', { id: 'rest' })), // prettier-ignore
);
const changes = (build: (flow: Flow<unknown>) => Flow<unknown>) => changesSince(released, graphOf(build));

describe('the lock of a graph', () => {
  it('keeps every node by kind and path, in order', () => {
    expect(released).toEqual(['step price', 'if when-1', 'step when-1/0/review', 'wait rest']);
  });

  it('says of each node what has become of it', () => {
    expect(changes((flow) => flow.then('price', () => 2).when(() => false, step('review')).wait('2h', { id: 'rest' }))).toEqual([]); // prettier-ignore
    expect(changes((flow) => flow.then('cost', () => 1).when(() => true, step('check')).then('rest', () => 1))).toEqual([
      '"price" (step) is now "cost"',
      '"when-1/0/review" (step) is now "when-1/0/check"',
      '"rest" was a wait and is a step',
    ]); // prettier-ignore
    expect(changes((flow) => flow.then('price', () => 1).then('note', () => 1).wait('1h', { id: 'rest' }))).toEqual([
      '"when-1" (if) is gone',
      '"note" (step) is new',
    ]); // prettier-ignore
    expect(changes((flow) => flow.when(() => true, step('review')).then('price', () => 1).wait('1h', { id: 'rest' }))).toEqual([
      'its nodes stand in another order',
    ]); // prettier-ignore
  });

  it('takes new versions, in the order of names, and keeps those that are hosted no more', () => {
    const lock = withGraphs({ zebra: { 1: ['step z'] }, order: { 1: released } }, [graphOf(step('price'), 2)]);
    expect(lock).toEqual({ order: { 1: released, 2: ['step price'] }, zebra: { 1: ['step z'] } });
    expect(Object.keys(lock)).toEqual(['order', 'zebra']);
  });
});
