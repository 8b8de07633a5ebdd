// The history of events, newest first: what was said, by whom, and what came of it.
import { Button, Skeleton } from '@mantine/core';
import { IconBroadcast, IconBroadcastOff } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { type Connection, useConnection } from '../connection/use-connection.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useMay } from '../session/session.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { EmitDialog } from './emit-dialog.js';
import { isFiltered, toEventFilter } from './event-filter.js';
import { EventListRow } from './event-list-row.js';
import { EventsToolbar } from './events-toolbar.js';
import { EventsQuery, type EventRow } from './events.query.js';
import classes from './events.module.css';

const route = getRouteApi('/events');
const NOTHING = {};

export function EventsPage() {
  useDocumentTitle('Events');
  const filter = route.useSearch();
  const mayEmit = useMay('operator');
  const [isEmitting, setEmitting] = useState(false);
  const list = useConnection({
    query: EventsQuery,
    variables: { filter: toEventFilter(filter) },
    select: (data) => data.events,
    pageSize: 40,
  });
  // An event comes with a change of a run: the one that emitted it, or the one that it starts.
  useLiveRefresh(RunsChanged, NOTHING, list.refresh, { gapMs: 1_500 });

  return (
    <div className={classes.page}>
      <div className={classes.headline}>
        <h1 className={classes.title}>Events</h1>
        {mayEmit ? (
          <Button size="xs" variant="default" leftSection={<IconBroadcast size={15} stroke={1.7} />} onClick={() => setEmitting(true)}>
            Emit an event
          </Button>
        ) : null}
      </div>
      <EventsToolbar filter={filter} />
      <EventRows list={list} isFiltered={isFiltered(filter)} />
      <EmitDialog isOpen={isEmitting} onClose={() => setEmitting(false)} />
    </div>
  );
}

function EventRows({ list, isFiltered: hasFilter }: { readonly list: Connection<EventRow>; readonly isFiltered: boolean }) {
  const { nodes, error, isLoading, hasMore, isLoadingMore, loadMore, refresh } = list;
  if (nodes.length === 0) {
    if (error) return <FailureState error={error} onRetry={refresh} />;
    if (isLoading) return <Skeleton height={420} radius="md" role="status" aria-label="Loading events" />;
    return hasFilter ? (
      <EmptyState icon={<IconBroadcastOff size={32} stroke={1.4} />} title="No event fits this filter">
        A name and a key must be written out whole.
      </EmptyState>
    ) : (
      <EmptyState icon={<IconBroadcast size={32} stroke={1.4} />} title="Nothing has happened yet">
        An event appears here when a run, a machine or a person emits it.
      </EmptyState>
    );
  }
  return (
    <>
      {error ? <FailureNote error={error} onRetry={refresh} /> : null}
      <ul className={`panel ${classes.rows}`} aria-busy={isLoading} data-stale={isLoading || undefined} aria-label="Events, newest first">
        {nodes.map((event) => (
          <EventListRow key={event.id} event={event} />
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
