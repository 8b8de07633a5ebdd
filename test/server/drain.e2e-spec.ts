/** A server process that is told to stop while steps are at work. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostedWorkflows } from '@stepwell/runtime';
import { workflow, WorkflowModule } from '@stepwell/sdk';
import { type Process, startProcess } from '../engine/process.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { compiledWith, type CompiledProject } from './compiled-with.js';
import { type Collector, collectSpans } from './collect-spans.js';
import { SAYS_WHEN_IT_STOPS } from './says-when-it-stops.js';
import { startServer, type TestServer } from './start-server.js';

const RUNS = 20;

/** Says when a step begins and when it has ended; the first takes until its gate is there, which is what a stop has to wait for. */
const STEPS = `sdk.workflow('drained', { version: 1 })
  .then('slow', async (ctx) => {
    console.log('begun slow ' + ctx.runId);
    while (!existsSync(ctx.input.gate)) await new Promise((resolve) => setTimeout(resolve, 20));
    console.log('ended slow ' + ctx.runId);
    return 'slow';
  })
  .then('next', (ctx) => {
    console.log('begun next ' + ctx.runId);
    return ctx.resultOf('slow') + ', next';
  })`;
const BEFORE = `import { existsSync } from 'node:fs';${SAYS_WHEN_IT_STOPS}`;

/** What a test knows of it: enough to start a run. */
class Drained {}
WorkflowModule({ workflows: [workflow('drained', { version: 1 }).then('slow', () => 1)] })(Drained);

let database: TestDatabase;
let project: CompiledProject;
let client: Process;
let collector: Collector;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stepwell-gate-'));
  database = await createTestDatabase();
  project = compiledWith(STEPS, BEFORE);
  collector = await collectSpans();
  const nobody = { get: () => ({}) as never, screen: () => ({}) as never };
  client = await startProcess(database.url, hostedWorkflows([Drained]).catalog, nobody, { idle: true });
});
afterAll(async () => {
  await client.stop();
  await collector.close();
  project.remove();
  await database.drop();
  rmSync(folder, { recursive: true });
});

const start = () =>
  startServer({ dist: project.dist, environment: { DATABASE_URL: database.url, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
const linesOf = (server: TestServer, what: string) =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith(what));

it('lets the steps that are at work end, commits them, begins no other, and exits with 0; the next server does the rest', async () => {
  const gate = join(folder, 'open');
  const first = await start();
  const ids = await Promise.all(
    Array.from({ length: RUNS }, async () => {
      const { runId } = await client.runs.start({ tenant: 'default', workflow: 'drained', input: { gate }, actor: null });
      return runId;
    }),
  );
  await first.printed(() => linesOf(first, 'begun slow').length === RUNS);
  first.process.kill('SIGTERM');
  await first.printed(() => linesOf(first, 'begins nothing more').length === 1);
  expect(linesOf(first, 'ended slow')).toEqual([]);
  writeFileSync(gate, '');
  expect(await first.stop()).toBe(0);
  expect(linesOf(first, 'ended slow')).toHaveLength(RUNS);
  expect(linesOf(first, 'begun next')).toEqual([]);
  expect(await completedSteps()).toEqual({ slow: RUNS });
  expect(await statuses()).toEqual({ queued: RUNS });

  const second = await start();
  await second.printed(() => linesOf(second, 'begun next').length === RUNS);
  expect(await second.stop()).toBe(0);
  expect(linesOf(second, 'begun slow')).toEqual([]);
  expect(await completedSteps()).toEqual({ slow: RUNS, next: RUNS });
  expect(await statuses()).toEqual({ completed: RUNS });
  const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM runs ORDER BY id');
  expect(rows.map(({ id }) => id)).toEqual([...ids].sort());
});

it('has sent the spans of both servers: those of a run are one trace', async () => {
  const { rows } = await database.pool.query<{ id: string }>('SELECT id FROM runs');
  const traces = new Map(rows.map(({ id }) => [id.replaceAll('-', ''), [] as string[]]));
  for (const { traceId, name } of collector.spans) traces.get(traceId)?.push(name);
  for (const names of traces.values()) expect(names.sort()).toEqual(['drained', 'next', 'slow']);
  const roots = new Map(collector.spans.filter(({ name }) => name === 'drained').map(({ traceId, spanId }) => [traceId, spanId]));
  for (const { name, traceId, parentSpanId } of collector.spans)
    expect(parentSpanId).toBe(name === 'drained' ? undefined : roots.get(traceId));
  expect([collector.services, traces.size]).toEqual([new Set(['stepwell']), RUNS]);
});

async function completedSteps(): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ path: string; count: number }>(
    "SELECT path, count(*)::int AS count FROM journal WHERE type = 'step.completed' GROUP BY path",
  );
  return Object.fromEntries(rows.map(({ path, count }) => [path, count]));
}

async function statuses(): Promise<Record<string, number>> {
  const { rows } = await database.pool.query<{ status: string; count: number }>(
    'SELECT status, count(*)::int AS count FROM runs GROUP BY status',
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}
