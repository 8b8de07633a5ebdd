import type { Json } from '@stepwell/contracts';
import { type Flow, type ReadContext, workflow } from '@stepwell/sdk';
import { mustEqual } from './must-equal.js';
import type { DriverStepContext } from './run-driver.js';
import type { Expected, Tree } from './tree.js';

const CHILD = workflow<{ of: string }>('child', { version: 1 });

/** Runs of items, listed page by page, of which one item may be refused. */
export function forEachRunTree(
  flow: Flow<unknown>,
  { items, page, refused, concurrency, onItemFailure }: Extract<Tree, { kind: 'for-each-run' }>,
  id: string,
  isReached: boolean,
  checked: <T>(ctx: DriverStepContext, value: T) => T,
): Expected {
  const names = Array.from({ length: items }, (_, index) => `${id}[${index}]`);
  const list = (ctx: ReadContext, cursor: Json) => {
    const from = Number(cursor);
    return checked(ctx as never, { items: names.slice(from, from + page), next: from + page < items ? from + page : null });
  };
  const input = (item: string, index: number, ctx: ReadContext) => {
    mustEqual([item, ctx.item], [names[index], names[index]], `The item of ${id}`);
    if (index === refused) throw new Error('no');
    return checked(ctx as never, { of: item });
  };
  flow.forEachRun<string, { of: string }>(list, CHILD, input, { id, concurrency, onItemFailure });
  if (!isReached) return { status: 'not-reached' };
  const failed = refused < items ? 1 : 0;
  if (failed > 0 && onItemFailure !== 'continue') return { status: 'failed' };
  return { status: 'completed', output: { total: items, completed: items - failed, failed } };
}
