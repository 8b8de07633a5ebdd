/**
 * Starts a run that takes over the first facts of another one's journal, with the payloads they refer to; its own first fact stands behind
 * them. It is a run of its own: with its own line of descent, so that what it does outside has other idempotency keys.
 *
 * Locks: none but the new rows. What is copied does not change: facts are only appended, whether the other run has ended or not.
 */
import { type Sql, statement } from '../sql.js';
import type { OwnFact } from './retry-runs.query.js';

export interface ForkedRun {
  readonly tenant: string;
  /** The run that is forked. */
  readonly id: string;
  /** That of both; held by the caller, before anything else. */
  readonly session: string | null;
  readonly newId: string;
  readonly actor: unknown;
  readonly priority: number;
  /** Where it queues, when its workflow has a cap. */
  readonly permitKey: string | null;
  /** How many facts are taken over. */
  readonly facts: number;
  /** The fact after those. */
  readonly own: OwnFact;
}

export const FORK_RUN = statement(
  'fork-run',
  `WITH source AS MATERIALIZED (
     SELECT tenant, id, workflow, version, queue, session FROM runs WHERE tenant = $1 AND id = $2),
   forked AS (
     INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, last_seq, started_by, actor, cause_run, lineage_root, priority, permit_key, session)
     SELECT tenant, $3, workflow, version, workflow || '@' || version, queue, 'queued', $4::int + 1, 'fork', $5::jsonb, id, $3, $11, $12, session
     FROM source
     RETURNING queue),
   taken_over AS (
     INSERT INTO journal (tenant, run_id, seq, type, version, path, iteration, attempt, payload, payload_blob, at)
     SELECT tenant, $3, seq, type, version, path, iteration, attempt, payload, payload_blob, at
     FROM journal WHERE tenant = $1 AND run_id = $2 AND seq <= $4 AND EXISTS (SELECT FROM source)),
   payloads AS (
     INSERT INTO blobs (tenant, run_id, hash, data)
     SELECT tenant, $3, hash, data FROM blobs WHERE tenant = $1 AND run_id = $2 AND EXISTS (SELECT FROM source)),
   own AS (
     INSERT INTO journal (tenant, run_id, seq, type, path, iteration, attempt, payload)
     SELECT tenant, $3, $4::int + 1, $6, $7, $8, $9, $10::jsonb FROM source)
   SELECT queue FROM forked`,
);

/** @returns the queue of the new run; undefined when the other one is gone */
export async function forkRun(
  sql: Sql,
  { tenant, id, newId, actor, facts, own, priority, permitKey }: ForkedRun,
): Promise<string | undefined> {
  const [row] = await sql.query<{ queue: string }>(FORK_RUN, [
    ...[tenant, id, newId, facts, JSON.stringify(actor)],
    ...[own.type, own.path, own.iteration, own.attempt, JSON.stringify(own.payload)],
    ...[priority, permitKey],
  ]);
  return row?.queue;
}
