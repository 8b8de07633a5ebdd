/** A server whose statements all go through PgBouncer in transaction mode; only what LISTENs and what migrates has the database itself. */
import { until } from '../engine/engine.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { compiledWith, type CompiledProject } from '../server/compiled-with.js';
import { startServer, type TestServer } from '../server/start-server.js';
import { findTestProgram } from '../setup/programs.mjs';
import { PgBouncer } from './pgbouncer.js';

/** `npm test` installs it or says that this is skipped, and with CI=true refuses to go on. */
const describeWithPgBouncer = findTestProgram('pgbouncer') ? describe : describe.skip;

const CLASSES = `
  import { IsIn } from 'class-validator';
  class Answer {}
  IsIn(['yes'])(Answer.prototype, 'verdict');
  class Ask { answer = Answer; props() { return null; } }
  sdk.Screen({ id: 'ask', title: 'Ask' })(Ask);`;
const WORKFLOWS = `sdk.workflow('asking', { version: 1 }).then('own', (ctx) =>
    ctx.transaction(async (manager) => (await manager.query('SELECT 7 AS seven'))[0].seven)).screen(Ask).wait('200ms').then('last', () => 1)`;
const RUNS = 20;

describeWithPgBouncer('a server behind PgBouncer in transaction mode', () => {
  let project: CompiledProject;
  let database: TestDatabase;
  let bouncer: PgBouncer;
  let server: TestServer;
  beforeAll(async () => {
    project = compiledWith(WORKFLOWS, CLASSES, ['Ask']);
    database = await createTestDatabase();
    bouncer = await PgBouncer.before(database.url);
    const environment = { DATABASE_URL: bouncer.url, STEPWELL_DATABASE_DIRECT_URL: database.url };
    server = await startServer({ dist: project.dist, environment });
  });
  afterAll(async () => {
    const code = await server?.stop();
    await bouncer?.stop();
    project.remove();
    await database.drop();
    expect(code).toBe(0);
  });

  it('brings runs through a transaction of their own, a screen and a timer, many at a time', async () => {
    const headers: Record<string, string> = { 'content-type': 'application/json', 'x-stepwell-csrf': '1', origin: server.url };
    const post = (path: string, body: unknown) => fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const signedIn = await post('/auth/sign-in', { name: 'admin', password: server.adminPassword });
    expect(signedIn.status).toBe(204);
    headers['cookie'] = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    const started = await Promise.all(Array.from({ length: RUNS }, () => post('/workflows/asking/start', {})));
    expect(started.map(({ status }) => status)).toEqual(Array.from({ length: RUNS }, () => 201));
    const { rows: tasks } = await until(
      () => database.pool.query<{ id: string }>("SELECT id FROM tasks WHERE status = 'open'"),
      ({ rowCount }) => rowCount === RUNS,
      'Every task should open',
    );
    const ask = async (query: string, variables: object) => {
      const answer = (await (await post('/graphql', { query, variables })).json()) as { data: Record<string, { task?: { version: number }; errors: unknown[] }> }; // prettier-ignore
      const [payload] = Object.values(answer.data);
      expect(payload?.errors).toEqual([]);
      return payload;
    };
    await Promise.all(
      tasks.map(async ({ id }) => {
        const claimed = await ask('mutation ($id: ID!) { claimTask(id: $id) { task { version } errors { code message } } }', { id });
        await ask(
          'mutation ($id: ID!, $version: Int!) { completeTask(id: $id, answer: { verdict: "yes" }, expectedVersion: $version) { errors { code message } } }',
          { id, version: claimed?.task?.version },
        );
      }),
    );
    await until(
      () => database.pool.query<{ status: string }>('SELECT DISTINCT status FROM runs'),
      ({ rows }) => rows.length === 1 && rows[0]?.status === 'completed',
      'Every run should be completed',
    );
    // A start, a claim, a decision and a commit of each, at least: they came through, and not by the direct address.
    expect(await bouncer.transactions()).toBeGreaterThan(4 * RUNS);
  });
});
