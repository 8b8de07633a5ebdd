/**
 * A database that answers late, behind a server process that thousands ask at once: whom it cannot serve it tells so, and when to come
 * again; nobody is left without an answer, what it has accepted is there, and its memory does not grow with what is asked.
 */
import { readFileSync } from 'node:fs';
import { until } from '../engine/engine.js';
import { Proxy } from '../faults/proxy.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type Answer, Crowd } from './crowd.js';
import { compiledWith, type CompiledProject } from './compiled-with.js';
import { startServer, type TestServer } from './start-server.js';

/** Half of them by REST, half by GraphQL; three times as many as may wait for a connection. */
const CLIENTS = 3_000;
/** Five connections of the pages then answer some thirty questions a second, and nobody waits longer than ten seconds. */
const LATE_MS = 150;
/** Of each input: what all of them hold together does not fit into the heap that the server is given. */
const INPUT_BYTES = 64 * 1024;
const HEAP_MB = 256;
/** With what is outside of the heap: code, buffers, thread stacks. */
const MOST_MB = 512;
/** Of those who were refused, how many ask again when the database is fast. */
const AGAIN = 200;

const WORKFLOWS = `sdk.workflow('noted', { version: 1 }).then('note', (ctx) => ctx.input.key).then('file', () => 'filed')`;
const TEXT = 'x'.repeat(INPUT_BYTES);
const START = `mutation ($input: JSON, $key: String) {
  startRun(workflow: "noted", input: $input, idempotencyKey: $key) { run { id } errors { code } }
}`;

type Way = 'rest' | 'graphql';
type Outcome = { readonly runId: string } | { readonly refused: string } | { readonly wrong: string };

let project: CompiledProject;
let database: TestDatabase;
let wire: Proxy;
let server: TestServer;
let crowd: Crowd;
beforeAll(async () => {
  project = compiledWith(WORKFLOWS);
  database = await createTestDatabase();
  const url = new URL(database.url);
  const port = Number(url.port);
  wire = new Proxy(() => port);
  await wire.start();
  url.port = String(wire.port);
  server = await startServer({
    dist: project.dist,
    environment: { DATABASE_URL: url.href, NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` },
  });
  crowd = new Crowd(server.url);
  await crowd.signIn('admin', server.adminPassword);
});
afterAll(async () => {
  crowd.leave();
  wire.delay(0);
  const code = await server.stop();
  wire.close();
  project.remove();
  await database.drop();
  expect(code).toBe(0);
});

const wayOf = (client: number): Way => (client % 2 === 0 ? 'rest' : 'graphql');

async function start(way: Way, key: string): Promise<Outcome> {
  const input = { key, text: TEXT };
  const answer = await (way === 'rest'
    ? crowd.post('/workflows/noted/start', { input, idempotencyKey: key })
    : crowd.post('/graphql', { query: START, variables: { input, key } }));
  return (way === 'rest' ? byRest : byGraphql)(answer);
}

/** 201 for a new run, 200 for one that was there; or a refusal that says when to come again, in its body and in its header. */
function byRest({ status, retryAfter, body }: Answer): Outcome {
  const { runId, code, seconds } = (body ?? {}) as { runId?: string; code?: string; seconds?: number };
  if ((status === 201 || status === 200) && runId) return { runId };
  if (status === 503 && code && Number(seconds) > 0 && retryAfter === String(seconds)) return { refused: code };
  return { wrong: shown(status, body) };
}

/** What comes to no operation, since nobody can be asked who it is, is refused in the same shape, with the status and the header of REST. */
function byGraphql({ status, retryAfter, body }: Answer): Outcome {
  const { data, errors } = (body ?? {}) as {
    data?: { startRun?: { run?: { id: string } } };
    errors?: { extensions?: { code?: string; retryable?: boolean; retryAfter?: number } }[];
  };
  const runId = data?.startRun?.run?.id;
  if (status === 200 && runId && !errors) return { runId };
  const { code, retryable, retryAfter: seconds } = errors?.[0]?.extensions ?? {};
  const isTold = status === 200 || (status === 503 && retryAfter === String(seconds));
  if (isTold && code && retryable === true && Number(seconds) > 0) return { refused: code };
  return { wrong: shown(status, body) };
}

const shown = (status: number, body: unknown): string => `${status} ${JSON.stringify(body).slice(0, 300)}`;

/** @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html VmHWM; elsewhere than on Linux it is not known */
function mostMb(pid: number | undefined): number {
  if (process.platform !== 'linux') return 0;
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024;
}

it('sheds what it cannot serve, leaves nobody without an answer, and loses nothing that it has accepted', async () => {
  wire.delay(0, LATE_MS);
  const outcomes = await Promise.all(Array.from({ length: CLIENTS }, (_, client) => start(wayOf(client), `client ${client}`)));
  expect(outcomes.flatMap((outcome) => ('wrong' in outcome ? [outcome.wrong] : [])).slice(0, 5)).toEqual([]);

  for (const way of ['rest', 'graphql'] as const) {
    const those = outcomes.filter((_, client) => wayOf(client) === way);
    expect(those.filter((one) => 'refused' in one && one.refused === 'OVERLOADED').length).toBeGreaterThan(0);
    expect(those.filter((one) => 'runId' in one).length).toBeGreaterThan(0);
  }
  const codes = new Set(outcomes.flatMap((one) => ('refused' in one ? [one.refused] : [])));
  expect([...codes].filter((code) => code !== 'OVERLOADED' && code !== 'DATABASE_UNAVAILABLE')).toEqual([]);
  expect(mostMb(server.process.pid)).toBeLessThan(MOST_MB);
  // A bug has a number, in the log too.
  expect(server.output()).not.toMatch(/Number [0-9a-f]{8}-/);

  wire.delay(0);
  expect(await start('rest', 'afterwards')).toEqual({ runId: expect.any(String) });
  expect(await start('graphql', 'afterwards, too')).toEqual({ runId: expect.any(String) });
  // Of one whose outcome was unknown there may be a run already; of none there are two.
  const refused = outcomes.flatMap((outcome, client) => ('refused' in outcome ? [client] : []));
  const again = [...refused.slice(0, AGAIN), ...refused.slice(-AGAIN)];
  const taken = await Promise.all(again.map((client) => start(wayOf(client), `client ${client}`)));
  expect(taken.filter((outcome) => !('runId' in outcome))).toEqual([]);

  const accepted = [...outcomes, ...taken].flatMap((outcome) => ('runId' in outcome ? [outcome.runId] : []));
  const rows = await until(
    async () =>
      (await database.pool.query<{ id: string; status: string; key: string | null }>(`SELECT r.id, r.status, k.key FROM runs r LEFT JOIN run_keys k ON k.run_id = r.id`)).rows, // prettier-ignore
    (runs) => runs.every(({ status }) => status === 'completed'),
    'All runs should be completed',
  );
  const there = new Set(rows.map(({ id }) => id));
  expect(accepted.filter((id) => !there.has(id))).toEqual([]);
  // Each has the key that it was started with, and so is the only one of it.
  expect(rows.filter(({ key }) => key === null)).toEqual([]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
}, 300_000);
