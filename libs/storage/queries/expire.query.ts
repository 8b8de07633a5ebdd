/**
 * What must be unique across time lives outside of the partitions, and goes by its own age: a thousand rows at a time, so that nothing is
 * one huge DELETE. Also what nobody comes for any more: leases of dead workers, sign-ins that have ended, keys of machines long over,
 * sessions that are over, and payloads whose facts never came.
 *
 * Locks: the rows that go, SKIP LOCKED: a row that somebody holds is in use, and the next pass comes by again. A start that still found
 * the key that goes at this moment finds it gone afterwards, and is made again (see run-inserter).
 */
import { type Sql, type Statement, statement } from '../sql.js';
import { MOST_CHECKPOINT_DAYS, usedCheckpointKey } from './reserve-keys.query.js';

/** Written into the statements: see route-events. */
const LIMIT = 1_000;

const expiring = (name: string, table: string, old: string): Statement =>
  statement(
    name,
    `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
       SELECT t.ctid FROM ${table} t WHERE ${old} LIMIT ${LIMIT} FOR UPDATE SKIP LOCKED)) RETURNING 1`,
  );

/** The run, or the one that goes on for it after a retry. Row by row (OFFSET 0): a join, planned on a young table, reads all of it. */
const LIVES = (run: string): string => {
  const one = (which: string): string =>
    `EXISTS (SELECT FROM runs r WHERE r.tenant = t.tenant AND ${which} AND r.status NOT IN ('completed', 'failed', 'canceled') OFFSET 0)`;
  return `(${one(`r.id = ${run}`)} OR ${one(`r.lineage_root = ${run} AND r.retry_of IS NOT NULL`)})`;
};

/** Not while its run lives: a second one would start beside it. A checkpoint that was used stays so for as long as its text may be good. */
export const EXPIRE_RUN_KEYS = expiring(
  'expire-run-keys',
  'run_keys',
  `t.created_at < $1 AND (t.key NOT LIKE '${usedCheckpointKey('%')}' OR t.created_at < clock_timestamp() - interval '${MOST_CHECKPOINT_DAYS + 1} days')
     AND NOT ${LIVES('t.run_id')}`,
);
/** A slot that its schedule has not settled yet still decides who fires; one whose run lives decides about the overlap. */
export const EXPIRE_SLOTS = expiring(
  'expire-slots',
  'slots',
  `t.settled_at < $1 AND NOT ${LIVES('t.run_id')}
     AND NOT EXISTS (SELECT FROM schedules s WHERE s.tenant = t.tenant AND s.id = t.schedule AND s.settled_until < t.due_at)`,
);
/** By the age of the run that the record started. */
export const EXPIRE_EMISSIONS = expiring('expire-emissions', 'emissions', `t.run_id < uuid_floor($1) AND NOT ${LIVES('t.run_id')}`);
/** What is leased to a worker that is not known is orphaned as well. */
export const EXPIRE_WORKERS = expiring('expire-workers', 'workers', `t.ended_at < $1`);
/** Cached ones and those that others may use as they say; what is in progress goes long after its lease. */
export const EXPIRE_STEP_KEYS = expiring('expire-step-keys', 'step_keys', `coalesce(t.expires_at, t.lease_until) < $1`);
export const EXPIRE_SESSIONS = expiring('expire-sessions', 'sessions', `t.expires_at < $1`);
/** What no run enters any more, and none is left of; then its name is free. */
export const EXPIRE_RUN_SESSIONS = statement(
  'expire-run-sessions',
  `WITH gone AS (
     DELETE FROM run_sessions WHERE ctid = ANY(ARRAY(
       SELECT t.ctid FROM run_sessions t
       WHERE t.created_at < $1 AND (t.status = 'completed' OR t.expires_at < $1)
         AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant = t.tenant AND r.session = t.name OFFSET 0)
       LIMIT ${LIMIT} FOR UPDATE SKIP LOCKED)) RETURNING tenant, name),
   changes AS (
     DELETE FROM run_session_changes c USING gone WHERE c.tenant = gone.tenant AND c.session = gone.name)
   SELECT 1 FROM gone`,
);
export const EXPIRE_API_KEYS = expiring('expire-api-keys', 'api_keys', `least(t.expires_at, t.revoked_at) < $1`);

/**
 * A payload is put before the flush that refers to it, and a repeat of the put makes it young again (see put-blob); so one that is a day
 * old and that no fact refers to is waited for by nobody. Older ones than a week have been looked at before.
 */
export const EXPIRE_BLOBS = statement(
  'expire-blobs',
  `DELETE FROM blobs b USING (
     SELECT t.tenant, t.run_id, t.hash FROM blobs t
     WHERE t.created_at < $1 AND t.created_at >= $1 - interval '7 days'
       AND NOT EXISTS (SELECT FROM journal j WHERE j.tenant = t.tenant AND j.run_id = t.run_id AND j.payload_blob = t.hash OFFSET 0)
     LIMIT ${LIMIT} FOR UPDATE SKIP LOCKED) AS gone
   WHERE b.tenant = gone.tenant AND b.run_id = gone.run_id AND b.hash = gone.hash
   RETURNING 1`,
);

/** @param before what is older goes; @returns how many rows went */
export async function expire(sql: Sql, expiry: Statement, before: Date): Promise<number> {
  for (let total = 0; ;) {
    const gone = (await sql.query(expiry, [before])).length;
    total += gone;
    if (gone < LIMIT) return total;
  }
}
