import { useMemo } from 'react';
import { useKeptQuery } from '../../connection/use-kept-query.js';
import { useLiveRefresh } from '../../connection/use-live-refresh.js';
import { timeZone } from '../inbox-filter.js';
import { InboxChanged } from '../inbox.query.js';
import { InboxViewsQuery, type InboxView } from './views.query.js';

export interface Views {
  readonly all: readonly InboxView[];
  readonly mayShare: boolean;
  readonly refresh: () => void;
}

const NOTHING = {};
const NONE: readonly InboxView[] = [];

/** The saved views, counted anew as tasks come and go. */
export function useViews(): Views {
  const variables = useMemo(() => ({ timeZone: timeZone() }), []);
  const { data, refresh } = useKeptQuery(InboxViewsQuery, variables);
  // Slower than the list itself: counts that run ahead of the list only distract.
  useLiveRefresh(InboxChanged, NOTHING, refresh, { gapMs: 1_500 });
  const role = data?.viewer?.role;
  return useMemo(
    () => ({ all: data?.inboxViews ?? NONE, mayShare: role === 'operator' || role === 'admin', refresh }),
    [data?.inboxViews, role, refresh],
  );
}
