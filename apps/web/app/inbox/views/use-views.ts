import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useActions } from '../../actions/use-actions.js';
import { useKeptQuery } from '../../connection/use-kept-query.js';
import { useLiveRefresh } from '../../connection/use-live-refresh.js';
import { timeZone } from '../inbox-filter.js';
import { InboxChanged } from '../inbox.query.js';
import { GIVEN_VIEWS } from './given-views.js';
import { type GivenCounts, InboxViewsQuery, type InboxView } from './views.query.js';

export interface Views {
  readonly all: readonly InboxView[];
  /** Undefined until they are known. */
  readonly counts: GivenCounts | undefined;
  readonly mayShare: boolean;
  readonly refresh: () => void;
}

const NOTHING = {};
const NONE: readonly InboxView[] = [];

/** The saved views, and those that everybody has, counted anew as tasks come and go. */
export function useViews(): Views {
  const variables = useMemo(() => ({ timeZone: timeZone() }), []);
  const { data, refresh } = useKeptQuery(InboxViewsQuery, variables);
  // Slower than the list itself: counts that run ahead of the list only distract.
  useLiveRefresh(InboxChanged, NOTHING, refresh, { gapMs: 1_500 });
  const navigate = useNavigate();
  const role = data?.viewer?.role;
  const all = data?.inboxViews ?? NONE;
  useActions(
    'page',
    'Views',
    [...GIVEN_VIEWS, ...all.map(({ id, name }) => ({ name, search: { view: id } }))].map(({ name, search }) => ({
      id: `view.${search.view ?? name}`,
      name,
      run: () => void navigate({ to: '/inbox', search }),
    })),
  );
  return useMemo(() => ({ all, counts: data, mayShare: role === 'operator' || role === 'admin', refresh }), [all, data, role, refresh]);
}
