// One event: what it says, where it comes from, and what it did at each consumer.
import { Anchor } from '@mantine/core';
import { IconBroadcastOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { ItemHeader, ItemPage } from '../list/item-page.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { RelativeTime } from '../time/relative-time.js';
import { DataPanel } from '../values/data-panel.js';
import { EventDeliveries } from './event-deliveries.js';
import { EventQuery, type EventDetails } from './events.query.js';
import classes from '../list/list.module.css';

const route = getRouteApi('/events/$eventId');
const NOTHING = {};
/** A fresh event is routed within a moment, and nobody says so. */
const FRESH_MS = 10_000;
const LOOK_AGAIN_MS = 1_000;

export function EventPage() {
  const { eventId } = route.useParams();
  const variables = useMemo(() => ({ id: eventId }), [eventId]);
  const query = useKeptQuery(EventQuery, variables);
  const { data, refresh } = query;
  useLiveRefresh(RunsChanged, NOTHING, refresh, { gapMs: 1_000 });
  const event = data?.event;
  useDocumentTitle(event?.name ?? 'Event');
  const isUnsettled = event !== undefined && event !== null && isGoingOn(event);
  useEffect(() => {
    if (!isUnsettled) return undefined;
    const timer = setInterval(refresh, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isUnsettled, refresh]);

  return (
    <ItemPage query={query} item={data === undefined ? undefined : event} what="the event" none={<NoEvent />}>
      {(found) => <Event event={found} />}
    </ItemPage>
  );
}

function NoEvent() {
  return (
    <EmptyState icon={<IconBroadcastOff size={32} stroke={1.4} />} title="There is no such event">
      It may have been removed with others of its age.{' '}
      <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/events" {...props} />}>
        All events
      </Anchor>
    </EmptyState>
  );
}

function isGoingOn({ emittedAt, deliveries }: EventDetails): boolean {
  if (deliveries.some(({ status }) => status === 'pending' || status === 'delivered')) return true;
  return deliveries.length === 0 && Date.now() - Date.parse(emittedAt) < FRESH_MS;
}

function Event({ event }: { readonly event: EventDetails }) {
  const { name, idempotencyKey, emittedAt, sourceRun, actor, payload, deliveries, hasMoreDeliveries } = event;
  return (
    <>
      <ItemHeader of={{ to: '/events', title: 'Events' }} title={name}>
        <span>
          emitted <RelativeTime at={emittedAt} />
          {actor ? ` by ${actor.name}` : ''}
          {sourceRun ? (
            <>
              {' by the run '}
              <Anchor
                size="sm"
                underline="always"
                renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: sourceRun.id }} {...props} />}
              >
                {sourceRun.title}
              </Anchor>
            </>
          ) : null}
        </span>
        <span>
          <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/events" search={{ name }} {...props} />}>
            others of this name
          </Anchor>
        </span>
        {idempotencyKey === null ? null : (
          <span>
            key{' '}
            <Anchor size="sm" underline="always" renderRoot={(props) => <Link to="/events" search={{ key: idempotencyKey }} {...props} />}>
              <code className={classes.code}>{idempotencyKey}</code>
            </Anchor>
          </span>
        )}
      </ItemHeader>
      <div className={classes.columns}>
        <EventDeliveries deliveries={deliveries} hasMore={hasMoreDeliveries} />
        <div className={`panel ${classes.box}`}>
          <DataPanel title="Payload" label="payload" value={payload} />
        </div>
      </div>
    </>
  );
}
