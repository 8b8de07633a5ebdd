import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { StatusBadge } from '../status/status-badge.js';
import { RelativeTime } from '../time/relative-time.js';
import { consumerWords } from './delivery-words.js';
import type { EventDetails } from './events.query.js';
import frame from '../list/list.module.css';
import classes from './events.module.css';

type Delivery = EventDetails['deliveries'][number];

/** What became of the event at each that listens. */
export function EventDeliveries({ deliveries, hasMore }: { readonly deliveries: readonly Delivery[]; readonly hasMore: boolean }) {
  return (
    <section className={`panel ${classes.deliveries}`} aria-label="Deliveries">
      <h2 className={frame.boxTitle}>Deliveries</h2>
      {deliveries.length === 0 ? <p className={classes.nobody}>Nobody listens to it.</p> : null}
      <ul className={classes.list}>
        {deliveries.map((delivery) => (
          <DeliveryRow key={delivery.consumer} delivery={delivery} />
        ))}
      </ul>
      {hasMore ? (
        <p className={classes.nobody}>More runs waited for it than are shown here: its first {deliveries.length} deliveries.</p>
      ) : null}
    </section>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const { status, run, error, attempts, decidedAt } = delivery;
  return (
    <li className={classes.delivery}>
      <span className={classes.deliveryHead}>
        <span className={classes.consumer}>{consumerWords(delivery)}</span>
        <StatusBadge status={status} />
      </span>
      {run ? (
        <span className={classes.deliveryRun}>
          <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: run.id }} {...props} />}>
            {run.title}
          </Anchor>
          <StatusBadge status={run.status} />
        </span>
      ) : null}
      {error ? <span className={classes.error}>{error}</span> : null}
      <span className={frame.soft}>
        {decidedAt ? <RelativeTime at={decidedAt} /> : attempts > 0 ? 'is tried again' : 'is on its way'}
        {attempts > 1 || (attempts > 0 && !decidedAt) ? `, after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}` : ''}
      </span>
    </li>
  );
}
