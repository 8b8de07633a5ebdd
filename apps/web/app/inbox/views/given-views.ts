import type { InboxFilter } from '../inbox-filter.js';

/** The views that everybody has from the first day. */
export const GIVEN_VIEWS: readonly { readonly name: string; readonly search: InboxFilter }[] = [
  { name: 'Everything that waits', search: {} },
  { name: 'Overdue', search: { due: 'overdue' } },
  { name: 'Due today', search: { due: 'today' } },
  { name: 'Due this week', search: { due: 'week' } },
];
