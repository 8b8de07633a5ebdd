import { definitionOf, workflow } from '@stepwell/sdk';
import { changesBetween, contextAt } from './checkpoints.js';
import type { Fact } from './facts/fact.js';
import { forkAt } from './fork.js';
import { compile } from './graph/compile.js';

const graph = compile(definitionOf(workflow<{ amount: number }>('invoice', { version: 1 }).then('price', () => 1).then('send', () => 2))); // prettier-ignore

const at = (seq: number, type: string, path: string, payload: Fact['payload']): Fact => ({
  ...{ seq, type, version: 1, path, iteration: '', attempt: path === '' ? 0 : 1, payload, at: seq },
});
const FACTS = [
  at(1, 'run.started', '', { input: { amount: 5 } }),
  at(2, 'step.completed', 'price', { output: { net: 5, tax: 1 }, startedAt: 1 }),
  at(3, 'checkpoint.saved', 'send', { value: 'half' }),
  at(4, 'checkpoint.saved', 'send', { value: 'most' }),
  at(5, 'step.completed', 'send', { output: 'sent', startedAt: 3 }),
  at(6, 'run.ended', '', { status: 'completed', output: 'sent' }),
];

it('stands behind an output, and behind what a step has saved; nowhere else', () => {
  expect(FACTS.filter(({ seq }) => contextAt(FACTS, seq) !== undefined).map(({ seq }) => seq)).toEqual([2, 3, 4, 5]);
});

it('knows what the run knew there', () => {
  const price = { path: 'price', iteration: '', output: { net: 5, tax: 1 } };
  expect(contextAt(FACTS, 2)).toEqual({ input: { amount: 5 }, outputs: [price], saved: [] });
  expect(contextAt(FACTS, 4)).toMatchObject({ outputs: [price], saved: [{ path: 'send', iteration: '', output: 'most' }] });
  expect(contextAt(FACTS, 5)).toMatchObject({ outputs: [price, { path: 'send', iteration: '', output: 'sent' }], saved: [] });
});

it('differs from another one by what was added, changed and removed, whatever the order of keys', () => {
  const [two, three, four, five] = [2, 3, 4, 5].map((seq) => contextAt(FACTS, seq));
  if (!two || !three || !four || !five) throw new Error('There are four.');
  const send = { path: 'send', iteration: '' };
  expect(changesBetween(three, four)).toEqual([{ what: 'saved', ...send, before: 'half', after: 'most' }]);
  expect(changesBetween(four, five)).toEqual([
    { what: 'output', ...send, before: undefined, after: 'sent' },
    { what: 'saved', ...send, before: 'most', after: undefined },
  ]);
  const turned = { ...two, input: { amount: 6 }, outputs: [{ path: 'price', iteration: '', output: { tax: 1, net: 5 } }] };
  expect(changesBetween(two, turned)).toEqual([{ what: 'input', path: '', iteration: '', before: { amount: 5 }, after: { amount: 6 } }]);
});

it('is where a fork goes on, at the next step, with what a step under way had saved', () => {
  expect(forkAt(graph, FACTS, { behind: 2 })).toMatchObject({ facts: 2, begun: { reopened: [] } });
  const under = forkAt(graph, FACTS, { behind: 4 });
  expect([under?.facts, under?.state.saved.get('send', '')]).toEqual([4, 'most']);
});
