// A query whose last good answer stays on the page while the server is away: what one reads, and the form one types into, do not give way
// to an error. The error is shown beside it.
import type { AnyVariables, CombinedError, TypedDocumentNode } from '@urql/core';
import { useCallback, useState } from 'react';
import { useQuery } from 'urql';

export interface KeptQuery<Data> {
  /** Of these variables, or still of the ones before while the answer is on its way. */
  readonly data: Data | undefined;
  readonly error: CombinedError | undefined;
  readonly isFetching: boolean;
  readonly refresh: () => void;
}

export function useKeptQuery<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): KeptQuery<Data> {
  // The variables' type may demand none, one or many of them; the library cannot see that here.
  const [{ data, error, fetching }, ask] = useQuery<Data>({ query, variables: variables ?? {}, requestPolicy: 'cache-and-network' });
  const key = JSON.stringify(variables);
  const [kept, setKept] = useState<{ readonly key: string; readonly data: Data }>();
  if (data !== undefined && (kept?.data !== data || kept.key !== key)) setKept({ key, data });
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  return { data: data ?? (kept?.key === key ? kept.data : undefined), error, isFetching: fetching, refresh };
}
