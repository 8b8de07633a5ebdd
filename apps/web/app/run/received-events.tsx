import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import type { RunDetails } from './run.query.js';
import { SideBox } from './side-box.js';
import classes from './side-box.module.css';

/** The events that started this run, that it consumed, or that canceled it. */
export function ReceivedEvents({ deliveries }: { readonly deliveries: RunDetails['deliveries'] }) {
  return (
    <SideBox title="Events it received" count={deliveries.length}>
      {deliveries.map(({ consumer, status, error, decidedAt, event }) =>
        event ? (
          <li key={`${event.id} ${consumer}`}>
            <Link to="/events/$eventId" params={{ eventId: event.id }} className={classes.row}>
              <span className={classes.main}>
                <code className={classes.code}>{event.name}</code>
                {error ? <span className={classes.error}>{error}</span> : null}
                {decidedAt ? (
                  <span className={classes.soft}>
                    <RelativeTime at={decidedAt} />
                  </span>
                ) : null}
              </span>
              <StatusBadge status={status} />
            </Link>
          </li>
        ) : null,
      )}
    </SideBox>
  );
}
