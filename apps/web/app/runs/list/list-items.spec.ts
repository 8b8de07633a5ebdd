import type { RunRow } from '../runs.query.js';
import { listItems } from './list-items.js';

const edge = (id: string, isQuiet: boolean, workflow = 'intake') => ({
  cursor: id,
  node: { id, isQuiet, workflow } as RunRow,
});
const EDGES = [
  edge('g', true),
  edge('f', true),
  edge('e', false),
  edge('d', true),
  edge('c', true, 'other'),
  edge('b', true),
  edge('a', true),
];
const told = (opened: readonly string[] = []) =>
  listItems(EDGES, new Set(opened)).map((item) =>
    item.kind === 'run' ? item.run.id : `${item.latest.id}-${item.earliest.id}:${item.count}`,
  );

describe('the items of the list', () => {
  it('fold what found nothing, of one workflow and from two on', () => {
    expect(told()).toEqual(['g-f:2', 'e', 'd', 'c', 'b-a:2']);
  });

  it('show a stretch whole when one of its runs was opened', () => {
    expect(told(['a'])).toEqual(['g-f:2', 'e', 'd', 'c', 'b', 'a']);
  });

  it('know where they stand among the rows', () => {
    expect(listItems(EDGES, new Set()).map(({ row }) => row)).toEqual([0, 2, 3, 4, 5]);
  });
});
