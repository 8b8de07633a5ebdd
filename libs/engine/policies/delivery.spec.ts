import { definitionOf, type Delivery, workflow } from '@stepwell/sdk';
import type { FactDraft } from '../facts/fact.js';
import { compile } from '../graph/compile.js';
import { Backlog, deliveryOf } from './delivery.js';

const flow = workflow('import', { version: 1, delivery: 'direct' })
  .then('read', () => 1)
  .then('keep', () => 1, { checkpoint: true })
  .then('by-three', () => 1, { delivery: { mode: 'checkpoint', batchSize: 3 } satisfies Delivery })
  .then('charge', () => 1, { externalEffect: true });
const graph = compile(definitionOf(flow));

const of = (path: string, more: Partial<FactDraft> = {}): FactDraft => ({
  ...{ type: 'step.completed', path, iteration: '', attempt: 1, payload: { output: 1 } },
  ...more,
});
const choice = of('when', { type: 'branch.chosen' });

function mayStay(...drafts: readonly FactDraft[]): boolean {
  const backlog = new Backlog(graph);
  for (const draft of drafts) backlog.add(draft);
  return backlog.mayStay;
}

it.each<[string, boolean, readonly FactDraft[]]>([
  ['the output of a step that is direct', true, [of('read')]],
  ['as many as there are', true, Array.from({ length: 1_000 }, () => of('read'))],
  ['a choice behind such an output', true, [of('read'), choice]],
  ['a choice behind what is in the journal', false, [choice]],
  ['two of three', true, [of('by-three'), of('by-three'), of('read')]],
  ['three of three', false, [of('by-three'), of('read'), of('by-three'), of('by-three')]],
  ['a boundary', false, [of('read'), of('keep')]],
  ['what is behind a boundary', false, [of('keep'), of('read')]],
  ['an effect outside', false, [of('charge')]],
  ['a failed attempt', false, [of('read'), of('read', { type: 'attempt.failed' })]],
  ['an event that the step emits', false, [of('read', { effects: { emitEvents: [] } })]],
  ['more than a commit carries with ease', false, [of('read', { payload: { output: 'x'.repeat(2 ** 20) } })]],
  ['nothing', false, []],
])('%s may stay behind: %s', (_what, may, drafts) => {
  expect(mayStay(...drafts)).toBe(may);
});

it('counts anew once it is written', () => {
  const backlog = new Backlog(graph);
  for (let count = 0; count < 3; count++) backlog.add(of('by-three'));
  backlog.written();
  backlog.add(of('by-three'));
  expect(backlog.mayStay).toBe(true);
});

it('a step says it before its workflow does', () => {
  expect(['read', 'keep', 'by-three', 'charge'].map((path) => deliveryOf(graph, path).every)).toEqual([Infinity, 1, 3, 1]);
});
