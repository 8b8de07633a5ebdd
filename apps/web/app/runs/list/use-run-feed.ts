import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useClient, useQuery } from 'urql';
import { coalesce } from '../../connection/coalesce.js';
import { toRunFilter, type RunFilter, type RunListFilter } from '../run-filter.js';
import { RunCountQuery, RunsQuery } from '../runs.query.js';
import { RunFeed } from './run-feed.js';

/** One who comes back from a run finds the list as it was left, where it was left. */
export interface KeptList {
  readonly address: string;
  readonly feed: RunFeed;
  readonly filter: RunListFilter;
  /** In pixels from the top. */
  offset: number;
  /** What it shows may be old. */
  wasLeft: boolean;
}

let kept: KeptList | undefined;

/** The list of this filter; another filter is another list. */
export function useRunFeed(filter: RunFilter): KeptList {
  const client = useClient();
  const address = JSON.stringify(filter);
  const list = useMemo(() => {
    if (kept?.address === address) return kept;
    const asked = toRunFilter(JSON.parse(address) as RunFilter, Date.now());
    const feed = new RunFeed(async (first, after) => {
      const variables = { first, after, filter: asked };
      const { data, error } = await client.query(RunsQuery, variables, { requestPolicy: 'network-only' }).toPromise();
      return { page: data?.runs, error };
    });
    return { address, feed, filter: asked, offset: 0, wasLeft: false };
  }, [client, address]);
  useEffect(() => {
    kept = list;
    if (!list.feed.snapshot().isLoaded) void list.feed.loadMore();
    return () => {
      list.wasLeft = true;
    };
  }, [list]);
  return list;
}

export function useFeedState({ feed }: KeptList) {
  return useSyncExternalStore(feed.subscribe, feed.snapshot);
}

/** To count is dear, and nobody follows a number of thousands by the second. */
const RECOUNT_MS = 10_000;

/** How many there are; undefined until it is known. */
export function useRunCount({ filter }: KeptList): { readonly count: number | undefined; readonly recount: () => void } {
  const [{ data }, ask] = useQuery({ query: RunCountQuery, variables: { filter }, requestPolicy: 'cache-and-network' });
  const recount = useMemo(() => coalesce(() => ask({ requestPolicy: 'network-only' }), RECOUNT_MS), [ask]);
  useEffect(() => () => recount.cancel(), [recount]);
  return { count: data?.runs.totalCount, recount };
}
