import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { InboxChanged, InboxCountQuery } from './inbox.query.js';
import classes from './inbox-count.module.css';

const NOTHING = {};

/** How many tasks wait, beside the word in the navigation. */
export function InboxCount() {
  const { data, refresh } = useKeptQuery(InboxCountQuery, NOTHING);
  // Slower than the list itself: a count that runs ahead of the list only distracts.
  useLiveRefresh(InboxChanged, NOTHING, refresh, { gapMs: 1_500 });
  const count = data?.inbox.edges.length ?? 0;
  if (count === 0) return null;
  return (
    <span className={classes.count} aria-label={`${count}${data?.inbox.pageInfo.hasNextPage ? ' or more' : ''} waiting`}>
      {data?.inbox.pageInfo.hasNextPage ? `${count}+` : count}
    </span>
  );
}
