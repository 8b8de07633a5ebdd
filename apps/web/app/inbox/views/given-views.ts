import type { InboxFilter } from '../inbox-filter.js';
import type { GivenCounts } from './views.query.js';

interface GivenView {
  readonly name: string;
  readonly search: InboxFilter;
  /** Which of the counts is its own. */
  readonly count: keyof GivenCounts;
}

/** The views that everybody has from the first day. */
export const GIVEN_VIEWS: readonly GivenView[] = [
  { name: 'Everything that waits', search: {}, count: 'waiting' },
  { name: 'Overdue', search: { due: 'overdue' }, count: 'overdue' },
  { name: 'Due today', search: { due: 'today' }, count: 'today' },
  { name: 'Due this week', search: { due: 'week' }, count: 'week' },
];
