import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { announce } from '../../focus/announce.js';
import { type InboxFilter, toListing } from '../inbox-filter.js';
import { MatchingTasksQuery } from './bulk.query.js';
import { type ChosenTask, counted } from './selection.js';
import classes from './bulk.module.css';

/** What the server names at once. */
const MOST = 1_000;

interface SelectMatchingProps {
  readonly filter: InboxFilter;
  /** How many are chosen already. */
  readonly chosen: number;
  readonly onFound: (tasks: readonly ChosenTask[]) => void;
}

/** When all of a page is chosen and there is more: all that match, by what the server says they are now. */
export function SelectMatching({ filter, chosen, onFound }: SelectMatchingProps) {
  const listing = useMemo(() => toListing(filter), [filter]);
  const isNarrowed = 'view' in listing || Object.keys(listing.filter ?? {}).length > 0;
  const [{ data, error, fetching }] = useQuery({
    query: MatchingTasksQuery,
    variables: { ...listing, most: MOST },
    requestPolicy: 'network-only',
    pause: !isNarrowed,
  });
  if (!isNarrowed) return <span className={classes.soft}>Filter the list to select more than these.</span>;
  if (error) return <span role="alert">{error.graphQLErrors[0]?.message ?? 'What else matches could not be asked for.'}</span>;
  if (!data || fetching) return <span className={classes.soft}>Counting what matches…</span>;
  const { tasks, isMore } = data.matchingTasks;
  if (tasks.length <= chosen) return isMore ? <span className={classes.soft}>More match; these are the first.</span> : null;
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      onClick={() => {
        onFound(tasks);
        announce(`${counted(tasks.length)} selected`);
      }}
    >
      {isMore ? 'Select the first ' : 'Select all '}
      {tasks.length.toLocaleString('en')} that match
    </Button>
  );
}
