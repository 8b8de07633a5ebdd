// The runs: what is asked for stands in the address, the rows come in pages as one scrolls, and what changes shows by itself.
import { Skeleton } from '@mantine/core';
import { IconRoute, IconRouteOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { useWorkflows } from '../workflows/use-workflows.js';
import { RunTable } from './list/run-table.js';
import { useFeedState, useRunCount, useRunFeed } from './list/use-run-feed.js';
import { isFiltered, type RunFilter } from './run-filter.js';
import { RunsToolbar } from './runs-toolbar.js';
import frame from '../list/list.module.css';
import classes from './runs.module.css';

const route = getRouteApi('/runs');
const number = new Intl.NumberFormat();
/** The server counts no further. */
const MOST_COUNTED = 10_000;

export function RunsPage() {
  useDocumentTitle('Runs');
  const filter = route.useSearch();
  const list = useRunFeed(filter);
  const { count, recount } = useRunCount(list);
  return (
    <div className={classes.page}>
      <RunsToolbar filter={filter}>
        <h1 className={frame.title}>Runs</h1>
        <span className={classes.count} role="status">
          {count === undefined ? '' : countWords(count)}
        </span>
      </RunsToolbar>
      {/* Another list begins at its top. */}
      <RunList key={list.address} filter={filter} list={list} onChanged={recount} />
    </div>
  );
}

function countWords(count: number): string {
  return count > MOST_COUNTED ? `${number.format(MOST_COUNTED)}+` : number.format(count);
}

interface RunListProps {
  readonly filter: RunFilter;
  readonly list: ReturnType<typeof useRunFeed>;
  readonly onChanged: () => void;
}

function RunList({ filter, list, onChanged }: RunListProps) {
  const state = useFeedState(list);
  const workflows = useWorkflows();
  const { rows, isLoaded, error } = state;
  const retry = () => void list.feed.begin();
  if (!isLoaded) return <LoadingRows />;
  if (error && rows.edges.length === 0) return <FailureState error={error} onRetry={retry} />;
  const ownColumns = filter.workflow ? (workflows.find(({ name }) => name === filter.workflow)?.columns ?? []) : undefined;
  return (
    <>
      {error ? <FailureNote error={error} onRetry={retry} /> : null}
      <RunTable list={list} state={state} ownColumns={ownColumns} onChanged={onChanged} empty={<NoRuns filter={filter} />} />
    </>
  );
}

function NoRuns({ filter }: { readonly filter: RunFilter }) {
  if (!isFiltered(filter)) {
    return (
      <EmptyState icon={<IconRoute size={32} stroke={1.4} />} title="Nothing has run yet">
        A run appears here when a schedule fires, an event arrives or somebody starts one.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<IconRouteOff size={32} stroke={1.4} />} title="No run fits this filter">
      {filter.q ? (
        <p className={classes.hint}>
          “{filter.q}” is looked for as an idempotency key, as the key of an emitted record, and as an id: whole, its beginning, or the
          eight digits that the pages show.
        </p>
      ) : null}
      <Link to="/runs" className={classes.all}>
        Show all runs
      </Link>
    </EmptyState>
  );
}

function LoadingRows() {
  return (
    <div className={`panel ${classes.loading}`} role="status" aria-label="Loading runs">
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} height={12} width={`${92 - ((index * 7) % 23)}%`} />
      ))}
    </div>
  );
}
