import type { RunRow } from '../runs.query.js';
import { changedInPlace, moved, NO_ROWS, withOlder, type RunRows } from './run-rows.js';

const run = (id: string, status: RunRow['status'] = 'running'): RunRow => ({
  ...{ id, workflow: 'orders', title: 'Orders', status, waitReasons: [], dueAt: null, createdAt: '', endedAt: null },
  ...{ startedBy: 'api', errorMessage: null, subject: null, isQuiet: false, columns: [] },
});
const page = (runs: readonly RunRow[], hasNextPage = true) => ({
  edges: runs.map((node) => ({ cursor: node.id, node })),
  pageInfo: { hasNextPage, endCursor: runs.at(-1)?.id ?? null },
});
const rowsOf = (ids: string, hasMore = true) =>
  withOlder(
    NO_ROWS,
    page(
      [...ids].map((id) => run(id)),
      hasMore,
    ),
  );
const ids = ({ edges }: RunRows) => edges.map(({ node }) => node.id).join('');
const statusOf = ({ edges }: RunRows, id: string) => edges.find(({ node }) => node.id === id)?.node.status;

describe('rows that somebody reads', () => {
  it('change in their places, and new ones are counted', () => {
    const rows = changedInPlace(rowsOf('fedcba'), page([run('h'), run('g'), run('f', 'completed'), run('e')]), 0);
    expect(ids(rows)).toBe('fedcba');
    expect(statusOf(rows, 'f')).toBe('completed');
    expect([rows.news, rows.hasMoreNews, rows.gone.size]).toEqual([2, false, 0]);
  });

  it('are marked when the filter no longer wants them, and only where the page looked', () => {
    const rows = changedInPlace(rowsOf('fedcba'), page([run('f'), run('d')]), 0);
    expect(ids(rows)).toBe('fedcba');
    expect([...rows.gone]).toEqual(['e']);
    const back = changedInPlace(rows, page([run('e'), run('d')]), 1);
    expect(back.gone.size).toBe(0);
  });

  it('change in the middle without a word about the top', () => {
    const rows = changedInPlace({ ...rowsOf('fedcba'), news: 3 }, page([run('d', 'failed'), run('b')]), 2);
    expect(statusOf(rows, 'd')).toBe('failed');
    expect([...rows.gone]).toEqual(['c']);
    expect(rows.news).toBe(3);
  });

  it('say that there are more new ones than a page holds', () => {
    const rows = changedInPlace(rowsOf('cba'), page([run('h'), run('g')]), 0);
    expect([rows.news, rows.hasMoreNews, rows.gone.size]).toEqual([2, true, 0]);
  });

  it('at the end of everything are gone when the last page lacks them', () => {
    expect([...changedInPlace(rowsOf('cba', false), page([run('c'), run('b')], false), 0).gone]).toEqual(['a']);
  });
});

describe('rows that may move', () => {
  it('are the page and what was known below it', () => {
    const rows = moved({ ...rowsOf('fedcba'), news: 1 }, page([run('g'), run('f'), run('d')]));
    expect(ids(rows)).toBe('gfdcba');
    expect([rows.news, rows.gone.size, rows.hasMore]).toEqual([0, 0, true]);
  });

  it('begin anew when runs may stand between the page and them', () => {
    const rows = moved(rowsOf('cba', false), page([run('h'), run('g')]));
    expect([ids(rows), rows.hasMore]).toEqual(['hg', true]);
  });

  it('are the page alone when nothing comes after it', () => {
    expect(ids(moved(rowsOf('cba', false), page([run('c')], false)))).toBe('c');
    expect(ids(moved(rowsOf('cba', false), page([], false)))).toBe('');
  });
});
