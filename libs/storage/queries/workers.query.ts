/**
 * Leases. A lease is (worker incarnation, epoch) in the run row; until when it holds is in `workers`, one UPDATE per worker every few
 * seconds, by the database's clock. Statements here lock the worker's own row only. Registration and heartbeat tell what that clock shows,
 * so that no process has to trust its machine's, how many others there are to share work with, whether one of them is silent, and for how
 * long somebody was heard.
 */
import type { Heard, WorkerRow } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';
import { NOW_MS } from './database-time.query.js';

/** `workers` is the row that is written. */
const OTHERS = `(
     SELECT count(*)::int FROM workers o
     WHERE o.id <> workers.id AND o.ended_at IS NULL AND o.expires_at > clock_timestamp() AND o.queues && workers.queues AND NOT 'isolated' = ANY(o.roles))`;

/** Of the lease in $2. One that is missing is more than that: three heartbeats make a lease. */
const HALF = `$2 * interval '0.5 milliseconds'`;

/**
 * Since when somebody was heard at least every half lease, up to now: whoever was heard last, dead or alive, hands on what he knew of that.
 * What a worker with a longer lease knows is nothing to one with a shorter: between its heartbeats there was more time. And who has missed a
 * heartbeat begins anew, and goes by the others from its next one on: by then whoever was cut off together with it could be heard, too.
 */
const HEARD_SINCE = `CASE WHEN heard_at < clock_timestamp() - ${HALF} THEN clock_timestamp() ELSE
     (SELECT min(h.heard_since) FROM workers h WHERE h.heard_at BETWEEN clock_timestamp() - ${HALF} AND clock_timestamp()
        AND h.expires_at - h.heard_at < $2 * interval '1.1 milliseconds') END`;

/** Of any other worker, also one in isolation. */
const SILENT = `EXISTS (SELECT FROM workers o WHERE o.id <> workers.id AND o.ended_at IS NULL AND o.expires_at < clock_timestamp())`;

const SEEN = `${NOW_MS} AS now, ${OTHERS} AS others, ${SILENT} AS "isOneSilent", (extract(epoch FROM heard_at - heard_since) * 1000)::float8 AS "heardForMs"`;

export const REGISTER_WORKER = statement(
  'register-worker',
  `INSERT INTO workers (id, host, pid, roles, queues, expires_at, hosts, heard_at, heard_since)
   VALUES ($1, $2, $3, $4::text[], $5::text[], clock_timestamp() + $6 * interval '1 millisecond', $7::text[], clock_timestamp(), clock_timestamp())
   RETURNING ${SEEN}`,
);

export async function registerWorker(sql: Sql, worker: WorkerRow, leaseMs: number): Promise<Heard> {
  const values = [worker.id, worker.host, worker.pid, worker.roles, worker.queues, leaseMs, worker.hosts];
  const [row] = (await sql.query(REGISTER_WORKER, values)) as [Heard];
  return row;
}

export const HEARTBEAT = statement(
  'heartbeat',
  `UPDATE workers SET expires_at = clock_timestamp() + $2 * interval '1 millisecond', heard_at = clock_timestamp(), heard_since = coalesce(${HEARD_SINCE}, clock_timestamp())
   WHERE id = $1 AND ended_at IS NULL RETURNING ${SEEN}`,
);

/** @returns undefined when others have taken this worker for dead: it must drop all its runs and begin anew */
export async function heartbeat(sql: Sql, worker: string, leaseMs: number): Promise<Heard | undefined> {
  const [row] = await sql.query<Heard>(HEARTBEAT, [worker, leaseMs]);
  return row;
}

export const END_WORKER = statement('end-worker', 'UPDATE workers SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL');

/** The graceful end; its runs are given back by the take-over that follows. */
export async function endWorker(sql: Sql, worker: string): Promise<void> {
  await sql.query(END_WORKER, [worker]);
}
