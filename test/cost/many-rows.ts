/** A database with a past: what the engine would have left behind after 300,000 runs, made by SQL in seconds. */
import type pg from 'pg';

const RUNS = 300_000;

/** Of a thousand runs 970 have completed, 10 failed, 12 wait, 5 are queued and 3 at work. */
const STATUS = `CASE WHEN n % 1000 < 970 THEN 'completed' WHEN n % 1000 < 980 THEN 'failed' WHEN n % 1000 < 992 THEN 'waiting' WHEN n % 1000 < 997 THEN 'queued' ELSE 'running' END`;

const FILL: readonly string[] = [
  `CREATE TEMP TABLE made AS SELECT n, new_id() AS id, 'tenant-' || n % 7 AS tenant, ${STATUS} AS status FROM generate_series(1, ${RUNS}) n`,
  `INSERT INTO workers (id, host, pid, roles, queues, expires_at) SELECT new_id(), 'host', n, '{worker}', '{default}', clock_timestamp() + interval '1 hour' FROM generate_series(1, 4) n`,
  `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, wait_reasons, worker, epoch, last_seq, due_at, started_by, cause_run, lineage_root, error_code, permit_key, ended_at)
   SELECT tenant, id, 'w' || n % 5, 1, 'w' || n % 5 || '@1', 'default', status, CASE status WHEN 'waiting' THEN '{task,timer}'::text[] ELSE '{}' END,
     CASE status WHEN 'running' THEN (SELECT id FROM workers LIMIT 1) END, 1, 3, CASE status WHEN 'waiting' THEN clock_timestamp() + n * interval '1 second' END, 'api',
     CASE WHEN n % 9 = 0 THEN id END, id, CASE status WHEN 'failed' THEN 'FAILED' END, CASE WHEN n % 11 = 0 THEN 'k' || n % 100 END,
     CASE WHEN status IN ('completed', 'failed') THEN clock_timestamp() END
   FROM made`,
  `INSERT INTO journal (tenant, run_id, seq, type, path, payload)
   SELECT tenant, id, seq, CASE seq WHEN 1 THEN 'run.started' WHEN 2 THEN 'step.completed' ELSE 'run.ended' END, CASE seq WHEN 2 THEN 's1' ELSE '' END, '{}'
   FROM made CROSS JOIN generate_series(1, 3) seq`,
  `INSERT INTO run_keys (tenant, workflow, key, run_id) SELECT tenant, 'w' || n % 5, 'key-' || n, id FROM made WHERE n % 3 = 0`,
  `INSERT INTO inbox (tenant, run_id, kind, dedupe_key) SELECT tenant, id, 'signal', 'one' FROM made WHERE status NOT IN ('completed', 'failed')`,
  `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, form, status)
   SELECT tenant, new_id(), id, 'ask', '', 'w' || n % 5, 1, 'ask', 'Ask', '', '{}', CASE status WHEN 'waiting' THEN 'open' ELSE 'completed' END FROM made WHERE n % 5 = 0 OR status = 'waiting'`,
  `INSERT INTO task_history (tenant, task_id, kind) SELECT tenant, id, 'opened' FROM tasks`,
  `INSERT INTO events (tenant, id, name, payload, source_run, idempotency_key, routed) SELECT tenant, new_id(), 'e' || n % 20, '{}', id, 'e' || n, true FROM made WHERE n % 5 = 1`,
  `INSERT INTO event_deliveries (tenant, event_id, consumer, workflow, version, status, run_id) SELECT tenant, id, 'w1', 'w1', 1, 'started', source_run FROM events`,
  `INSERT INTO event_waits (tenant, run_id, id, event, shape, key, since, looked_up) SELECT tenant, id, new_id(), 'e' || n % 20, '{a}', 'k' || n, clock_timestamp(), true FROM made WHERE n % 15 = 1`,
  `INSERT INTO dispatches (tenant, id, run_id, path, iteration, attempt, queue, needs) SELECT tenant, new_id(), id, 's1', '', 1, 'other', 'w1@1' FROM made WHERE n % 50 = 1`,
  `INSERT INTO blobs (tenant, run_id, hash, data) SELECT tenant, id, 'h', '{}' FROM made WHERE n % 50 = 2`,
  `INSERT INTO emissions (tenant, emitter, record_key, run_id) SELECT tenant, 'em', 'r' || n, id FROM made WHERE n % 5 = 2`,
  `INSERT INTO emission_reads (tenant, emitter_run, batch, ordinal, emitter, outcome, record_key, run_id)
   SELECT tenant, id, n / 100, n % 100, 'em', 'started', 'r' || n, id FROM made WHERE n % 5 = 2`,
  `INSERT INTO step_keys (tenant, kind, key, holder, lease_until) SELECT tenant, 'key', 'k' || n, 'h', clock_timestamp() FROM made WHERE n % 10 = 3`,
];

export async function fillWithManyRows(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    // Nothing here has to survive a crash, and what triggers would do is not asked for.
    await client.query(`SET synchronous_commit = off; SET session_replication_role = replica`);
    for (const text of FILL) await client.query(text);
    await client.query('DROP TABLE made; RESET synchronous_commit; RESET session_replication_role');
    await client.query('ANALYZE');
  } finally {
    client.release();
  }
}

/** Indexes that have no entry of most rows. */
export async function partialIndexes(pool: pg.Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indpred IS NOT NULL',
  );
  return new Set(rows.map(({ name }) => name));
}

/** Tables and partitions with rows enough for a whole read to be one; months that are still to come are empty. */
export async function largeTables(pool: pg.Pool): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>("SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples > 1000");
  return new Set(rows.map(({ name }) => name));
}
