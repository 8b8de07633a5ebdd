/**
 * Two servers on one database, as behind a balancer that sends each request anywhere: nothing that one of them knows is missed at the other,
 * and one of them is exchanged while runs flow.
 */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { until } from '../engine/engine.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { compiledWith, type CompiledProject } from './compiled-with.js';
import { journeysOf, LEAST_LEASE_LEFT_MS } from './journeys.js';
import { startServer, type TestServer } from './start-server.js';

const CLASSES = `
  import { IsIn } from 'class-validator';
  class Answer {}
  IsIn(['yes'])(Answer.prototype, 'verdict');
  class Ask { answer = Answer; props() { return null; } }
  sdk.Screen({ id: 'ask', title: 'Ask' })(Ask);`;
/** The first step of `flowing` takes long enough for a stop to find some at it. */
const WORKFLOWS = `sdk.workflow('asking', { version: 1 }).screen(Ask),
  sdk.workflow('flowing', { version: 1 }).then('slow', async (ctx) => {
    console.log('begun slow ' + ctx.runId);
    await new Promise((resolve) => setTimeout(resolve, 500));
    console.log('ended slow ' + ctx.runId);
  }).then('next', () => 2).then('last', () => 3)`;
/** Who start runs side by side, each one after the other. */
const CLIENTS = 3;
/** So many steps the new one is seen at. */
const ENOUGH = 20;
/** The other one is there. */
const MOST_TRIES = 10;

let project: CompiledProject;
let database: TestDatabase;
let [one, other]: TestServer[] = [];
/** Of a session that was opened at one of them. */
let cookie = '';
beforeAll(async () => {
  project = compiledWith(WORKFLOWS, CLASSES, ['Ask']);
  database = await createTestDatabase();
  one = await start();
  other = await start();
  const body = JSON.stringify({ name: 'admin', password: one.adminPassword });
  const answer = await fetch(`${one.url}/auth/sign-in`, { method: 'POST', headers: headersOf(one), body });
  expect(answer.status).toBe(204);
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
});
afterAll(async () => {
  const codes = [await one?.stop(), await other?.stop()];
  project.remove();
  await database.drop();
  expect(codes).toEqual([0, 0]);
});

const start = () => startServer({ dist: project.dist, environment: { DATABASE_URL: database.url } });

function headersOf({ url }: TestServer): Record<string, string> {
  return { 'content-type': 'application/json', 'x-stepwell-csrf': '1', origin: url, cookie };
}

async function ask<Data>(server: TestServer, query: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const answer = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: headersOf(server),
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

const both = () => [one, other] as [TestServer, TestServer];

it('a session that was opened at one is one at the other', async () => {
  const [, there] = both();
  expect(await ask(there, '{ viewer { name } }')).toEqual({ viewer: { name: 'admin' } });
});

it('a file that was sent to one is read at the other', async () => {
  const [here, there] = both();
  const form = new FormData();
  form.append('files', new Blob(['%PDF-1.4 a small report'], { type: 'application/pdf' }), 'report.pdf');
  const { 'content-type': _json, ...headers } = headersOf(here);
  const sent = await fetch(`${here.url}/documents`, { method: 'POST', headers, body: form });
  const [{ id }] = (await sent.json()) as [{ id: string }];
  const read = await fetch(`${there.url}/documents/${id}`, { headers: { cookie } });
  expect([read.status, await read.text()]).toEqual([200, '%PDF-1.4 a small report']);
});

it('what is done to a task at one reaches who watches its run at the other, which knows the decision, too', async () => {
  const [here, there] = both();
  const { startRun } = await ask<{ startRun: { run: { id: string } } }>(here, 'mutation { startRun(workflow: "asking") { run { id } } }');
  const runId = startRun.run.id;
  const task = await until(
    async () =>
      (await database.pool.query<{ id: string; version: number }>('SELECT id, version FROM tasks WHERE run_id = $1', [runId])).rows[0],
    (row) => row !== undefined,
    'The task should open',
  );
  class WithSession extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers: { cookie, origin: there.url } });
    }
  }
  const client = createClient({ url: `${there.url.replace('http', 'ws')}/graphql`, webSocketImpl: WithSession, retryAttempts: 0 });
  const changes = client.iterate({ query: `subscription { runChanged(id: "${runId}") { __typename } }` });
  let heard = 0;
  const watching = (async () => {
    for await (const change of changes) if (change.data) heard++;
  })();
  const claimAndRelease = async () => {
    await ask(here, 'mutation ($id: ID!) { claimTask(id: $id) { errors { code } } }', { id: task?.id });
    await ask(here, 'mutation ($id: ID!) { releaseTask(id: $id) { errors { code } } }', { id: task?.id });
    return heard;
  };
  // Nobody is told when a subscription stands; what is done from then on is heard.
  await until(claimAndRelease, (count) => count > 0, 'The change should be heard');
  const claim = await ask<{ claimTask: { task: { version: number }; errors: unknown[] } }>(
    here,
    'mutation ($id: ID!) { claimTask(id: $id) { task { version } errors { code } } }',
    { id: task?.id },
  );
  expect(claim.claimTask.errors).toEqual([]);
  const decide =
    'mutation ($id: ID!, $version: Int!) { completeTask(id: $id, answer: { verdict: "yes" }, expectedVersion: $version) { errors { code } } }';
  const decided = await ask<{ completeTask: { errors: unknown[] } }>(here, decide, { id: task?.id, version: claim.claimTask.task.version });
  expect(decided.completeTask.errors).toEqual([]);
  await until(
    () => ask<{ run: { status: string } }>(there, `{ run(id: "${runId}") { status } }`),
    ({ run }) => /completed/i.test(run.status),
    'The run should be completed, as the other server reads it',
  );
  await client.dispose();
  await watching;
});

it('one is stopped in order and another started while runs flow: none that was accepted is lost, none waits for a lease', async () => {
  const [leaving, staying] = both();
  const behind = [leaving, staying];
  const accepted = new Map<string, string>();
  const strange: unknown[] = [];
  let [turn, refused, isOver] = [0, 0, false];
  /** By turns; who is not to be reached, or breaks off, is passed over. */
  const startAnywhere = async (key: string): Promise<void> => {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const server = behind[turn++ % behind.length] as TestServer;
      const body = JSON.stringify({ idempotencyKey: key });
      const answer = await fetch(`${server.url}/workflows/flowing/start`, { method: 'POST', headers: headersOf(server), body }).catch(() => undefined); // prettier-ignore
      const said = await answer?.text().catch(() => undefined);
      if (answer === undefined || said === undefined) {
        refused++;
        continue;
      }
      if (answer.ok) accepted.set(key, (JSON.parse(said) as { runId: string }).runId);
      else strange.push([answer.status, said]);
      return;
    }
    strange.push('Nobody answered.');
  };
  const flow = async (client: number): Promise<void> => {
    for (let count = 0; !isOver; count++) await startAnywhere(`${client}, ${count}`);
  };
  const flowing = Promise.all(Array.from({ length: CLIENTS }, (_, client) => flow(client)));
  try {
    await Promise.all(behind.map((server) => server.printed((output) => output.includes('begun slow'))));
    expect(await leaving.stop()).toBe(0);
    one = await start();
    behind[0] = one;
    await one.printed((output) => (output.match(/begun slow/g) ?? []).length >= ENOUGH);
  } finally {
    isOver = true;
    await flowing;
  }
  expect(strange).toEqual([]);
  expect(refused).toBeGreaterThan(0);
  // It had steps at work when it was told to stop, and they have ended in it.
  const [, whileStopping = ''] = leaving.output().split('finishing what is under way');
  expect(whileStopping).toContain('ended slow');
  const ids = [...accepted.values()];
  await until(
    async () => (await database.pool.query<{ id: string; status: string }>("SELECT id, status FROM runs WHERE workflow = 'flowing'")).rows,
    (rows) => rows.length === ids.length && rows.every(({ status }) => status === 'completed'),
    'The runs that were accepted, and no other, should be completed',
  );
  const { longestMs, ...runs } = await journeysOf(database.pool, ids);
  expect(runs).toEqual({ runs: ids.length, sound: ids.length });
  expect(longestMs).toBeLessThan(LEAST_LEASE_LEFT_MS);
});

it('a session that was ended at one is none at the other', async () => {
  const [here, there] = both();
  const gone = await fetch(`${there.url}/auth/sign-out`, { method: 'POST', headers: headersOf(there), body: '{}' });
  expect(gone.status).toBe(204);
  const refused = await fetch(`${here.url}/documents/01890000-0000-7000-8000-000000000000`, { headers: { cookie } });
  expect(refused.status).toBe(401);
});
