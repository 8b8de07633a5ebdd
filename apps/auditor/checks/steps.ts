/** G2: no step's output is committed twice; and the journal that says so is whole. */
import { type Check, OWN_FACTS } from '../check.js';

/**
 * Facts, and how often the run was opened again before each: a retry, a fork and a migration let nodes begin anew. What begins anew may
 * complete again, once.
 */
const BY_ERA = `(
  SELECT j.tenant, j.run_id, j.seq, j.type, j.path, j.iteration, j.payload,
    count(*) FILTER (WHERE j.type IN ('retry.started', 'fork.started', 'run.migrated', 'migration.undone')) OVER (PARTITION BY j.tenant, j.run_id ORDER BY j.seq) AS era
  FROM journal j WHERE j.run_id >= $since)`;
const ONCE = ['step.completed', 'branch.chosen', 'task.opened', 'task.completed', 'event.emitted', 'event.consumed', 'items.listed', 'child.started', 'child.ended', 'race.won']; // prettier-ignore
const TRIED = ['attempt.started', 'attempt.failed', 'attempt.suspended', 'step.dispatched', 'step.skipped', 'effect.begun'];

export const STEPS: readonly Check[] = [
  {
    guarantee: 'G2',
    sentence: 'each journal begins with its start and has no gap up to the last fact of its run',
    sql: `SELECT r.tenant, r.id, r.last_seq, j.facts, j.first, j.last, j.starts FROM runs r
      LEFT JOIN (SELECT tenant, run_id, count(*) AS facts, min(seq) AS first, max(seq) AS last, count(*) FILTER (WHERE seq = 1 AND type = 'run.started') AS starts
        FROM journal WHERE run_id >= $since GROUP BY tenant, run_id) j ON j.tenant = r.tenant AND j.run_id = r.id
      WHERE r.id >= $since AND (j.facts, j.first, j.last, j.starts) IS DISTINCT FROM (r.last_seq::bigint, 1, r.last_seq, 1::bigint)`,
  },
  {
    guarantee: 'G2',
    sentence: 'no fact belongs to no run',
    sql: `SELECT DISTINCT j.tenant, j.run_id FROM journal j
      WHERE j.run_id >= $since AND NOT EXISTS (SELECT FROM runs r WHERE r.tenant = j.tenant AND r.id = j.run_id)`,
  },
  {
    guarantee: 'G2',
    sentence: 'no large payload is missing',
    sql: `SELECT j.tenant, j.run_id, j.seq, j.type, j.payload_blob FROM journal j
      WHERE j.run_id >= $since AND j.payload_blob IS NOT NULL
        AND NOT EXISTS (SELECT FROM blobs b WHERE b.tenant = j.tenant AND b.run_id = j.run_id AND b.hash = j.payload_blob)`,
  },
  {
    guarantee: 'G2',
    sentence: 'each node comes to its output, choice, task, event or child once, unless the run was opened again in between',
    sql: `SELECT tenant, run_id, path, iteration, type, count(*) FROM ${BY_ERA} f
      WHERE type IN (${list(ONCE)}) AND path <> '' GROUP BY tenant, run_id, era, path, iteration, type, payload ->> 'childId' HAVING count(*) > 1`,
  },
  {
    guarantee: 'G2',
    sentence: 'a step that has completed is not tried again, unless the run was opened again in between',
    sql: `SELECT done.tenant, done.run_id, done.path, done.iteration, later.type, later.seq FROM ${BY_ERA} done
      JOIN ${BY_ERA} later ON later.tenant = done.tenant AND later.run_id = done.run_id AND later.path = done.path AND later.iteration = done.iteration
        AND later.era = done.era AND later.seq > done.seq
      WHERE done.type = 'step.completed' AND later.type IN (${list(TRIED)})`,
  },
  {
    guarantee: 'G2',
    sentence: 'what a parent started is a run, and a child has the fact that started it',
    sql: `SELECT j.tenant, j.run_id AS parent, j.child, r.id AS run FROM
        (SELECT tenant, run_id, (payload ->> 'childId')::uuid AS child FROM ${OWN_FACTS} f WHERE type = 'child.started' AND payload IS NOT NULL) j
      FULL JOIN (SELECT * FROM runs WHERE started_by = 'parent' AND retry_of IS NULL AND cause_run >= $since AND cause_run >= $whole) r
        ON r.tenant = j.tenant AND r.id = j.child AND r.cause_run = j.run_id
      WHERE j.child IS NULL OR r.id IS NULL AND j.child >= $whole`,
  },
];

function list(types: readonly string[]): string {
  return types.map((type) => `'${type}'`).join(', ');
}
