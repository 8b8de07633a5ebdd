// The flush: the facts of many runs, durable in one statement.
//
// Locks: every run row the statement will touch, in the order of their ids, before anything is written. NO KEY UPDATE is the weakest lock
// that keeps out another flush, a claim and a requeue of the same run.
//
// The fence is these *locked* rows. A plain join reads the statement's snapshot: a worker that lost its lease after the snapshot was taken
// would still match its old epoch there and commit as a zombie. FOR NO KEY UPDATE waits for whoever holds the row and then returns the
// newest version of it, so facts join on the epoch and the worker as they are when nobody else can change them any more.
//
// A fact that does not match is fenced: nothing of it is written, its neighbours are, and the caller is told.
//
// Where children end, their parents' rows are locked with theirs, in the same order, and counted down; who has nobody left to wait for is
// queued. That is a longer statement, for batches in which it happens.
//
// No NOTIFY in here: within a transaction it takes a lock that serialises all commits of the database.

import { STATUS } from './schema.mjs';

const flushText = ({ withParents }) => `
WITH locked AS (
  SELECT id, epoch, worker, status FROM run WHERE id = ANY($1::uuid[]${withParents ? ' || $9::uuid[]' : ''}) ORDER BY id FOR NO KEY UPDATE
), offered AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::jsonb[], $6::smallint[], $7::timestamptz[]${withParents ? ', $10::uuid[]' : ''})
    WITH ORDINALITY AS fact (id, epoch, seq, name, output, next_status, wake_at, ${withParents ? 'parent, ' : ''}position)
), fact AS (
  SELECT offered.* FROM offered JOIN locked USING (id)
  WHERE locked.epoch = offered.epoch AND locked.worker = $8 AND locked.status = ${STATUS.running}
), journal AS (
  INSERT INTO step (run_id, seq, name, output) SELECT id, seq, name, output FROM fact WHERE name IS NOT NULL
), narrative AS (
  INSERT INTO history (run_id, seq, type)
  SELECT id, seq, coalesce(name, CASE next_status WHEN ${STATUS.waiting} THEN 'wait' ELSE 'end' END) FROM fact
), moved AS (
  UPDATE run SET status = fact.next_status, wake_at = fact.wake_at, updated_at = now(),
    output = CASE WHEN fact.next_status = ${STATUS.completed} THEN fact.output END
  FROM fact WHERE run.id = fact.id AND fact.next_status <> ${STATUS.running}
)${
  withParents
    ? `, ended AS (
  SELECT parent, count(*)::int AS children FROM fact WHERE next_status = ${STATUS.completed} AND parent IS NOT NULL GROUP BY parent
), counted AS (
  UPDATE run SET pending = pending - children,
    status = CASE WHEN pending <= children AND status = ${STATUS.waiting} THEN ${STATUS.queued} ELSE status END
  FROM ended WHERE run.id = ended.parent
)`
    : ''
}
SELECT position::int FROM offered WHERE position NOT IN (SELECT position FROM fact)`;

const FLUSH = flushText({ withParents: false });
const FLUSH_WITH_PARENTS = flushText({ withParents: true });

/**
 * @typedef {object} Fact
 * @property {string} id the run
 * @property {number} epoch of the lease under which the fact came about
 * @property {number} seq its place in the run; a run offers one fact at a time, in order
 * @property {string | null} name the step, or null for the end of the run or the beginning of a wait
 * @property {string | null} output JSON text
 * @property {number} nextStatus what the run is afterwards
 * @property {Date | null} wakeAt when to look again, for a run that goes to waiting
 * @property {string | null} [parent] the run that waits for the end of this one
 */

/**
 * Commits a batch of facts of one worker.
 * @param {import('pg').Pool} pool
 * @param {string} worker
 * @param {Fact[]} facts at most one per run
 * @returns {Promise<('committed' | 'fenced')[]>} one outcome per fact
 */
export async function flush(pool, worker, facts) {
  const parents = facts.filter(({ parent, nextStatus }) => parent && nextStatus === STATUS.completed).map(({ parent }) => parent);
  const values = [
    facts.map((fact) => fact.id),
    facts.map((fact) => fact.epoch),
    facts.map((fact) => fact.seq),
    facts.map((fact) => fact.name),
    facts.map((fact) => fact.output),
    facts.map((fact) => fact.nextStatus),
    facts.map((fact) => fact.wakeAt),
    worker,
  ];
  const { rows } = await pool.query(
    parents.length === 0
      ? { name: 'flush', text: FLUSH, values }
      : {
          name: 'flush-with-parents',
          text: FLUSH_WITH_PARENTS,
          values: [...values, [...new Set(parents)], facts.map((fact) => fact.parent ?? null)],
        },
  );
  // Only the fenced ones come back: as a rule none, and rows returned would cost as much as rows sent.
  const outcomes = facts.map(() => 'committed');
  for (const row of rows) outcomes[row.position - 1] = 'fenced';
  return outcomes;
}
