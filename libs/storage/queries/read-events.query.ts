/** Events with what they did, for pages. They take no lock. */
import type { Actor, Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface EventRow {
  readonly id: string;
  readonly name: string;
  readonly payload: Json;
  readonly idempotency_key: string | null;
  readonly source_run: string | null;
  readonly actor: Actor | null;
  readonly emitted_at: Date;
}

export interface DeliveryRow {
  readonly event_id: string;
  readonly consumer: string;
  readonly workflow: string | null;
  readonly status: 'pending' | 'started' | 'declined' | 'duplicate' | 'failed' | 'delivered' | 'woke' | 'canceled';
  readonly attempts: number;
  readonly run_id: string | null;
  readonly error: string | null;
  readonly decided_at: Date | null;
}

export const EVENT_COLUMNS = 'id, name, payload, idempotency_key, source_run, actor, emitted_at';

export const READ_EVENTS = statement(
  'read-events',
  `SELECT ${EVENT_COLUMNS} FROM events WHERE tenant = $1 AND id = ANY($2::uuid[]) ORDER BY id`,
);
export const EVENTS_OF_RUNS = statement(
  'events-of-runs',
  `SELECT ${EVENT_COLUMNS} FROM events WHERE tenant = $1 AND source_run = ANY($2::uuid[]) ORDER BY id`,
);
export const READ_DELIVERIES = statement(
  'read-deliveries',
  `SELECT f.* FROM unnest($2::uuid[]) AS wanted(event_id)
   CROSS JOIN LATERAL (
     SELECT d.event_id, d.consumer, d.workflow, d.status, d.attempts, d.run_id, d.error, d.decided_at FROM event_deliveries d
     WHERE d.tenant = $1 AND d.event_id = wanted.event_id ORDER BY d.consumer LIMIT $3) f
   ORDER BY f.event_id, f.consumer`,
);

export const readEvents = (sql: Sql, tenant: string, ids: readonly string[]) => sql.query<EventRow>(READ_EVENTS, [tenant, ids]);
export const eventsOfRuns = (sql: Sql, tenant: string, runs: readonly string[]) => sql.query<EventRow>(EVENTS_OF_RUNS, [tenant, runs]);

/** @returns what became of each of these events at most `limit` times: many runs may wait for one; starts come before waits */
export const readDeliveries = (sql: Sql, tenant: string, events: readonly string[], limit: number) =>
  sql.query<DeliveryRow>(READ_DELIVERIES, [tenant, events, limit]);
