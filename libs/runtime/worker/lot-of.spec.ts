import { pickVariant } from '@stepwell/engine';
import { lotOf } from './lot-of.js';

const variantOf = (node: string, user: number, weights: readonly number[]) => pickVariant(lotOf(`mailing\0${node}\0user-${user}`), weights);

describe('the lot of a text', () => {
  it('is as published', () => {
    // Computed after docs/reference/nodes.md by another program; what analyses elsewhere compute rests on it.
    expect([1, 2, 3, 4].map((user) => variantOf('subject', user, [2, 1]))).toEqual([0, 0, 1, 0]);
    expect(lotOf('mailing\0subject\0user-1')).toBeCloseTo(0.5508792139271854, 12);
  });

  it('splits a hundred thousand keys by the weights', () => {
    const counts = [0, 0, 0, 0];
    for (let user = 0; user < 100_000; user++) {
      const index = variantOf('subject', user, [1, 0, 2, 7]);
      counts[index] = (counts[index] ?? 0) + 1;
    }
    const [a = 0, none, b = 0, c = 0] = counts;
    expect(none).toBe(0);
    // Chi-squared with two degrees of freedom is above 13.8 once in a thousand; these keys are always the same.
    expect((a - 10_000) ** 2 / 10_000 + (b - 20_000) ** 2 / 20_000 + (c - 70_000) ** 2 / 70_000).toBeLessThan(13.8);
  });

  it('is drawn anew for another node', () => {
    const both = Array.from({ length: 1_000 }, (_, user) => `${variantOf('a', user, [1, 1])} ${variantOf('b', user, [1, 1])}`);
    expect(new Set(both).size).toBe(4);
  });
});
