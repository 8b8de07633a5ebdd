/**
 * Leases. A lease is (worker incarnation, epoch) in the run row; until when it holds is in `workers`, one UPDATE per worker every few
 * seconds, by the database's clock. Statements here lock the worker's own row only.
 */
import { type Sql, statement } from '../sql.js';

export interface WorkerRow {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly roles: readonly string[];
  readonly queues: readonly string[];
}

export const REGISTER_WORKER = statement(
  'register-worker',
  `INSERT INTO workers (id, host, pid, roles, queues, expires_at)
   VALUES ($1, $2, $3, $4::text[], $5::text[], clock_timestamp() + $6 * interval '1 millisecond')`,
);

export async function registerWorker(sql: Sql, worker: WorkerRow, leaseMs: number): Promise<void> {
  await sql.query(REGISTER_WORKER, [worker.id, worker.host, worker.pid, worker.roles, worker.queues, leaseMs]);
}

export const HEARTBEAT = statement(
  'heartbeat',
  `UPDATE workers SET expires_at = clock_timestamp() + $2 * interval '1 millisecond' WHERE id = $1 AND ended_at IS NULL
   RETURNING (SELECT before.expires_at > clock_timestamp() FROM workers before WHERE before.id = $1) AS was_held`,
);

export interface Beat {
  /** False when the lease had run out, and nobody has noticed. */
  readonly wasHeld: boolean;
}

/** @returns undefined when others have taken this worker for dead: it must drop all its runs and begin anew */
export async function heartbeat(sql: Sql, worker: string, leaseMs: number): Promise<Beat | undefined> {
  const [row] = await sql.query<{ was_held: boolean }>(HEARTBEAT, [worker, leaseMs]);
  return row && { wasHeld: row.was_held };
}

export const END_WORKER = statement('end-worker', 'UPDATE workers SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL');

/** The graceful end; its runs are given back by the take-over that follows. */
export async function endWorker(sql: Sql, worker: string): Promise<void> {
  await sql.query(END_WORKER, [worker]);
}
