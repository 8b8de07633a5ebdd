// The rows of the list, newest first and without gaps, and how an answer of the server changes them. What somebody reads does not move:
// a run that is there already changes in its place, one that no longer fits the filter stays, marked as gone, and new ones are only
// counted, until the reader lets the list move.
import type { Page } from '../../connection/use-connection.js';
import type { RunRow } from '../runs.query.js';

export type RunEdge = Page<RunRow>['edges'][number];

export interface RunRows {
  readonly edges: readonly RunEdge[];
  /** Whether there are older ones. */
  readonly hasMore: boolean;
  /** Shown, but no longer what the filter asks for. */
  readonly gone: ReadonlySet<string>;
  /** How many newer ones are known that are not shown. */
  readonly news: number;
  /** Whether there are more new ones than that. */
  readonly hasMoreNews: boolean;
}

const NOBODY: ReadonlySet<string> = new Set();
export const NO_ROWS: RunRows = { edges: [], hasMore: true, gone: NOBODY, news: 0, hasMoreNews: false };

/** @param page what comes after the last row */
export function withOlder(rows: RunRows, page: Page<RunRow>): RunRows {
  return { ...rows, edges: [...rows.edges, ...page.edges], hasMore: page.pageInfo.hasNextPage };
}

/**
 * Lets the list be what the server says: the page from the top, then what was known of older ones.
 *
 * @param page from the top
 */
export function moved(rows: RunRows, page: Page<RunRow>): RunRows {
  const last = page.edges.at(-1)?.node.id;
  const older = last === undefined || !page.pageInfo.hasNextPage ? [] : rows.edges.filter(({ node }) => node.id < last);
  // Between the page and the rows there may be others that nobody asked for: then the rows below begin anew.
  const isJoined = rows.edges.some(({ node }) => node.id === last);
  return isJoined && older.length > 0
    ? { edges: [...page.edges, ...older], hasMore: rows.hasMore, gone: keep(rows.gone, older), news: 0, hasMoreNews: false }
    : { edges: page.edges, hasMore: page.pageInfo.hasNextPage, gone: NOBODY, news: 0, hasMoreNews: false };
}

/**
 * Changes rows in their places.
 *
 * @param after how many rows stand before the page; 0 for a page from the top, which also tells of new ones
 */
export function changedInPlace(rows: RunRows, page: Page<RunRow>, after: number): RunRows {
  const first = rows.edges[after];
  if (!first) return rows;
  const fresh = new Map(page.edges.map((edge) => [edge.node.id, edge]));
  const last = page.pageInfo.hasNextPage ? (page.edges.at(-1)?.node.id ?? '') : '';
  const gone = new Set(rows.gone);
  const edges = rows.edges.map((edge, index) => {
    const { id } = edge.node;
    if (index < after || id < last) return edge;
    const now = fresh.get(id);
    if (now) gone.delete(id);
    else gone.add(id);
    return now ?? edge;
  });
  if (after > 0) return { ...rows, edges, gone };
  const news = page.edges.filter(({ node }) => node.id > first.node.id).length;
  return { ...rows, edges, gone, news, hasMoreNews: news === page.edges.length && page.pageInfo.hasNextPage };
}

function keep(gone: ReadonlySet<string>, edges: readonly RunEdge[]): ReadonlySet<string> {
  return gone.size === 0 ? gone : new Set(edges.map(({ node }) => node.id).filter((id) => gone.has(id)));
}
