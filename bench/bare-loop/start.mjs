// Starting runs: one insert for all starts that are ready at the same moment.

import { randomUUID } from 'node:crypto';
import { GroupCommitter } from './group-committer.mjs';

const START = `INSERT INTO run (id, wf, input) SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[])`;

/**
 * @param {import('pg').Pool} pool
 * @param {{ maxBatch: number, afterCommit: () => void }} options
 * @returns {{ newId: () => string, start: (id: string, wf: string, input: unknown) => Promise<void> }} `start` resolves when the run is durable
 */
export function createStarter(pool, { maxBatch, afterCommit }) {
  const committer = new GroupCommitter(
    async (runs) => {
      await pool.query({
        name: 'start',
        text: START,
        values: [runs.map((run) => run.id), runs.map((run) => run.wf), runs.map((run) => run.input)],
      });
      afterCommit();
    },
    { lanes: 1, maxBatch },
  );
  return { newId: randomUUID, start: (id, wf, input) => committer.add({ id, wf, input: JSON.stringify(input) }) };
}
