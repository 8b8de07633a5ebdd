/** Two servers on one database, as behind a balancer that sends each request anywhere: nothing that one of them knows is missed at the other. */
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { until } from '../engine/engine.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { compiledWith, type CompiledProject } from './compiled-with.js';
import { startServer, type TestServer } from './start-server.js';

const CLASSES = `
  import { IsIn } from 'class-validator';
  class Answer {}
  IsIn(['yes'])(Answer.prototype, 'verdict');
  class Ask { answer = Answer; props() { return null; } }
  sdk.Screen({ id: 'ask', title: 'Ask' })(Ask);`;
const WORKFLOWS = `sdk.workflow('asking', { version: 1 }).screen(Ask)`;

let project: CompiledProject;
let database: TestDatabase;
let [one, other]: TestServer[] = [];
/** Of a session that was opened at one of them. */
let cookie = '';
beforeAll(async () => {
  project = compiledWith(WORKFLOWS, CLASSES, ['Ask']);
  database = await createTestDatabase();
  const start = () => startServer({ dist: project.dist, environment: { DATABASE_URL: database.url } });
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

it('a session that was ended at one is none at the other', async () => {
  const [here, there] = both();
  const gone = await fetch(`${there.url}/auth/sign-out`, { method: 'POST', headers: headersOf(there), body: '{}' });
  expect(gone.status).toBe(204);
  const refused = await fetch(`${here.url}/documents/01890000-0000-7000-8000-000000000000`, { headers: { cookie } });
  expect(refused.status).toBe(401);
});
