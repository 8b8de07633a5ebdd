// One event: what it says, where it comes from, and what it did at each consumer.
import { Anchor, Skeleton } from '@mantine/core';
import { IconArrowLeft, IconBroadcastOff } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { useKeptQuery } from '../connection/use-kept-query.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { EmptyState } from '../feedback/empty-state.js';
import { FailureNote } from '../feedback/failure-note.js';
import { FailureState } from '../feedback/failure-state.js';
import { RunsChanged } from '../runs/runs.query.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { RelativeTime } from '../time/relative-time.js';
import { DataPanel } from '../values/data-panel.js';
import { EventDeliveries } from './event-deliveries.js';
import { EventQuery, type EventDetails } from './events.query.js';
import classes from './events.module.css';

const route = getRouteApi('/events/$eventId');
const NOTHING = {};
/** A fresh event is routed within a moment, and nobody says so. */
const FRESH_MS = 10_000;
const LOOK_AGAIN_MS = 1_000;

export function EventPage() {
  const { eventId } = route.useParams();
  const variables = useMemo(() => ({ id: eventId }), [eventId]);
  const { data, error, isFetching, refresh } = useKeptQuery(EventQuery, variables);
  useLiveRefresh(RunsChanged, NOTHING, refresh, { gapMs: 1_000 });
  const event = data?.event;
  useDocumentTitle(event?.name ?? 'Event');
  const isUnsettled = event !== undefined && event !== null && isGoingOn(event);
  useEffect(() => {
    if (!isUnsettled) return undefined;
    const timer = setInterval(refresh, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isUnsettled, refresh]);

  if (event) {
    return (
      <div className={classes.page}>
        {error ? <FailureNote error={error} onRetry={refresh} /> : null}
        <Event event={event} />
      </div>
    );
  }
  if (error) return <FailureState error={error} onRetry={refresh} />;
  if (isFetching || data === undefined) {
    return (
      <div className={classes.page} role="status" aria-label="Loading the event">
        <Skeleton height={24} width={280} mb={10} />
        <Skeleton height={14} width={420} maw="100%" mb={22} />
        <Skeleton height={260} radius="md" />
      </div>
    );
  }
  return (
    <EmptyState icon={<IconBroadcastOff size={32} stroke={1.4} />} title="There is no such event">
      It may have been removed with others of its age. <Anchor renderRoot={(props) => <Link to="/events" {...props} />}>All events</Anchor>
    </EmptyState>
  );
}

function isGoingOn({ emittedAt, deliveries }: EventDetails): boolean {
  if (deliveries.some(({ status }) => status === 'pending' || status === 'delivered')) return true;
  return deliveries.length === 0 && Date.now() - Date.parse(emittedAt) < FRESH_MS;
}

function Event({ event }: { readonly event: EventDetails }) {
  const { name, idempotencyKey, emittedAt, sourceRun, actor, payload, deliveries } = event;
  return (
    <>
      <header className={classes.header}>
        <Anchor size="xs" className={classes.back} renderRoot={(props) => <Link to="/events" {...props} />}>
          <IconArrowLeft size={13} aria-hidden="true" /> Events
        </Anchor>
        <h1 className={classes.title}>{name}</h1>
        <div className={classes.particulars}>
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
              <Anchor
                size="sm"
                underline="always"
                renderRoot={(props) => <Link to="/events" search={{ key: idempotencyKey }} {...props} />}
              >
                <code className={classes.code}>{idempotencyKey}</code>
              </Anchor>
            </span>
          )}
        </div>
      </header>
      <div className={classes.columns}>
        <EventDeliveries deliveries={deliveries} />
        <div className={`panel ${classes.box}`}>
          <DataPanel title="Payload" label="payload" value={payload} />
        </div>
      </div>
    </>
  );
}
