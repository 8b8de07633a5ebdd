// The history of events, newest first: what was said, by whom, and what came of it.
import { Button } from '@mantine/core';
import { IconBroadcast, IconBroadcastOff } from '@tabler/icons-react';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useConnection } from '../connection/use-connection.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { ListPage, ListRows } from '../list/list-page.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useMay } from '../session/session.js';
import { EmitDialog } from './emit-dialog.js';
import { isFiltered, toEventFilter } from './event-filter.js';
import { EventListRow } from './event-list-row.js';
import { EventsToolbar } from './events-toolbar.js';
import { EventsQuery } from './events.query.js';

const route = getRouteApi('/events');
const NOTHING = {};

export function EventsPage() {
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
    <ListPage
      title="Events"
      toolbar={<EventsToolbar filter={filter} />}
      actions={
        mayEmit ? (
          <Button size="xs" variant="default" leftSection={<IconBroadcast size={15} stroke={1.7} />} onClick={() => setEmitting(true)}>
            Emit an event
          </Button>
        ) : null
      }
    >
      <ListRows list={list} what="events" order="newest first" empty={<NoEvents isFiltered={isFiltered(filter)} />}>
        {(event) => <EventListRow key={event.id} event={event} />}
      </ListRows>
      <EmitDialog isOpen={isEmitting} onClose={() => setEmitting(false)} />
    </ListPage>
  );
}

function NoEvents({ isFiltered: hasFilter }: { readonly isFiltered: boolean }) {
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
