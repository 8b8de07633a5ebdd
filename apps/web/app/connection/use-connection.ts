// A list in pages that stays whole while it changes. A refresh walks the wanted number of rows from the top again instead of patching
// pages one by one: rows that were pushed from one page to the next are neither lost nor shown twice.
import type { Client, CombinedError, TypedDocumentNode } from '@urql/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';

/** The most that the server gives at once. */
const LARGEST_PAGE = 100;

export interface Page<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

type PageVariables<Variables> = Variables & { first: number; after: string | null };

export interface ConnectionSource<Data, Variables, Node> {
  readonly query: TypedDocumentNode<Data, PageVariables<Variables>>;
  readonly variables: Variables;
  /** Picks the connection from the answer; undefined when its parent is gone. */
  readonly select: (data: Data) => Page<Node> | null | undefined;
  readonly pageSize?: number;
}

export interface Connection<Node> {
  /** While the first page of new variables is on its way these are the rows of the old ones. */
  readonly nodes: readonly Node[];
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly hasMore: boolean;
  readonly error: CombinedError | undefined;
  readonly loadMore: () => void;
  readonly refresh: () => void;
}

interface Rows<Node> {
  readonly nodes: readonly Node[];
  readonly end: string | null;
  readonly hasMore: boolean;
}

interface Shown<Node> extends Rows<Node> {
  readonly key: string;
  readonly error: CombinedError | undefined;
}

const NO_ROWS = { nodes: [], end: null, hasMore: true } as const;

export function useConnection<Data, Variables extends object, Node>(source: ConnectionSource<Data, Variables, Node>): Connection<Node> {
  const { query, select, pageSize = 50 } = source;
  const client = useClient();
  const key = JSON.stringify(source.variables);
  const [shown, setShown] = useState<Shown<Node>>(() => ({ ...cachedRows(client, source, pageSize), error: undefined }));
  const [isLoadingMore, setLoadingMore] = useState(false);
  const latest = useRef({ shown, select });
  useEffect(() => {
    latest.current = { shown, select };
  });
  const wanted = useRef(pageSize);
  // Each walk has a number; the answer to an older walk is dropped.
  const walk = useRef(0);

  const load = useCallback(
    async (from: Rows<Node>) => {
      const mine = ++walk.current;
      let rows = from;
      while (rows.hasMore && rows.nodes.length < wanted.current) {
        const first = Math.min(LARGEST_PAGE, wanted.current - rows.nodes.length);
        const variables = { ...(JSON.parse(key) as Variables), first, after: rows.end };
        const { data, error } = await client.query(query, variables, { requestPolicy: 'network-only' }).toPromise();
        if (mine !== walk.current) return;
        const page = data ? latest.current.select(data) : undefined;
        if (!page) {
          // What was shown stays; the error is shown beside it.
          setShown((old) => ({ ...(old.key === key ? old : { ...NO_ROWS, hasMore: false }), key, error }));
          return setLoadingMore(false);
        }
        rows = append(rows, page);
      }
      setShown({ ...rows, key, error: undefined });
      setLoadingMore(false);
    },
    [client, query, key],
  );

  useEffect(() => {
    wanted.current = pageSize;
    void load(NO_ROWS);
    return () => {
      walk.current++;
    };
  }, [load, pageSize]);

  const refresh = useCallback(() => void load(NO_ROWS), [load]);
  const loadMore = useCallback(() => {
    const { shown: rows } = latest.current;
    if (!rows.hasMore || rows.key !== key) return;
    wanted.current = rows.nodes.length + pageSize;
    setLoadingMore(true);
    void load(rows);
  }, [load, key, pageSize]);

  const isCurrent = shown.key === key;
  return {
    nodes: shown.nodes,
    isLoading: !isCurrent,
    isLoadingMore,
    hasMore: isCurrent && shown.hasMore,
    error: isCurrent ? shown.error : undefined,
    loadMore,
    refresh,
  };
}

function append<Node>(rows: Rows<Node>, { edges, pageInfo }: Page<Node>): Rows<Node> {
  return { nodes: [...rows.nodes, ...edges.map(({ node }) => node)], end: pageInfo.endCursor, hasMore: pageInfo.hasNextPage };
}

/** What a visit before this one left in the cache: shown at once, asked again at once. */
function cachedRows<Data, Variables extends object, Node>(
  client: Client,
  { query, variables, select }: ConnectionSource<Data, Variables, Node>,
  first: number,
): Rows<Node> & { key: string } {
  const cached = client.readQuery(query, { ...variables, first, after: null });
  const page = cached?.data ? select(cached.data) : undefined;
  return page ? { ...append(NO_ROWS, page), key: JSON.stringify(variables) } : { ...NO_ROWS, key: '' };
}
