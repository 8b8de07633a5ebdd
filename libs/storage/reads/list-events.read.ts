/**
 * A page of events, newest first, and what events did at runs. Ids are UUIDv7, so the id is the key of the page. Take no lock. One text
 * for each index that may lead, because one plan serves all values.
 */
import { type DeliveryRow, EVENT_COLUMNS, type EventRow } from '../queries/read-events.query.js';
import { type Sql, type Statement, statement } from '../sql.js';

const listText = (name: string, where: string) =>
  statement(
    name,
    `SELECT ${EVENT_COLUMNS} FROM events
     WHERE tenant = $1 AND id < coalesce($2::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') ${where}
     ORDER BY id DESC
     LIMIT $3`,
  );

const OF_RUN = `id = ANY(ARRAY(
       SELECT e.id FROM events e WHERE e.tenant = $1 AND e.source_run = $4
       UNION SELECT d.event_id FROM event_deliveries d WHERE d.tenant = $1 AND d.run_id = $4))`;

export const LIST_EVENTS = listText('list-events', '');
export const LIST_EVENTS_OF_NAME = listText('list-events-of-name', 'AND name = $4');
export const LIST_EVENTS_OF_KEY = listText('list-events-of-key', 'AND idempotency_key = $4 AND ($5::text IS NULL OR name = $5)');
export const LIST_EVENTS_OF_RUN = listText(
  'list-events-of-run',
  `AND ${OF_RUN} AND ($5::text IS NULL OR name = $5) AND ($6::text IS NULL OR idempotency_key = $6)`,
);

export interface EventListRequest {
  /** At most this many. */
  readonly limit: number;
  /** Events older than this one only. */
  readonly before: string | null;
  readonly name: string | null;
  readonly idempotencyKey: string | null;
  /** Emitted by this run, or delivered to it. */
  readonly runId: string | null;
}

export function listEvents(sql: Sql, tenant: string, request: EventListRequest): Promise<EventRow[]> {
  const [text, ...values] = choice(request);
  return sql.query<EventRow>(text, [tenant, request.before, request.limit, ...values]);
}

function choice({ name, idempotencyKey, runId }: EventListRequest): [Statement, ...(string | null)[]] {
  if (runId !== null) return [LIST_EVENTS_OF_RUN, runId, name, idempotencyKey];
  if (idempotencyKey !== null) return [LIST_EVENTS_OF_KEY, idempotencyKey, name];
  return name === null ? [LIST_EVENTS] : [LIST_EVENTS_OF_NAME, name];
}

export const DELIVERIES_TO_RUNS = statement(
  'deliveries-to-runs',
  `SELECT f.* FROM unnest($2::uuid[]) AS wanted(run_id)
   CROSS JOIN LATERAL (
     SELECT d.event_id, d.consumer, d.workflow, d.status, d.attempts, d.run_id, d.error, d.decided_at FROM event_deliveries d
     WHERE d.tenant = $1 AND d.run_id = wanted.run_id
     ORDER BY d.event_id, d.consumer
     LIMIT $3) f`,
);

/** @returns what events did at each of these runs, oldest first, at most `limit` a run: started it, woke it, canceled it, or were declined */
export function deliveriesToRuns(sql: Sql, tenant: string, runs: readonly string[], limit: number): Promise<DeliveryRow[]> {
  return sql.query<DeliveryRow>(DELIVERIES_TO_RUNS, [tenant, runs, limit]);
}
