// Runs made by SQL, as the engine would have left them: what is there before a measurement begins.

const QUEUED = `
WITH fresh AS (
  SELECT CASE $3::int WHEN 1 THEN $1 ELSE $1 || '-' || n % $3::int END AS tenant, new_id() AS id, n FROM generate_series(1, $2::int) n),
runs_in AS (
  INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, last_seq, started_by, lineage_root)
  SELECT tenant, id, $4, 1, $4 || '@1', 'default', 'queued', 1, 'api', id FROM fresh)
INSERT INTO journal (tenant, run_id, seq, type, payload) SELECT tenant, id, 1, 'run.started', '{"input": {"i": 1}}' FROM fresh`;

/** Spread over so many months, this one among them, in which they have begun and ended. */
const ENDED = `
WITH fresh AS (
  SELECT uuidv7(age) AS id, clock_timestamp() + age AS at FROM generate_series(1, $1::int) n, LATERAL (SELECT make_interval(months => -(n % $3::int)) AS age) a),
runs_in AS (
  INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, last_seq, epoch, started_by, lineage_root, created_at, ended_at)
  SELECT $2, id, 'steps-3', 1, 'steps-3@1', 'default', 'completed', 5, 1, 'api', id, at, at FROM fresh)
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

/** Completed three-step runs with their journals, of this month and of so many before it. Nothing is vacuumed or analyzed. */
export async function addEndedRuns(pool, { count, tenant, months = 1 }) {
  for (let made = 0; made < count; made += BATCH) await pool.query(ENDED, [Math.min(BATCH, count - made), tenant, months]);
}

/** Partitions for this month and so many before it, as they would be there if it had run that long. */
export async function makeMonths(pool, months) {
  await pool.query('SELECT ensure_partitions(clock_timestamp() - make_interval(months => m)) FROM generate_series(0, $1::int - 1) m', [
    months,
  ]);
}

/** Tables with rows, and not those that are made of partitions: these autovacuum does not analyze either. */
const TABLES = `SELECT format('%I', relname) AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`;

/** From now on statistics, and the plans that were made by them, stay as they are. */
export async function holdAutovacuum(pool) {
  for (const { name } of (await pool.query(TABLES)).rows) await pool.query(`ALTER TABLE ${name} SET (autovacuum_enabled = off)`);
}

/** What autovacuum would have done by and by. */
export async function vacuum(pool) {
  const { rows } = await pool.query(TABLES);
  await pool.query(`VACUUM (ANALYZE) ${rows.map(({ name }) => name).join(', ')}`);
}
