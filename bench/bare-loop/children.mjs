// Children: a run starts many others and waits for them, in one statement. Their ends count down its `pending` in the flush (flush.mjs).
//
// Locks: the parent's row, as a flush does; it is the fence here, too. A child cannot end before this commits, so no end is missed.

import { STATUS } from './schema.mjs';

const START_CHILDREN = `
WITH locked AS (
  SELECT id FROM run WHERE id = $1 AND epoch = $2 AND worker = $3 AND status = ${STATUS.running} FOR NO KEY UPDATE
), born AS (
  INSERT INTO run (id, wf, input, parent) SELECT child, $5, $6::jsonb, locked.id FROM locked, unnest($7::uuid[]) AS child
), journal AS (
  INSERT INTO step (run_id, seq, name, output) SELECT id, $4, 'children', to_jsonb($7::uuid[]) FROM locked
), narrative AS (
  INSERT INTO history (run_id, seq, type) SELECT id, $4, 'children' FROM locked
)
UPDATE run SET status = ${STATUS.waiting}, pending = cardinality($7::uuid[]), updated_at = now() FROM locked WHERE run.id = locked.id`;

/**
 * @param {import('pg').Pool} pool
 * @param {string} worker
 * @param {{ id: string, epoch: number }} run the parent
 * @param {{ seq: number, wf: string, input: unknown, ids: string[] }} children `seq`: the place of the wait in the parent
 * @returns {Promise<boolean>} false when the parent is another worker's by now
 */
export async function startChildren(pool, worker, run, { seq, wf, input, ids }) {
  const values = [run.id, run.epoch, worker, seq, wf, JSON.stringify(input), ids];
  const { rowCount } = await pool.query({ name: 'start-children', text: START_CHILDREN, values });
  return rowCount === 1;
}
