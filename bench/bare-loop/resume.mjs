// Resuming a run that waits: what it waited for becomes a fact of its journal, and the run is queued, in one statement.
//
// Locks: the run's row. A run that does not wait is refused; a message for a run that is still on its way to its wait would want an inbox, which the
// measured workload has no use for.

import { STATUS } from './schema.mjs';

const RESUME = `
WITH woken AS (
  UPDATE run SET status = ${STATUS.queued} WHERE id = $1 AND status = ${STATUS.waiting} RETURNING id
)
INSERT INTO step (run_id, seq, name, output) SELECT id, $2, 'wait', $3 FROM woken`;

/**
 * @param {import('pg').Pool} pool
 * @param {string} id the run
 * @param {number} seq the place of its wait
 * @param {unknown} result what it waited for
 */
export async function resume(pool, id, seq, result) {
  const { rowCount } = await pool.query({ name: 'resume', text: RESUME, values: [id, seq, JSON.stringify(result)] });
  if (rowCount !== 1) throw new Error(`Run ${id} does not wait.`);
}
