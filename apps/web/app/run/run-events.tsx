import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import { ValueView } from '../values/value-view.js';
import type { RunDetails } from './run.query.js';
import { SideBox } from './side-box.js';
import classes from './side-box.module.css';

/** Who consumes an event, as the database names it: `start:strike-followup`, or `wait:` with the id of a run's wait. */
function consumerWords(consumer: string): string {
  return consumer.replace(/^start:/, 'starts ').replace(/^wait:.*/, 'told a run that listens');
}

/** The events that this run emitted, and what each of them did. */
export function RunEvents({ events }: { readonly events: RunDetails['events'] }) {
  return (
    <SideBox title="Events" count={events.length}>
      {events.map((event) => (
        <li key={event.id} className={classes.block}>
          <div className={classes.line}>
            <code className={classes.code}>{event.name}</code>
            <span className={classes.soft}>
              <RelativeTime at={event.emittedAt} />
            </span>
          </div>
          {event.deliveries.length === 0 ? <p className={classes.soft}>Nobody listens to it.</p> : null}
          {event.deliveries.map(({ consumer, status, runId, error }) => (
            <div key={consumer} className={classes.line}>
              <span className={classes.main}>
                {runId ? (
                  <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId }} {...props} />}>
                    {consumerWords(consumer)}
                  </Anchor>
                ) : (
                  consumerWords(consumer)
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
