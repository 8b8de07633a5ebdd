/**
 * Leases. A lease is (worker incarnation, epoch) in the run row; until when it holds is in `workers`, one UPDATE per worker every few
 * seconds, by the database's clock. Statements here lock the worker's own row only. Registration and heartbeat tell what that clock shows,
 * so that no process has to trust its machine's, and how many others there are to share work with.
 */
import type { Beat, Registered, WorkerRow } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';
import { NOW_MS } from './database-time.query.js';

/** `workers` is the row that is written. */
const OTHERS = `(
     SELECT count(*)::int FROM workers o
     WHERE o.id <> workers.id AND o.ended_at IS NULL AND o.expires_at > clock_timestamp() AND o.queues && workers.queues AND NOT 'isolated' = ANY(o.roles))`;

export const REGISTER_WORKER = statement(
  'register-worker',
  `INSERT INTO workers (id, host, pid, roles, queues, expires_at, hosts)
   VALUES ($1, $2, $3, $4::text[], $5::text[], clock_timestamp() + $6 * interval '1 millisecond', $7::text[])
   RETURNING ${NOW_MS} AS now, ${OTHERS} AS others`,
);

export async function registerWorker(sql: Sql, worker: WorkerRow, leaseMs: number): Promise<Registered> {
  const values = [worker.id, worker.host, worker.pid, worker.roles, worker.queues, leaseMs, worker.hosts];
  const [row] = (await sql.query(REGISTER_WORKER, values)) as [Registered];
  return row;
}

export const HEARTBEAT = statement(
  'heartbeat',
  `UPDATE workers SET expires_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1 AND ended_at IS NULL
   RETURNING (SELECT before.expires_at > clock_timestamp() FROM workers before WHERE before.id = $1) AS was_held, ${NOW_MS} AS now, ${OTHERS} AS others`,
);

/** @returns undefined when others have taken this worker for dead: it must drop all its runs and begin anew */
export async function heartbeat(sql: Sql, worker: string, leaseMs: number): Promise<Beat | undefined> {
  const [row] = await sql.query<Registered & { was_held: boolean }>(HEARTBEAT, [worker, leaseMs]);
  return row && { wasHeld: row.was_held, now: row.now, others: row.others };
}

export const END_WORKER = statement('end-worker', 'UPDATE workers SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL');

/** The graceful end; its runs are given back by the take-over that follows. */
export async function endWorker(sql: Sql, worker: string): Promise<void> {
  await sql.query(END_WORKER, [worker]);
}
