// Runs made by SQL, as the engine would have left them: what is there before a measurement begins.

const QUEUED = `
WITH fresh AS (
  SELECT CASE $3::int WHEN 1 THEN $1 ELSE $1 || '-' || n % $3::int END AS tenant, new_id() AS id, n FROM generate_series(1, $2::int) n),
runs_in AS (
  INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, last_seq, started_by, lineage_root)
  SELECT tenant, id, $4, 1, $4 || '@1', 'default', 'queued', 1, 'api', id FROM fresh)
INSERT INTO journal (tenant, run_id, seq, type, payload) SELECT tenant, id, 1, 'run.started', '{"input": {"i": 1}}' FROM fresh`;

const ENDED = `
WITH fresh AS (SELECT new_id() AS id FROM generate_series(1, $1::int)),
runs_in AS (
  INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, last_seq, epoch, started_by, lineage_root, ended_at)
  SELECT $2, id, 'steps-3', 1, 'steps-3@1', 'default', 'completed', 5, 1, 'api', id, clock_timestamp() FROM fresh)
INSERT INTO journal (tenant, run_id, seq, type, path, payload)
SELECT $2, id, f.seq, f.type, f.path, f.payload::jsonb
FROM fresh CROSS JOIN (VALUES
  (1, 'run.started', '', '{"input": {"i": 1}}'),
  (2, 'step.completed', 's1', '{"output": {"n": 1, "ok": true}, "startedAt": 1764000000000}'),
  (3, 'step.completed', 's2', '{"output": {"n": 2, "ok": true}, "startedAt": 1764000000000}'),
  (4, 'step.completed', 's3', '{"output": {"n": 3, "ok": true}, "startedAt": 1764000000000}'),
  (5, 'run.ended', '', '{"output": {"n": 3, "ok": true}, "status": "completed"}')) AS f(seq, type, path, payload)
ORDER BY id, f.seq`;

const BATCH = 50_000;

/** So many queued runs of one tenant, or spread over so many, visible at one moment. */
export async function queueRuns(pool, { tenant, tenants = 1, count, workflow }) {
  await pool.query(QUEUED, [tenant, count, tenants, workflow]);
}

/** Completed three-step runs with their journals. */
export async function addEndedRuns(pool, count, tenant) {
  for (let made = 0; made < count; made += BATCH) await pool.query(ENDED, [Math.min(BATCH, count - made), tenant]);
  await pool.query('VACUUM (ANALYZE) runs, journal');
  await pool.query('CHECKPOINT');
}
