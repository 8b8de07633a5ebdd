// Resuming runs that wait: what each waited for becomes a fact of its journal, and the run is queued; one statement for all that are ready at the
// same moment.
//
// Locks: the rows of the runs, in the order of their ids, as the flush does. A run that does not wait is refused; a message for a run that is still
// on its way to its wait would want an inbox, which the measured workload has no use for.

import { GroupCommitter } from './group-committer.mjs';
import { STATUS } from './schema.mjs';

const RESUME = `
WITH locked AS (
  SELECT id FROM run WHERE id = ANY($1::uuid[]) AND status = ${STATUS.waiting} ORDER BY id FOR NO KEY UPDATE
), offered AS (
  SELECT * FROM unnest($1::uuid[], $2::int[], $3::jsonb[]) AS word (id, seq, result)
), woken AS (
  UPDATE run SET status = ${STATUS.queued} FROM locked WHERE run.id = locked.id
), journal AS (
  INSERT INTO step (run_id, seq, name, output) SELECT id, seq, 'wait', result FROM offered JOIN locked USING (id)
)
SELECT id FROM locked`;

/**
 * @param {import('pg').Pool} pool
 * @param {{ maxBatch: number, afterCommit: () => void }} options
 * @returns {(id: string, seq: number, result: unknown) => Promise<void>} resolves when it is durable; `seq` is the place of the run's wait
 */
export function createResumer(pool, { maxBatch, afterCommit }) {
  const committer = new GroupCommitter(
    async (words) => {
      const values = [words.map((word) => word.id), words.map((word) => word.seq), words.map((word) => word.result)];
      const { rows } = await pool.query({ name: 'resume', text: RESUME, values });
      afterCommit();
      const resumed = new Set(rows.map(({ id }) => id));
      return words.map(({ id }) => resumed.has(id));
    },
    { lanes: 1, maxBatch },
  );
  return async (id, seq, result) => {
    if (!(await committer.add({ id, seq, result: JSON.stringify(result) }))) throw new Error(`Run ${id} does not wait.`);
  };
}
