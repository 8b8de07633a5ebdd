/** A server with worker processes beside it: what becomes of runs when one of them is killed, when they are renewed, and when all stop. */
import { hostedWorkflows } from '@stepwell/runtime';
import { workflow, WorkflowModule } from '@stepwell/sdk';
import { WORKER_DEFAULTS } from '@stepwell/runtime';
import { until } from '../engine/engine.js';
import { type Process, startProcess } from '../engine/process.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { compiledWith, type CompiledProject } from './compiled-with.js';
import { startServer, type TestServer } from './start-server.js';

const WORKERS = 2;
const RUNS = 20;

/** Says when a step begins and ends; the first takes a second, so that a death or a drain finds it at work. */
const STEPS = `sdk.workflow('errand', { version: 1 })
  .then('slow', async (ctx) => {
    console.log('begun slow ' + ctx.runId);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    console.log('ended slow ' + ctx.runId);
    return 'slow';
  })
  .then('next', (ctx) => ctx.resultOf('slow') + ', next'),
  sdk.workflow('quick', { version: 1 }).then('one', () => 1).then('two', () => 2).then('three', () => 3)`;

/** What a test knows of them: enough to start runs. */
class Errands {}
WorkflowModule({
  workflows: [workflow('errand', { version: 1 }).then('slow', () => 1), workflow('quick', { version: 1 }).then('one', () => 1)],
})(Errands);

let project: CompiledProject;
let database: TestDatabase;
let client: Process;
let server: TestServer;
beforeAll(async () => {
  project = compiledWith(STEPS);
  database = await createTestDatabase();
  const nobody = { get: () => ({}) as never, screen: () => ({}) as never };
  client = await startProcess(database.url, hostedWorkflows([Errands]).catalog, nobody, { idle: true });
  server = await startServer({ dist: project.dist, environment: { DATABASE_URL: database.url, STEPWELL_WORKERS: String(WORKERS) } });
});
afterAll(async () => {
  await server.stop();
  await client.stop();
  project.remove();
  await database.drop();
});

const query = async <Row extends object>(text: string, values: unknown[] = []) => (await database.pool.query<Row>(text, values)).rows;
const start = async (name: string) => (await client.runs.start({ tenant: 'default', workflow: name, input: null, actor: null })).runId;
const startMany = (count: number) => Promise.all(Array.from({ length: count }, () => start('errand')));
const count = (words: RegExp) => (server.output().match(words) ?? []).length;
const allEnded = (ids: readonly string[]) =>
  until(
    () => query<{ status: string }>('SELECT DISTINCT status FROM runs WHERE id = ANY ($1)', [ids]),
    (rows) => rows.every(({ status }) => status === 'completed'),
    'All runs should be completed',
  );
/** The incarnations that live. */
const alive = () =>
  query<{ id: string; pid: number }>("SELECT id, pid FROM workers WHERE roles = '{worker}' AND ended_at IS NULL AND expires_at > now()");

it('leaves the work to them, each a worker of its own, and has one log with their names', async () => {
  expect(server.output()).toContain(`Worker processes: ${WORKERS} of ${WORKERS} take work.`);
  const workers = await alive();
  expect(new Set(workers.map(({ pid }) => pid)).size).toBe(WORKERS);
  expect(workers.map(({ pid }) => pid)).not.toContain(server.process.pid);
  expect(await query("SELECT id FROM workers WHERE 'api' = ANY (roles)")).toEqual([]);
  const ids = await startMany(1);
  await allEnded(ids);
  expect(server.output()).toMatch(new RegExp(`^\\[worker [12]\\] begun slow ${ids[0]}$`, 'm'));
});

it('starts one that was killed again, and its runs go on elsewhere, each step committed once', async () => {
  const ids = await startMany(RUNS);
  await server.printed(() => count(/begun slow/g) >= RUNS);
  const [holder] = await query<{ pid: number }>(
    "SELECT DISTINCT w.pid FROM workers w JOIN runs r ON r.worker = w.id WHERE r.status = 'running'",
  );
  process.kill(holder?.pid ?? NaN, 'SIGKILL');
  await server.printed((output) => /worker \d has ended by itself \(signal SIGKILL\)\. It is started again in 1 s/.test(output));
  await allEnded(ids);
  expect(await query("SELECT run_id FROM journal WHERE type = 'step.completed' GROUP BY run_id, path HAVING count(*) <> 1")).toEqual([]);
  await until(
    async () => (await alive()).filter(({ pid }) => pid !== holder?.pid).length,
    (living) => living === WORKERS,
    'There should be as many workers as before',
  );
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
});

it('renews them one after the other while runs come and go: none is taken for dead, and none waits for a lease', async () => {
  const before = await alive();
  const ids: string[] = [];
  let isRenewed = false;
  const renewed = server.printed((output) => output.includes('All worker processes were restarted')).then(() => (isRenewed = true));
  server.process.kill('SIGUSR2');
  while (!isRenewed) {
    const id = await start('quick');
    ids.push(id);
    await Promise.race([renewed, allEnded([id])]);
  }
  await allEnded(ids);
  const after = await alive();
  const pids = before.map(({ pid }) => pid);
  expect(after.filter(({ pid }) => pids.includes(pid))).toEqual([]);
  const [figures] = await query<{ runs: number; blamed: number; longest: number }>(
    `SELECT count(*)::int AS runs, count(r.crashes)::int AS blamed, max(extract(epoch FROM e.at - s.at) * 1000)::int AS longest
     FROM runs r
     JOIN journal s ON s.run_id = r.id AND s.type = 'run.started'
     JOIN journal e ON e.run_id = r.id AND e.type = 'run.ended'
     WHERE r.id = ANY ($1)`,
    [ids],
  );
  expect(figures).toMatchObject({ runs: ids.length, blamed: 0 });
  expect(figures?.longest).toBeLessThan(WORKER_DEFAULTS.leaseMs);
});

it('drains them all before it ends: what they are at is finished and committed, the rest is given back', async () => {
  const begun = count(/begun slow/g);
  const ids = await startMany(RUNS);
  await server.printed(() => count(/begun slow/g) === begun + RUNS);
  expect(await server.stop()).toBe(0);
  const rows = await query<{ status: string; crashes: string[] | null; steps: number }>(
    `SELECT status, crashes, (SELECT count(*)::int FROM journal WHERE run_id = runs.id AND type = 'step.completed') AS steps
     FROM runs WHERE id = ANY ($1)`,
    [ids],
  );
  expect(rows).toEqual(Array.from({ length: RUNS }, () => ({ status: 'queued', crashes: null, steps: 1 })));
  expect(await alive()).toEqual([]);
});

it('says at the start what does not fit into the connections of the database', async () => {
  const small = await createTestDatabase();
  await small.pool.query(`ALTER DATABASE "${new URL(small.url).pathname.slice(1)}" CONNECTION LIMIT 70`);
  const environment = { DATABASE_URL: small.url, STEPWELL_WORKERS: '4' };
  await expect(startServer({ dist: project.dist, environment })).rejects.toThrow(
    'Stepwell did not start: A server with 4 worker processes takes up to 107 connections, and the database grants 70. ' +
      'Raise its max_connections, set STEPWELL_WORKERS to 2 or less, or put a pooler in front of it (docs/reference/scale.md).',
  );
  await small.drop();
});
