/** What the event router keeps in PostgreSQL. Each call is the statement of its name: what that locks and why is told in `queries/`. */
import type { EventStore } from '@stepwell/engine';
import type pg from 'pg';
import { commitVerdicts } from './commit-verdicts.js';
import { claimDeliveries } from './queries/claim-deliveries.query.js';
import { deliverOutbox } from './queries/deliver-outbox.query.js';
import { deliverToWaits } from './queries/deliver-to-waits.query.js';
import { eventWork } from './queries/event-work.query.js';
import { lookUpWaits } from './queries/look-up-waits.query.js';
import { routeEvents } from './queries/route-events.query.js';
import { pgSql } from './sql.js';

export function postgresEventStore(pool: pg.Pool): EventStore {
  const sql = pgSql(pool);
  return {
    route: () => routeEvents(sql),
    work: (workflows) => eventWork(sql, workflows),
    lookUpWaits: () => lookUpWaits(sql),
    deliverToWaits: () => deliverToWaits(sql),
    deliverOutbox: () => deliverOutbox(sql),
    claimDeliveries: (listening, leaseMs) => claimDeliveries(sql, listening, leaseMs),
    commitVerdicts: (decided) => commitVerdicts(pool, decided),
  };
}
