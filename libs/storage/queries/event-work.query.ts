/**
 * What there is to do: one look for five statements that mostly have nothing to do. Takes no lock. Unrouted events are looked for in the order
 * of their index: planned on a young table, EXISTS would read all that are routed.
 */
import type { EventWork } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export const EVENT_WORK = statement(
  'event-work',
  `SELECT (SELECT true FROM events WHERE NOT routed ORDER BY id LIMIT 1) IS NOT NULL AS unrouted,
     EXISTS (SELECT FROM event_waits WHERE NOT looked_up) AS waits,
     EXISTS (SELECT FROM event_deliveries WHERE status = 'pending' AND workflow IS NULL) AS events,
     EXISTS (SELECT FROM outbox) AS messages,
     EXISTS (
       SELECT FROM unnest($1::text[]) AS l(workflow)
       CROSS JOIN LATERAL (
         SELECT FROM event_deliveries p
         WHERE p.workflow = l.workflow AND p.status = 'pending' AND p.next_attempt_at <= (SELECT clock_timestamp()) LIMIT 1) AS due) AS deliveries`,
);

/** @param workflows those whose deliveries the caller can take */
export async function eventWork(sql: Sql, workflows: readonly string[]): Promise<EventWork> {
  const [row] = await sql.query<EventWork>(EVENT_WORK, [workflows]);
  return row ?? { unrouted: false, waits: false, events: false, messages: false, deliveries: false };
}
