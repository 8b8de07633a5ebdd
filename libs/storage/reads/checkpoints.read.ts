/** The checkpoints of runs for people: the facts behind which they stand, without their payloads. Takes no lock. */
import { CHECKPOINT_FACTS } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';
import { type Answering, byRequest } from './by-request.js';
import type { JournalPageRequest } from './journal-page.read.js';

export interface CheckpointRow {
  readonly runId: string;
  readonly seq: number;
  readonly type: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly at: Date;
}

const COLUMNS = 'j.run_id AS "runId", j.seq, j.type, j.path, j.iteration, j.attempt, j.at';

export const READ_CHECKPOINT_PAGES = statement(
  'read-checkpoint-pages',
  `SELECT f.* FROM unnest($2::uuid[], $3::int[], $4::int[]) WITH ORDINALITY AS wanted(run_id, after, most, place)
   JOIN runs r ON r.tenant = $1 AND r.id = wanted.run_id
   CROSS JOIN LATERAL (
     SELECT wanted.place::int - 1 AS of, ${COLUMNS}
     FROM journal j
     WHERE j.tenant = $1 AND j.run_id = wanted.run_id AND j.seq > wanted.after AND j.seq >= coalesce(r.checkpoints_from, 0)
       AND j.type = ANY($5::text[])
     ORDER BY j.seq
     LIMIT wanted.most) f
   ORDER BY f.of, f.seq`,
);

/** @returns a page for each request, in their order, oldest first; none that was pruned */
export async function readCheckpointPages(sql: Sql, tenant: string, pages: readonly JournalPageRequest[]): Promise<CheckpointRow[][]> {
  const wanted = [pages.map(({ runId }) => runId), pages.map(({ after }) => after), pages.map(({ limit }) => limit)];
  return byRequest(pages, await sql.query<CheckpointRow & Answering>(READ_CHECKPOINT_PAGES, [tenant, ...wanted, CHECKPOINT_FACTS]));
}
