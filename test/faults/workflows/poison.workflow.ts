/** Steps that do harm. Each ends, fails or is put aside as an incident; none takes its neighbours along. */
import { workflow } from '@stepwell/sdk';
import type { Harm } from './harms.js';

export interface Harmful {
  readonly op: number;
  readonly harm: Harm;
}

const DEEDS: Readonly<Record<Harm, () => unknown>> = {
  throw: () => {
    throw new Error('It always throws.');
  },
  hang: () => new Promise<never>(() => undefined),
  exit: () => process.exit(7),
  memory: () => {
    for (const all: unknown[] = []; ;) all.push(new Array(100_000).fill(all.length));
  },
  large: () => 'x'.repeat(50 * 1024 * 1024),
  nul: () => 'a\0b',
  surrogate: () => '\ud800',
  prototype: () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": 1}}') as unknown,
};

export const poison = workflow<Harmful>('poison', { version: 1 })
  .then('look', (ctx) => ctx.input.harm)
  .then('harm', (ctx) => DEEDS[ctx.input.harm](), { timeout: '5s' });
