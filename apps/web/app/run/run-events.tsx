import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { consumerWords } from '../events/delivery-words.js';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import { ValueView } from '../values/value-view.js';
import type { RunDetails } from './run.query.js';
import { SideBox } from './side-box.js';
import classes from './side-box.module.css';

/** The events that this run emitted, and what each of them did. */
export function RunEvents({ events }: { readonly events: RunDetails['events'] }) {
  return (
    <SideBox title="Events it emitted" count={events.length}>
      {events.map((event) => (
        <li key={event.id} className={classes.block}>
          <div className={classes.line}>
            <Anchor size="sm" renderRoot={(props) => <Link to="/events/$eventId" params={{ eventId: event.id }} {...props} />}>
              <code className={classes.code}>{event.name}</code>
            </Anchor>
            <span className={classes.soft}>
              <RelativeTime at={event.emittedAt} />
            </span>
          </div>
          {event.deliveries.length === 0 ? <p className={classes.soft}>Nobody listens to it.</p> : null}
          {event.deliveries.map(({ consumer, workflow, status, runId, error }) => (
            <div key={consumer} className={classes.line}>
              <span className={classes.main}>
                {runId ? (
                  <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId }} {...props} />}>
                    {consumerWords({ consumer, workflow })}
                  </Anchor>
                ) : (
                  consumerWords({ consumer, workflow })
                )}
                {error ? <span className={classes.error}>{error}</span> : null}
              </span>
              <StatusBadge status={status} />
            </div>
          ))}
          <details className={classes.details}>
            <summary>Payload</summary>
            <ValueView value={event.payload} />
          </details>
        </li>
      ))}
    </SideBox>
  );
}
