import { Button, Skeleton } from '@mantine/core';
import { IconRoute, IconRouteOff } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useConnection } from '../connection/use-connection.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { toRunFilter } from './run-filter.js';
import { RunListRow } from './run-list-row.js';
import { RunsToolbar } from './runs-toolbar.js';
import { RunsChanged, RunsQuery } from './runs.query.js';
import classes from './runs.module.css';

const route = getRouteApi('/runs');
const NOTHING = {};

export function RunsPage() {
  useDocumentTitle('Runs');
  const filter = route.useSearch();
  const list = useConnection({ query: RunsQuery, variables: { filter: toRunFilter(filter) }, select: (data) => data.runs, pageSize: 40 });
  useLiveRefresh(RunsChanged, NOTHING, list.refresh, { gapMs: 1_500 });

  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Runs</h1>
      <RunsToolbar filter={filter} />
      <RunRows list={list} isFiltered={filter.status !== undefined || filter.workflow !== undefined} />
    </div>
  );
}

interface RunRowsProps {
  readonly list: ReturnType<typeof useConnection<never, never, Parameters<typeof RunListRow>[0]['run']>>;
  readonly isFiltered: boolean;
}

function RunRows({ list, isFiltered }: RunRowsProps) {
  const { nodes, error, isLoading, hasMore, isLoadingMore, loadMore, refresh } = list;
  if (nodes.length === 0) {
    if (error) return <FailureState error={error} onRetry={refresh} />;
    if (isLoading) return <Skeleton height={420} radius="md" aria-label="Loading runs" />;
    return isFiltered ? (
      <EmptyState icon={<IconRouteOff size={32} stroke={1.4} />} title="No run fits this filter" />
    ) : (
      <EmptyState icon={<IconRoute size={32} stroke={1.4} />} title="Nothing has run yet">
        A run appears here when a schedule fires, an event arrives or somebody starts one.
      </EmptyState>
    );
  }
  return (
    <>
      {error ? <FailureNote error={error} onRetry={refresh} /> : null}
      <ul className={`panel ${classes.rows}`} aria-busy={isLoading} data-stale={isLoading || undefined} aria-label="Runs, newest first">
        {nodes.map((run) => (
          <RunListRow key={run.id} run={run} />
        ))}
      </ul>
      {hasMore ? (
        <Button variant="subtle" size="xs" fullWidth my="sm" loading={isLoadingMore} onClick={loadMore}>
          Load more
        </Button>
      ) : null}
    </>
  );
}
