/**
 * Appends an event that comes from outside any run. Events of runs are appended by the flush, in the commit of their step.
 *
 * Locks: the new row only. Routing begins after this commit.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface NewEvent {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  /** JSON text. */
  readonly payload: string;
  readonly idempotencyKey: string | null;
  readonly actor: Actor | null;
}

export const INSERT_EVENT = statement(
  'insert-event',
  'INSERT INTO events (tenant, id, name, payload, idempotency_key, actor) VALUES ($1, $2, $3, $4::jsonb, $5, $6::jsonb)',
);

export async function insertEvent(sql: Sql, event: NewEvent): Promise<void> {
  const { tenant, id, name, payload, idempotencyKey, actor } = event;
  await sql.query(INSERT_EVENT, [tenant, id, name, payload, idempotencyKey, actor ? JSON.stringify(actor) : null]);
}

// The first one in the order of the index: asked for any, PostgreSQL may look through all that waits.
export const KNOWS_EVENT = statement(
  'knows-event',
  `SELECT 1 WHERE EXISTS (SELECT FROM triggers WHERE tenant = $1 AND event = $2 AND active)
     OR EXISTS (SELECT FROM (SELECT FROM event_waits WHERE tenant = $1 AND event = $2 ORDER BY tenant, event, shape, key LIMIT 1) AS one)`,
);

/** Whether any workflow of the installation starts on events of this name, or any run listens to them. */
export async function hasListener(sql: Sql, tenant: string, event: string): Promise<boolean> {
  return (await sql.query(KNOWS_EVENT, [tenant, event])).length > 0;
}
