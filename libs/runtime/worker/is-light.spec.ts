import { emptyState, nodeOf } from '@stepwell/engine';
import { isLight } from './is-light.js';

const text = 'x'.repeat(9_000);

it.each([
  ['a text', text],
  ['a text in an object, in a list', [{ a: 1, b: { text } }]],
  ['many small things', Array.from({ length: 1_000 }, () => 1)],
  ['what is in a map', new Map([['a', { text }]])],
  ['a key of a map', new Map([[text, 1]])],
])('%s may be heavy', (_what, value) => expect(isLight(value)).toBe(false));

it('a state is light until a node of it has much to keep', () => {
  const state = emptyState();
  expect(isLight(state)).toBe(true);
  nodeOf(state, 'a', '', 'completed').output = { ok: true };
  expect(isLight(state)).toBe(true);
  nodeOf(state, 'b', '0.1', 'completed').output = text;
  expect(isLight(state)).toBe(false);
});
