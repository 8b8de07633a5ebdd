// The claim, and reading what a claimed run has behind it: two statements, in this order.
//
// Both in one statement would be wrong. Locking a row returns its *newest* version, but everything else in that statement reads the snapshot
// from its beginning: a run that was led, flushed and given back since then would be claimed without the steps that flush made durable, and
// the new worker would run them again. A later statement has a later snapshot, and since the claim raised the epoch nothing can be added to
// the journal in between.

import { STATUS } from './schema.mjs';

/** How long a worker may be silent. Far above any batch, so that only a dead worker loses its runs. */
const LEASE = '30 s';

// Locks: the queued rows it takes; skips those that another claim holds. MATERIALIZED, so that the limited list is made once.
const CLAIM = `
WITH taken AS MATERIALIZED (
  SELECT id FROM run WHERE status = ${STATUS.queued} ORDER BY created_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE run SET status = ${STATUS.running}, worker = $2, epoch = epoch + 1, lease_until = now() + interval '${LEASE}'
FROM taken WHERE run.id = taken.id
RETURNING run.id, run.wf, run.input, run.epoch, run.parent`;

const READ_JOURNAL = `SELECT run_id, seq, output FROM step WHERE run_id = ANY($1::uuid[])`;

// Locks: the rows of runs whose worker has gone silent. A flush of that worker waits, and then finds itself fenced.
const REQUEUE_EXPIRED = `
UPDATE run SET status = ${STATUS.queued}, worker = NULL WHERE status = ${STATUS.running} AND lease_until < clock_timestamp()`;

/**
 * Claims up to `limit` queued runs for this worker.
 * @returns {Promise<{ id: string, wf: string, input: unknown, epoch: number, parent: string | null, outputs: Map<number, unknown> }[]>} the runs with the outputs of
 *   the steps that are already durable, by their seq
 */
export async function claim(pool, worker, limit) {
  const { rows: runs } = await pool.query({ name: 'claim', text: CLAIM, values: [limit, worker] });
  if (runs.length === 0) return runs;
  const ids = runs.map((run) => run.id);
  const { rows: steps } = await pool.query({ name: 'read-journal', text: READ_JOURNAL, values: [ids] });
  const byId = new Map(runs.map((run) => [run.id, Object.assign(run, { outputs: new Map() })]));
  for (const step of steps) byId.get(step.run_id).outputs.set(step.seq, step.output);
  return runs;
}

/** Gives the runs of silent workers back to the queue; returns how many. */
export async function requeueExpired(pool) {
  const { rowCount } = await pool.query(REQUEUE_EXPIRED);
  return rowCount;
}
