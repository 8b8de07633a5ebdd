/**
 * What becomes of blame: it is proved in isolation, or taken back.
 *
 * Locks: run rows by id, FOR NO KEY UPDATE, then dispatches. A worker's own row is locked by nobody who waits for a run.
 */
import type { Json } from '@stepwell/contracts';
import { SUSPECT_FROM } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';
import { needsLike, PROOFS, withoutIsolation } from '../suspicion.js';

/** As the inbox takes them; of what may have ended the process there is one. */
export interface CrashMessage {
  readonly kind: 'incident.opened' | 'evaluation.crashed';
  readonly payload: Json;
}

export interface Crash {
  /** The incarnation that worked in isolation. */
  readonly worker: string;
  /** The run whose code it was in, when that is proof; null when it is none: then the run is only given back. */
  readonly runId: string | null;
  /** For the run's owner, once there is proof enough; null without proof. */
  readonly message: CrashMessage | null;
}

const WITH_PROOF = 'CASE WHEN run_id = $2 THEN array_append(crashes, worker) ELSE crashes END';
const IS_PROVED = `cardinality(h.crashes) >= ${SUSPECT_FROM + PROOFS}`;

export const RECORD_CRASH_OF_RUN = statement(
  'record-crash-of-run',
  `WITH ended AS (
     UPDATE workers SET ended_at = clock_timestamp() WHERE id = $1::uuid AND ended_at IS NULL),
   held AS MATERIALIZED (
     SELECT tenant, run_id, ${WITH_PROOF} AS crashes
     FROM (SELECT tenant, id AS run_id, worker, crashes FROM runs WHERE status = 'running' AND worker = $1::uuid ORDER BY id FOR NO KEY UPDATE) AS locked),
   told AS (
     INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload)
     SELECT tenant, run_id, $3, 'crash:' || $1::text, $4::jsonb FROM held h WHERE run_id = $2::uuid AND ${IS_PROVED}
     ON CONFLICT (tenant, run_id, dedupe_key) DO NOTHING
     RETURNING run_id)
   UPDATE runs r
   SET status = 'queued', worker = NULL, epoch = r.epoch + 1, crashes = h.crashes,
     attention = r.attention + (SELECT count(*) FROM told WHERE told.run_id = h.run_id)
   FROM held h WHERE r.tenant = h.tenant AND r.id = h.run_id
   RETURNING r.queue`,
);

export const RECORD_CRASH_OF_DISPATCH = statement(
  'record-crash-of-dispatch',
  `WITH held AS MATERIALIZED (
     SELECT tenant, id, run_id, epoch, ${WITH_PROOF} AS crashes FROM dispatches WHERE status = 'running' AND worker = $1::uuid),
   owner AS MATERIALIZED (
     SELECT r.tenant, r.id, h.crashes[1:${SUSPECT_FROM}] AS crashes FROM held h
     CROSS JOIN LATERAL (SELECT tenant, id FROM runs WHERE tenant = h.tenant AND id = h.run_id FOR NO KEY UPDATE) AS r
     WHERE h.run_id = $2::uuid AND ${IS_PROVED}),
   target AS (
     UPDATE runs r SET attention = r.attention + 1, status = CASE r.status WHEN 'waiting' THEN 'queued' ELSE r.status END,
       crashes = o.crashes, needs = ${needsLike('o', withoutIsolation('r'))}
     FROM owner o WHERE r.tenant = o.tenant AND r.id = o.id AND r.status NOT IN ('completed', 'failed', 'canceled')
     RETURNING r.tenant, r.id, r.queue),
   told AS (
     INSERT INTO inbox (tenant, run_id, kind, dedupe_key, payload) SELECT tenant, id, $3, 'crash:' || $1::text, $4::jsonb FROM target
     ON CONFLICT (tenant, run_id, dedupe_key) DO NOTHING),
   given AS (
     UPDATE dispatches d SET status = 'queued', worker = NULL, epoch = d.epoch + 1, crashes = h.crashes
     FROM held h WHERE d.tenant = h.tenant AND d.id = h.id AND d.epoch = h.epoch
     RETURNING d.queue)
   SELECT queue FROM target UNION ALL SELECT queue FROM given`,
);

/**
 * A worker in isolation has ended otherwise than in order: gives back what it held, and with the third proof tells the run's owner. The run
 * of a dispatched step is a suspect from then on: a retry of the step would be another dispatch, which nobody has blamed yet.
 *
 * @returns the queues that have work again
 */
export async function recordCrash(sql: Sql, { worker, runId, message }: Crash): Promise<ReadonlySet<string>> {
  const values = [worker, runId, message?.kind ?? null, JSON.stringify(message?.payload ?? null)];
  const runs = await sql.query<{ queue: string }>(RECORD_CRASH_OF_RUN, values);
  const dispatches = await sql.query<{ queue: string }>(RECORD_CRASH_OF_DISPATCH, values);
  return new Set([...runs, ...dispatches].map(({ queue }) => queue));
}

const BLAMED = (table: 'runs' | 'dispatches') => `
blamed AS MATERIALIZED (
  SELECT tenant, id, nullif(array_remove(crashes, $1::uuid), '{}') AS others FROM ${table}
  WHERE crashes IS NOT NULL AND $1::uuid = ANY(crashes) AND status IN ('queued', 'running') ORDER BY id FOR NO KEY UPDATE)`;

const FORGIVEN = (row: 'r' | 'd') =>
  `crashes = b.others, needs = CASE WHEN cardinality(b.others) >= ${SUSPECT_FROM} THEN ${row}.needs ELSE ${withoutIsolation(row)} END`;

export const FORGIVE_RUNS = statement(
  'forgive-runs',
  `WITH back AS (
     UPDATE workers SET crashed = false WHERE id = $1::uuid AND crashed),
   ${BLAMED('runs')}
   UPDATE runs r SET ${FORGIVEN('r')} FROM blamed b WHERE r.tenant = b.tenant AND r.id = b.id`,
);

export const FORGIVE_DISPATCHES = statement(
  'forgive-dispatches',
  `WITH ${BLAMED('dispatches')}
   UPDATE dispatches d SET ${FORGIVEN('d')} FROM blamed b WHERE d.tenant = b.tenant AND d.id = b.id`,
);

/** A worker that was taken for dead says that it lives: its silence was no crash. */
export async function forgive(sql: Sql, worker: string): Promise<void> {
  await sql.query(FORGIVE_RUNS, [worker]);
  await sql.query(FORGIVE_DISPATCHES, [worker]);
}
