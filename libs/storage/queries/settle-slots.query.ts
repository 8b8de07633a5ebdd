/**
 * Settles slots of one schedule: each fired or skipped, once. The unique row decides who fires: only a slot that came back from
 * insertSlots gets its run, in the same transaction.
 *
 * Locks: new slot rows (a second process that settles the same slot waits for the first one's commit and then inserts nothing), under
 * the schedule's own row (lock-schedule); runs are only read: a run that ends at this very moment counts as going.
 */
import { type Answering, byRequest } from '../reads/by-request.js';
import { type Sql, statement } from '../sql.js';

export interface NewSlot {
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  readonly outcome: 'fired' | 'skipped';
  readonly reason: string | null;
  readonly runId: string | null;
}

export const INSERT_SLOTS = statement(
  'insert-slots',
  `INSERT INTO slots (tenant, schedule, due_at, outcome, reason, run_id)
   SELECT $1, $2, to_timestamp(due_ms / 1000), outcome, reason, run_id
   FROM unnest($3::float8[], $4::text[], $5::text[], $6::uuid[]) AS s(due_ms, outcome, reason, run_id)
   ORDER BY due_ms
   ON CONFLICT DO NOTHING
   RETURNING (extract(epoch FROM due_at) * 1000)::float8 AS due_ms`,
);

/** @returns the due times that were inserted; the others had been settled before */
export async function insertSlots(sql: Sql, tenant: string, schedule: string, slots: readonly NewSlot[]): Promise<ReadonlySet<number>> {
  const rows = await sql.query<{ due_ms: number }>(INSERT_SLOTS, [
    tenant,
    schedule,
    slots.map((slot) => slot.dueAt),
    slots.map((slot) => slot.outcome),
    slots.map((slot) => slot.reason),
    slots.map((slot) => slot.runId),
  ]);
  return new Set(rows.map((row) => row.due_ms));
}

export const SETTLE_UNTIL = statement(
  'settle-until',
  `UPDATE schedules SET settled_until = to_timestamp($3::float8 / 1000)
   WHERE tenant = $1 AND id = $2 AND settled_until < to_timestamp($3::float8 / 1000)`,
);

/** Everything at or before `until` (milliseconds since 1970) is settled. */
export async function settleUntil(sql: Sql, tenant: string, schedule: string, until: number): Promise<void> {
  await sql.query(SETTLE_UNTIL, [tenant, schedule, until]);
}

export const SLOTS_AFTER = statement(
  'slots-after',
  `SELECT (extract(epoch FROM due_at) * 1000)::float8 AS due_ms FROM slots WHERE tenant = $1 AND schedule = $2 AND due_at > to_timestamp($3::float8 / 1000)`,
);

/** Slots already settled after an instant: skipped ones that came due behind slots that are held. */
export async function slotsAfter(sql: Sql, tenant: string, schedule: string, after: number): Promise<ReadonlySet<number>> {
  const rows = await sql.query<{ due_ms: number }>(SLOTS_AFTER, [tenant, schedule, after]);
  return new Set(rows.map((row) => row.due_ms));
}

export const SCHEDULE_IS_GOING = statement(
  'schedule-is-going',
  `SELECT EXISTS (
     SELECT FROM runs
     WHERE tenant = $1 AND workflow = $2 AND started_by = 'schedule' AND status IN ('queued', 'running', 'waiting', 'paused')) AS going`,
);

/**
 * Whether a run of the schedule has not ended: of a slot, out of turn, or one that retries such a run.
 *
 * @param workflow of the schedule: it has one at most
 */
export async function scheduleIsGoing(sql: Sql, tenant: string, workflow: string): Promise<boolean> {
  const [row] = await sql.query<{ going: boolean }>(SCHEDULE_IS_GOING, [tenant, workflow]);
  return row?.going ?? false;
}

export interface SlotRow {
  readonly due_at: Date;
  readonly outcome: 'fired' | 'skipped';
  readonly reason: string | null;
  readonly run_id: string | null;
}

export const LATEST_SLOTS = statement(
  'latest-slots',
  `SELECT f.* FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS wanted(schedule, most, place)
   CROSS JOIN LATERAL (
     SELECT wanted.place::int - 1 AS of, due_at, outcome, reason, run_id FROM slots
     WHERE tenant = $1 AND schedule = wanted.schedule
     ORDER BY due_at DESC
     LIMIT wanted.most) f`,
);

export interface LatestSlotsRequest {
  readonly schedule: string;
  /** At most this many. */
  readonly limit: number;
}

/** @returns the latest slots for each request, newest first, in the order of the requests */
export async function latestSlots(sql: Sql, tenant: string, requests: readonly LatestSlotsRequest[]): Promise<SlotRow[][]> {
  const values = [tenant, requests.map(({ schedule }) => schedule), requests.map(({ limit }) => limit)];
  return byRequest(requests, await sql.query<SlotRow & Answering>(LATEST_SLOTS, values));
}
