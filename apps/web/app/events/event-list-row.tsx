import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import { deliveryCounts } from './delivery-words.js';
import type { EventRow } from './events.query.js';
import frame from '../list/list.module.css';
import classes from './events.module.css';

export const EventListRow = memo(function EventListRow({ event }: { readonly event: EventRow }) {
  const { id, name, idempotencyKey, emittedAt, sourceRun, actor, deliveries } = event;
  return (
    <li>
      <Link to="/events/$eventId" params={{ eventId: id }} className={`${frame.row} ${classes.row}`}>
        <span className={classes.name}>
          <code className="ellipsis">{name}</code>
          {idempotencyKey === null ? null : (
            <code className={`${classes.key} ellipsis`} title={`Idempotency key ${idempotencyKey}`}>
              {idempotencyKey}
            </code>
          )}
        </span>
        <span className={`${classes.source} ellipsis`}>{sourceRun ? `from ${sourceRun.title}` : actor ? `by ${actor.name}` : ''}</span>
        <span className={classes.counts}>
          {deliveries.length === 0 ? <span className={frame.soft}>nobody listens</span> : null}
          {deliveryCounts(deliveries).map(([status, count]) => (
            <span key={status} className={classes.count}>
              {count > 1 ? `${count} × ` : ''}
              <StatusBadge status={status} />
            </span>
          ))}
        </span>
        <span className={frame.time}>
          <RelativeTime at={emittedAt} />
        </span>
      </Link>
    </li>
  );
});
