// Fills an inbox: real tasks of the strike example, run and journal and all, copied until there are as many as asked for.
//
// A copy differs from its original where the inbox looks: priority, due date, whose it is, the airport that it is about. Beside what waits
// there are twice as many tasks that have ended, since an inbox lives in a table with a past.

const AIRPORTS = 400;
/** Of the copies; the rest are for anybody. */
const SHARES = { assigned: 0.2, groups: 0.3, due: 0.7, mine: 0.001 };
const BATCH = 5_000;

/**
 * @param {import('pg').Client} client of a database in which the example's tasks wait
 * @param {{ tasks: number, viewer: string, say: (sentence: string) => void }} options `viewer`: the user name of whoever looks
 */
export async function seedInbox(client, { tasks, viewer, say }) {
  const [{ here }] = await rowsOf(client, "SELECT count(*)::int AS here FROM tasks WHERE status = 'open' AND workflow = 'strike-review'");
  if (here === 0) throw new Error('No task of the example waits: there is nothing to copy.');
  await client.query("UPDATE users SET groups = '{desk-1,desk-2}' WHERE name = $1", [viewer]);
  for (let made = here; made < tasks; made += BATCH) {
    await copy(client, Math.min(BATCH, tasks - made), viewer, 'open');
    if (made % 25_000 < BATCH) say(`${made.toLocaleString('en')} tasks wait.`);
  }
  for (let made = 0; made < 2 * tasks; made += BATCH) await copy(client, Math.min(BATCH, 2 * tasks - made), viewer, 'completed');
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
  const [counts] = await rowsOf(
    client,
    "SELECT count(*) FILTER (WHERE status IN ('open', 'claimed'))::int AS waiting, count(*)::int AS all FROM tasks",
  );
  return counts;
}

/**
 * Fills the list of runs up to `count`: copies of the example's runs that have ended, or wait without a task, in the shares of a quiet system.
 *
 * @param {import('pg').Client} client of a database with ended runs
 */
export async function seedRuns(client, count, say) {
  const [{ here }] = await rowsOf(client, 'SELECT count(*)::int AS here FROM runs');
  for (let made = here; made < count; made += BATCH) {
    await client.query(COPY_RUNS, [Math.min(BATCH, count - made)]);
    if (made % 250_000 < BATCH) say(`${made.toLocaleString('en')} runs.`);
  }
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
}

/** Of a hundred 97 have completed, two failed, one was canceled. */
const COPY_RUNS = `
  INSERT INTO runs SELECT row.* FROM (SELECT n, new_id() AS id FROM generate_series(1, $1) n) c
  JOIN (SELECT *, row_number() OVER () - 1 AS i, count(*) OVER () AS all FROM (SELECT * FROM runs WHERE status = 'completed' ORDER BY id LIMIT 100) first) o
    ON o.i = c.n % o.all,
  jsonb_populate_record(NULL::runs, to_jsonb(o) || jsonb_build_object('id', c.id, 'lineage_root', c.id,
    'status', CASE c.n % 100 WHEN 0 THEN 'canceled' WHEN 1 THEN 'failed' WHEN 2 THEN 'failed' ELSE 'completed' END)) row`;

/** Ends are copied as ended runs, without a journal: no list of what waits reads it. */
async function copy(client, count, viewer, status) {
  const hasEnded = status === 'completed';
  await client.query('BEGIN');
  await client.query(
    `CREATE TEMP TABLE copies ON COMMIT DROP AS
     SELECT t.tenant, t.id AS task, t.run_id AS run, new_id() AS new_task, new_id() AS new_run, n, random() AS place, random() AS share, random() AS days
     FROM generate_series(1, $1) n
     JOIN (SELECT *, row_number() OVER () - 1 AS i, count(*) OVER () AS all
           FROM (SELECT tenant, id, run_id FROM tasks WHERE status = 'open' AND workflow = 'strike-review' ORDER BY id LIMIT 100) first) t ON t.i = n % t.all`,
    [count],
  );
  const run = `'id', c.new_run, 'lineage_root', c.new_run, 'status', CASE WHEN $1 THEN 'completed' ELSE o.status END,
    'ended_at', CASE WHEN $1 THEN now() END`;
  await client.query(copies('runs', 'o.id = c.run', run), [hasEnded]);
  if (!hasEnded) await client.query(copies('journal', 'o.run_id = c.run', "'run_id', c.new_run"));
  const task = `'id', c.new_task, 'run_id', c.new_run, 'status', $1::text, 'priority', (c.place * 5)::int,
    'due_at', CASE WHEN c.days < $3 THEN now() + (c.days / $3 * 60 - 10) * interval '1 day' END,
    'follow_up_at', CASE WHEN c.days < 0.1 THEN now() + (c.days * 100 - 5) * interval '1 day' END,
    'assignee', CASE WHEN c.share < $4 THEN $2::text WHEN c.share < $5 THEN 'person-' || c.n % 50 END,
    'candidate_groups', CASE WHEN c.share >= $5 AND c.share < $6 THEN jsonb_build_array('desk-' || c.n % 20) END,
    'display', o.display || jsonb_build_object('Airport', 'Airport ' || (c.place * c.place * ${AIRPORTS})::int),
    'decided_by', CASE WHEN $1 = 'completed' THEN jsonb_build_object('id', 'p', 'name', 'Person', 'kind', 'user') END,
    'answer', CASE WHEN $1 = 'completed' THEN '{"verdict": "confirm"}'::jsonb END,
    'ended_at', CASE WHEN $1 = 'completed' THEN now() - c.days * interval '90 days' END`;
  const shares = [SHARES.due, SHARES.mine, SHARES.assigned, SHARES.assigned + SHARES.groups];
  await client.query(copies('tasks', 'o.id = c.task', task), [status, viewer, ...shares]);
  await client.query('COMMIT');
}

/** @param changes what of a row `o` is another in the copy `c`: names and values by turns */
function copies(table, isOriginal, changes) {
  return `INSERT INTO ${table} SELECT row.* FROM copies c JOIN ${table} o ON o.tenant = c.tenant AND ${isOriginal},
    jsonb_populate_record(NULL::${table}, to_jsonb(o) || jsonb_build_object(${changes})) row`;
}

async function rowsOf(client, text) {
  const { rows } = await client.query(text);
  return rows;
}
