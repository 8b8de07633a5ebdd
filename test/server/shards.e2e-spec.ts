/**
 * Two databases under one server and one worker process, a tenant in each: what belongs to one is in its database only, whatever becomes of
 * the other one, of the worker, or of both.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../engine/engine.js';
import { Proxy } from '../faults/proxy.js';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { compiledWith, type CompiledProject } from './compiled-with.js';
import { startServer, type TestServer } from './start-server.js';

const TENANTS = ['default', 'acme'] as const;
type Tenant = (typeof TENANTS)[number];
const HOSTS: Readonly<Record<Tenant, string>> = { default: 'stepwell.test', acme: 'acme.test' };

const CLASSES = `
  import { existsSync } from 'node:fs';
  import { Inject } from '@nestjs/common';
  import { IsIn } from 'class-validator';
  class Answer {}
  IsIn(['yes'])(Answer.prototype, 'verdict');
  class Ask { answer = Answer; props() { return null; } }
  sdk.Screen({ id: 'ask', title: 'Ask' })(Ask);
  const told = sdk.event('told', { external: true });
  const databaseOf = async (manager) => (await manager.query('SELECT current_database() AS name'))[0].name;
  /** Starts a run of another tenant, and says what became of the same within its own transaction. */
  class Relay {
    constructor(client) { this.client = client; }
    async run(ctx) {
      const { tenant } = ctx.input;
      const { runId } = await this.client.start('own', null, { tenant, idempotencyKey: ctx.runId });
      return ctx.transaction(async (manager) => {
        const code = await this.client.start('own', null, { tenant, manager }).then(() => 'started', (error) => error.code);
        return { runId, refused: [code, await databaseOf(manager)] };
      });
    }
  }
  Inject(sdk.StepwellClient)(Relay, undefined, 0);
  sdk.Step({ id: 'relay' })(Relay);`;
const WORKFLOWS = `
  sdk.workflow('own', { version: 1 }).then('where', (ctx) => ctx.transaction((manager) => databaseOf(manager))),
  sdk.workflow('relaying', { version: 1 }).then(Relay),
  sdk.workflow('asking', { version: 1 }).screen(Ask),
  sdk.workflow('telling', { version: 1 }).emit(told, () => ({ a: 1 })),
  sdk.workflow('hearing', { version: 1, startOn: [sdk.on(told, () => ({ input: null }))] }).then('heard', () => 'heard'),
  sdk.workflow('slow', { version: 1 }).then('one', async (ctx) => {
    console.log('begun ' + ctx.runId);
    while (ctx.input && !existsSync(ctx.input.gate)) await new Promise((resolve) => setTimeout(resolve, 20));
    return 1;
  }).then('two', () => 2)`;

interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly cookie: string | undefined;
}

let project: CompiledProject;
let databases: Record<Tenant, TestDatabase>;
/** The way of the processes to each; a database is away when its line is closed. */
let lines: Record<Tenant, Proxy>;
let folder: string;
let file: string;
let server: TestServer;
const cookies: Record<Tenant, string> = { default: '', acme: '' };

beforeAll(async () => {
  project = compiledWith(WORKFLOWS, CLASSES, ['Ask', 'Relay']);
  // The one of the shard has no table yet: its server makes them.
  databases = { default: await createTestDatabase(), acme: await createEmptyDatabase() };
  const { port } = new URL(databases.default.url);
  lines = { default: new Proxy(() => Number(port)), acme: new Proxy(() => Number(port)) };
  for (const tenant of TENANTS) await lines[tenant].start();
  folder = mkdtempSync(join(tmpdir(), 'stepwell-shards-'));
  file = join(folder, 'shards.json');
  writeFileSync(file, JSON.stringify({ eu: { databaseUrl: addressOf('acme'), publicUrl: `http://${HOSTS.acme}`, tenants: ['acme'] } }));
  server = await start();
  const passwords: Record<Tenant, RegExp> = {
    default: /Sign in as admin with the one-time password (\S+)/,
    acme: /Sign in as admin of tenant "acme" at http:\/\/acme\.test with the one-time password (\S+)/,
  };
  for (const tenant of TENANTS) {
    const password = passwords[tenant].exec(server.output())?.[1];
    const { status, cookie } = await send(tenant, '/auth/sign-in', { name: 'admin', password });
    expect(status).toBe(204);
    cookies[tenant] = cookie?.split(';')[0] ?? '';
  }
});
afterAll(async () => {
  const code = await server?.stop();
  project.remove();
  rmSync(folder, { recursive: true });
  for (const tenant of TENANTS) {
    lines[tenant].close();
    await databases[tenant].drop();
  }
  expect(code).toBe(0);
});

/** By its line. */
function addressOf(tenant: Tenant): string {
  const url = new URL(databases[tenant].url);
  url.port = String(lines[tenant].port);
  return url.href;
}

const start = () =>
  startServer({
    dist: project.dist,
    environment: { DATABASE_URL: addressOf('default'), STEPWELL_SHARDS_FILE: file, STEPWELL_WORKERS: '1' },
  });

/** As somebody at the tenant's address, through a balancer that hands the host on; with a body it is a POST. */
function send<Body>(tenant: Tenant, path: string, body?: unknown): Promise<Answer<Body>> {
  const host = HOSTS[tenant];
  const headers = {
    host,
    origin: `http://${host}`,
    'content-type': 'application/json',
    'x-stepwell-csrf': '1',
    cookie: cookies[tenant],
  };
  return new Promise((resolve, reject) => {
    const asked = httpRequest(`${server.url}${path}`, { method: body === undefined ? 'GET' : 'POST', headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () =>
        resolve({
          ...{ status: answer.statusCode ?? 0, cookie: answer.headers['set-cookie']?.[0] },
          body: (answer.headers['content-type']?.includes('json') ? JSON.parse(text) : text) as Body,
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

const query = async <Row extends object>(tenant: Tenant, text: string, values: unknown[] = []) =>
  (await databases[tenant].pool.query<Row>(text, values)).rows;

async function startRun(tenant: Tenant, workflow: string, input: unknown = null): Promise<string> {
  const { status, body } = await send<{ runId: string }>(tenant, `/workflows/${workflow}/start`, { input });
  expect([status, body]).toEqual([201, expect.anything()]);
  return body.runId;
}

const completed = (tenant: Tenant, where: string, value: string) =>
  until(
    () => query<{ id: string; status: string }>(tenant, `SELECT id, status FROM runs WHERE ${where} = $1`, [value]),
    (runs) => runs.length > 0 && runs.every(({ status }) => status === 'completed'),
    `The runs of ${tenant} whose ${where} is ${value} should be completed`,
  );

async function outputOf<Output>(tenant: Tenant, id: string): Promise<Output> {
  await completed(tenant, 'id', id);
  const { body } = await send<{ data: { run: { output: Output } } }>(tenant, '/graphql', { query: `{ run(id: "${id}") { output } }` });
  return body.data.run.output;
}

const nameOf = (tenant: Tenant) => new URL(databases[tenant].url).pathname.slice(1);

/** The youngest first: one that was killed counts as living until its lease is over. */
const livingWorker = (tenant: Tenant) =>
  query<{ pid: number }>(
    tenant,
    "SELECT pid FROM workers WHERE roles = '{worker}' AND ended_at IS NULL AND expires_at > now() ORDER BY started_at DESC",
  );

/** Of every table, whose rows it has. */
async function tenantsIn(tenant: Tenant): Promise<string[]> {
  const tables = await query<{ name: string }>(
    tenant,
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace`,
  );
  const found = new Set<string>();
  for (const { name } of tables)
    for (const row of await query<{ tenant: string }>(tenant, `SELECT DISTINCT tenant FROM "${name}"`)) found.add(row.tenant);
  return [...found];
}

it('has both in one worker process, each with a lease of its own', async () => {
  const [first, shard] = await Promise.all(TENANTS.map(livingWorker));
  expect(first).toHaveLength(1);
  expect(shard).toEqual(first);
});

it.each(TENANTS)('the steps of %s write where its runs are, its events begin runs there, and its people decide there', async (tenant) => {
  expect(await outputOf(tenant, await startRun(tenant, 'own'))).toBe(nameOf(tenant));
  await startRun(tenant, 'telling');
  await completed(tenant, 'workflow', 'hearing');
  const asking = await startRun(tenant, 'asking');
  const task = await until(
    async () => (await query<{ id: string }>(tenant, 'SELECT id FROM tasks WHERE run_id = $1', [asking]))[0],
    (row) => row !== undefined,
    'The task should open',
  );
  const ask = async (text: string, variables: object) => {
    const { body } = await send<{ data: Record<string, { task: { version: number } | null; errors: unknown[] }> }>(tenant, '/graphql', {
      query: text,
      variables,
    });
    const [payload] = Object.values(body.data);
    expect(payload?.errors).toEqual([]);
    return payload?.task;
  };
  const claimed = await ask('mutation ($id: ID!) { claimTask(id: $id) { task { version } errors { code } } }', { id: task?.id });
  await ask(
    'mutation ($id: ID!, $version: Int!) { completeTask(id: $id, answer: { verdict: "yes" }, expectedVersion: $version) { task { version } errors { code } } }',
    { id: task?.id, version: claimed?.version },
  );
  await completed(tenant, 'id', asking);
});

it.each([
  ['default', 'acme'],
  ['acme', 'default'],
] as const)('a step of %s starts a run of %s there, and not within its own transaction', async (tenant, other) => {
  const { runId, refused } = await outputOf<{ runId: string; refused: string[] }>(
    tenant,
    await startRun(tenant, 'relaying', { tenant: other }),
  );
  expect(refused).toEqual(['TENANT_ELSEWHERE', nameOf(tenant)]);
  expect(await outputOf(other, runId)).toBe(nameOf(other));
});

it('a session of one is none at the other, and no row is where it does not belong', async () => {
  const { acme } = cookies;
  cookies.acme = cookies.default;
  expect((await send('acme', '/workflows/own/start', { input: null })).status).toBe(401);
  cookies.acme = acme;
  expect(await tenantsIn('default')).toEqual(['default']);
  expect(await tenantsIn('acme')).toEqual(['acme']);
});

it('a worker that is killed is started again, and what it held in both goes on, each step committed once', async () => {
  const gate = join(folder, 'killed');
  const runs = await Promise.all(TENANTS.map(async (tenant) => [tenant, await startRun(tenant, 'slow', { gate })] as const));
  await server.printed((output) => runs.every(([, id]) => output.includes(`begun ${id}`)));
  const [killed] = await livingWorker('acme');
  process.kill(killed?.pid ?? NaN, 'SIGKILL');
  writeFileSync(gate, '');
  for (const [tenant, id] of runs) {
    await completed(tenant, 'id', id);
    expect(await query(tenant, "SELECT path FROM journal WHERE run_id = $1 AND type = 'step.completed' ORDER BY seq", [id])).toEqual([
      { path: 'one' },
      { path: 'two' },
    ]);
  }
});

it.each([
  ['default', 'acme'],
  ['acme', 'default'],
] as const)('while the database of %s is away, %s goes on, also in a worker that begins then; afterwards both do', async (gone, stays) => {
  const gate = join(folder, `${gone} is away`);
  const held = await startRun(gone, 'slow', { gate });
  await server.printed((output) => output.includes(`begun ${held}`));
  const [before] = await livingWorker(stays);
  lines[gone].close();
  expect((await send(gone, '/health/ready')).status).toBe(503);
  expect(await send<{ error: { code: string } }>(gone, '/workflows/own/start', { input: null })).toMatchObject({ status: 503 });
  expect((await send(stays, '/health/ready')).status).toBe(200);
  await outputOf(stays, await startRun(stays, 'slow'));
  process.kill(before?.pid ?? NaN, 'SIGKILL');
  await outputOf(stays, await startRun(stays, 'slow'));
  expect((await livingWorker(stays))[0]?.pid).not.toBe(before?.pid);
  writeFileSync(gate, '');
  await lines[gone].start();
  await completed(gone, 'id', held);
  expect(await outputOf(gone, await startRun(gone, 'own'))).toBe(nameOf(gone));
});

it('starts while a shard is away: its address says so, the others are served, and it is opened when it is there', async () => {
  expect(await server.stop()).toBe(0);
  lines.acme.close();
  server = await start();
  expect(server.output()).toMatch(
    /^Shard "eu" cannot be opened; all others go on, and it is tried again: The database at .+ cannot be used: .+$/m,
  );
  expect(await send('acme', '/health/ready')).toMatchObject({
    status: 503,
    body: 'This address cannot be served at the moment: its database is away, or the server is stopping.\n',
  });
  expect(await outputOf('default', await startRun('default', 'own'))).toBe(nameOf('default'));
  await lines.acme.start();
  await server.printed((output) => /^Shard "eu" is there\.$/m.test(output) && /^\[worker 1\] Shard "eu" is there\.$/m.test(output));
  expect(await outputOf('acme', await startRun('acme', 'own'))).toBe(nameOf('acme'));
});
