/** A server with worker processes beside it: what becomes of runs when one of them is killed, when they are renewed, and when all stop. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostedWorkflows } from '@stepwell/runtime';
import { workflow, WorkflowModule } from '@stepwell/sdk';
import { until } from '../engine/engine.js';
import { type Process, startProcess } from '../engine/process.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { compiledWith, type CompiledProject } from './compiled-with.js';
import { journeysOf, LEAST_LEASE_LEFT_MS } from './journeys.js';
import { SAYS_WHEN_IT_STOPS } from './says-when-it-stops.js';
import { startServer, type TestServer } from './start-server.js';

const WORKERS = 2;
const RUNS = 20;

/** Says when a step begins and ends; the first of an errand with a gate takes until that is there, so that a death or a drain finds it at work. */
const STEPS = `sdk.workflow('errand', { version: 1 })
  .then('slow', async (ctx) => {
    console.log('begun slow ' + ctx.runId);
    while (ctx.input && !existsSync(ctx.input.gate)) await new Promise((resolve) => setTimeout(resolve, 20));
    console.log('ended slow ' + ctx.runId);
    return 'slow';
  })
  .then('next', (ctx) => ctx.resultOf('slow') + ', next'),
  sdk.workflow('steady', { version: 1 })
  .then('slow', async (ctx) => {
    console.log('begun slow ' + ctx.runId);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    console.log('ended slow ' + ctx.runId);
  })
  .then('next', () => 2),
  sdk.workflow('quick', { version: 1 }).then('one', () => 1).then('two', () => 2).then('three', () => 3),
  sdk.workflow('held', { version: 1 }).then('hold', async (ctx) => {
    console.log('begun hold ' + ctx.runId);
    while (!existsSync(ctx.input.gate)) await new Promise((resolve) => setTimeout(resolve, 20));
    // As Nest's logger prints: console passes over what breaks.
    process.stdout.write('let go\\n');
    await new Promise((resolve) => setImmediate(resolve));
  })`;

/** Says that the first wish to stop has arrived, and listens to no other one. */
const BEFORE = `
import { existsSync } from 'node:fs';${SAYS_WHEN_IT_STOPS}
process.once('SIGTERM', () => console.log('told to stop: ' + process.pid));`;

/** What a test knows of them: enough to start runs. */
class Errands {}
WorkflowModule({
  workflows: ['errand', 'steady', 'quick', 'held'].map((name) => workflow(name, { version: 1 }).then('x', () => 1)),
})(Errands);

let project: CompiledProject;
let database: TestDatabase;
let client: Process;
let server: TestServer;
let gates: string;
beforeAll(async () => {
  gates = mkdtempSync(join(tmpdir(), 'stepwell-gates-'));
  project = compiledWith(STEPS, BEFORE);
  database = await createTestDatabase();
  const nobody = { get: () => ({}) as never, screen: () => ({}) as never };
  client = await startProcess(database.url, hostedWorkflows([Errands]).catalog, nobody, { idle: true });
  server = await startFleet();
});
afterAll(async () => {
  await server.stop();
  await client.stop();
  project.remove();
  await database.drop();
  rmSync(gates, { recursive: true });
});

const query = async <Row extends object>(text: string, values: unknown[] = []) => (await database.pool.query<Row>(text, values)).rows;
const startFleet = () =>
  startServer({ dist: project.dist, environment: { DATABASE_URL: database.url, STEPWELL_WORKERS: String(WORKERS) } });
const start = async (name: string, input: unknown = null) =>
  (await client.runs.start({ tenant: 'default', workflow: name, input, actor: null })).runId;
/** As many errands as are at work until `gate` is there. */
const startMany = (gate: string) => Promise.all(Array.from({ length: RUNS }, () => start('errand', { gate })));
const count = (words: RegExp) => (server.output().match(words) ?? []).length;
const allEnded = (ids: readonly string[]) =>
  until(
    () => query<{ status: string }>('SELECT DISTINCT status FROM runs WHERE id = ANY ($1)', [ids]),
    (rows) => rows.every(({ status }) => status === 'completed'),
    'All runs should be completed',
  );
/** Of which of these runs it has begun and not ended in that log, by the worker that is at it. */
const slowSteps = (log: string, ids: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const atWork = new Map<string, Set<string>>();
  for (const [, worker = '', what, id = ''] of log.matchAll(/^\[(worker \d)\] (begun|ended) slow (\S+)$/gm)) {
    if (!ids.includes(id)) continue;
    const those = atWork.get(worker) ?? new Set();
    if (what === 'begun') those.add(id);
    else those.delete(id);
    if (those.size > 0) atWork.set(worker, those);
    else atWork.delete(worker);
  }
  return atWork;
};
/** The incarnations that live. */
const alive = () =>
  query<{ id: string; pid: number }>("SELECT id, pid FROM workers WHERE roles = '{worker}' AND ended_at IS NULL AND expires_at > now()");

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('leaves the work to them, each a worker of its own, and has one log with their names', async () => {
  expect(server.output()).toContain(`Worker processes: ${WORKERS} of ${WORKERS} take work.`);
  const workers = await alive();
  expect(new Set(workers.map(({ pid }) => pid)).size).toBe(WORKERS);
  expect(workers.map(({ pid }) => pid)).not.toContain(server.process.pid);
  expect(await query("SELECT id FROM workers WHERE 'api' = ANY (roles)")).toEqual([]);
  const id = await start('errand');
  await allEnded([id]);
  await server.printed((output) => new RegExp(`^\\[worker [12]\\] begun slow ${id}$`, 'm').test(output));
});

it('starts one that was killed again, and its runs go on elsewhere, each step committed once', async () => {
  const gate = join(gates, 'killed');
  const begun = count(/begun slow/g);
  const ids = await startMany(gate);
  await server.printed(() => count(/begun slow/g) === begun + RUNS);
  const [holder] = await query<{ pid: number }>(
    "SELECT DISTINCT w.pid FROM workers w JOIN runs r ON r.worker = w.id WHERE r.status = 'running'",
  );
  process.kill(holder?.pid ?? NaN, 'SIGKILL');
  await server.printed((output) => /worker \d has ended by itself \(signal SIGKILL\)\. It is started again in 1 s/.test(output));
  writeFileSync(gate, '');
  await allEnded(ids);
  expect(await query("SELECT run_id FROM journal WHERE type = 'step.completed' GROUP BY run_id, path HAVING count(*) <> 1")).toEqual([]);
  await until(
    async () => (await alive()).filter(({ pid }) => pid !== holder?.pid).length,
    (living) => living === WORKERS,
    'There should be as many workers as before',
  );
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
});

it('renews them one after the other, each in the middle of steps, while runs come: each step is done once, and no run waits for a lease', async () => {
  // One that was killed counts as living until its lease is over.
  const pids = (await alive()).map(({ pid }) => pid).filter(isThere);
  expect(pids).toHaveLength(WORKERS);
  const ids: string[] = [];
  const startOne = async (name: 'steady' | 'quick') => {
    ids.push(await start(name));
    return ids.at(-1) as string;
  };
  await until(
    async () => {
      await startOne('steady');
      return slowSteps(server.output(), ids);
    },
    (atWork) => atWork.size === WORKERS,
    'Each worker should be at a step',
  );
  let isRenewed = false;
  const renewed = server.printed((output) => output.includes('All worker processes were restarted')).then(() => (isRenewed = true));
  server.process.kill('SIGUSR2');
  while (!isRenewed) {
    await startOne('steady');
    const quick = await startOne('quick');
    await Promise.race([renewed, allEnded([quick])]);
  }
  await allEnded(ids);
  expect((await alive()).filter(({ pid }) => pids.includes(pid))).toEqual([]);
  expect(await query('SELECT pid FROM workers WHERE pid = ANY ($1) AND (ended_at IS NULL OR crashed)', [pids])).toEqual([]);

  // Each was told to stop while it was at slow steps.
  const log = server.output();
  for (const pid of pids) {
    const [upToStop = ''] = log.split(`told to stop: ${pid}\n`);
    const [, name = ''] = /\[(worker \d)\] $/.exec(upToStop) ?? [];
    expect([name, slowSteps(upToStop, ids).get(name)?.size]).toEqual([expect.stringContaining('worker'), expect.any(Number)]);
  }
  const begun = [...log.matchAll(/begun slow (\S+)/g)].map(([, id = '']) => id);
  expect(begun.filter((id, index) => ids.includes(id) && begun.indexOf(id) !== index)).toEqual([]);
  const { longestMs, ...runs } = await journeysOf(database.pool, ids);
  expect(runs).toEqual({ runs: ids.length, sound: ids.length });
  expect(longestMs).toBeLessThan(LEAST_LEASE_LEFT_MS);
});

it('drains them all before it ends: what they are at is finished and committed, the rest is given back', async () => {
  const gate = join(gates, 'drained');
  const begun = count(/begun slow/g);
  const ids = await startMany(gate);
  await server.printed(() => count(/begun slow/g) === begun + RUNS);
  const stopping = count(/begins nothing more/g);
  server.process.kill('SIGTERM');
  await server.printed(() => count(/begins nothing more/g) === stopping + WORKERS);
  writeFileSync(gate, '');
  expect(await server.stop()).toBe(0);
  const rows = await query<{ status: string; crashes: string[] | null; steps: number }>(
    `SELECT status, crashes, (SELECT count(*)::int FROM journal WHERE run_id = runs.id AND type = 'step.completed') AS steps
     FROM runs WHERE id = ANY ($1)`,
    [ids],
  );
  expect(rows).toEqual(Array.from({ length: RUNS }, () => ({ status: 'queued', crashes: null, steps: 1 })));
  expect(await alive()).toEqual([]);
});

describe('a fleet with a step at work that nobody may hurry', () => {
  let fleet: TestServer;
  let folder: string;
  let gate: string;
  let id: string;
  let pids: number[];
  // Its workers would take the step.
  beforeAll(() => server.stop());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stepwell-gate-'));
    gate = join(folder, 'open');
    fleet = await startFleet();
    id = await start('held', { gate });
    await fleet.printed((output) => output.includes(`begun hold ${id}`));
    pids = (await alive()).map(({ pid }) => pid);
  });
  afterEach(async () => {
    writeFileSync(gate, '');
    await fleet.stop();
    rmSync(folder, { recursive: true });
  });

  /** What has become of the run, and the workers that have not ended in order. */
  const outcome = async () => {
    const [run] = await query<{ crashes: string[] | null; steps: number }>(
      `SELECT crashes, (SELECT count(*)::int FROM journal WHERE run_id = runs.id AND type = 'step.completed') AS steps FROM runs WHERE id = $1`,
      [id],
    );
    return { ...run, dead: await query('SELECT pid FROM workers WHERE pid = ANY ($1) AND (ended_at IS NULL OR crashed)', [pids]) };
  };
  const DRAINED = { crashes: null, steps: 1, dead: [] };

  it('drains to the end when it is told to stop again and again, as by a supervisor that signals a whole group', async () => {
    const [holder] = await query<{ pid: number }>('SELECT w.pid FROM workers w JOIN runs r ON r.worker = w.id WHERE r.id = $1', [id]);
    fleet.process.kill('SIGTERM');
    await fleet.printed((output) => output.includes(`told to stop: ${holder?.pid}`));
    for (const pid of [holder?.pid, fleet.process.pid]) process.kill(pid ?? NaN, 'SIGTERM');
    writeFileSync(gate, '');
    expect(await fleet.stop()).toBe(0);
    expect(await outcome()).toEqual(DRAINED);
  });

  it('drains by itself when its server is killed, though nobody reads any more what it prints', async () => {
    fleet.process.kill('SIGKILL');
    await once(fleet.process, 'exit');
    writeFileSync(gate, '');
    await until(outcome, ({ dead }) => dead.length === 0, 'All workers should have ended in order');
    expect(await outcome()).toEqual(DRAINED);
  });
});

it('says at the start what does not fit into the connections of the database', async () => {
  const small = await createTestDatabase();
  await small.pool.query(`ALTER DATABASE "${new URL(small.url).pathname.slice(1)}" CONNECTION LIMIT 100`);
  const environment = { DATABASE_URL: small.url, STEPWELL_WORKERS: '4' };
  await expect(startServer({ dist: project.dist, environment })).rejects.toThrow(
    'Stepwell did not start: A server with 4 worker processes takes up to 159 connections, and the database grants 100. ' +
      'Raise its max_connections, set STEPWELL_WORKERS to 2 or less, or put a pooler in front of it (docs/reference/scale.md).',
  );
  await small.drop();
});
