/**
 * A server process on which nothing is due, with all roles, and wake-ups by PostgreSQL: what it asks of the database, counted there, and
 * how much memory it holds. Cadences are multiples of five seconds, so a stretch of twenty that begins between two beats has its share of
 * each; where the machine stalls it may begin or end later, and has those of one beat more. What the statements are, and ten minutes of them,
 * is counted with virtual timers in test/cost/idle.int-spec.ts.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { BEATS_PER_LEASE, WORKER_DEFAULTS } from '@stepwell/runtime';
import { MOST_IDLE_STATEMENTS_PER_MINUTE } from '../cost/budget.js';
import { callsBetween, callsOf } from '../cost/statement-calls.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { compiledWith, type CompiledProject } from './compiled-with.js';
import { startServer, type TestServer } from './start-server.js';

const STRETCH_MS = 20_000;
const BEAT_MS = WORKER_DEFAULTS.leaseMs / BEATS_PER_LEASE;
const BETWEEN_BEATS_MS = 2_000;
/** Room over what performance.md reports: what else is loaded shows, what the collector has not yet taken does not. */
const MOST_MEMORY_MB = 220;

/** Something for each loop to ask for: a listener, a step of a queue, a schedule (a leap day's midnight), a screen. */
const CLASSES = `
  class Ask { answer = class Answer {}; props() { return null; } }
  sdk.Screen({ id: 'ask', title: 'Never asked' })(Ask);
  class Nothing { async read() { return { records: [], rejected: [], cursor: null, done: true }; } }
  sdk.Step({ id: 'nothing' })(Nothing);`;
const WORKFLOWS = `
  sdk.workflow('idle', { version: 1, startOn: [sdk.on(sdk.event('asked', { external: true }), () => ({ input: null }))] })
    .then('elsewhere', () => 1, { queue: 'default' }).screen(Ask),
  sdk.emitter('intake', { version: 1, source: Nothing, processor: 'idle', schedule: { cron: '0 0 29 2 *', zone: 'UTC' } })`;

let database: TestDatabase;
let project: CompiledProject;
let server: TestServer;
beforeAll(async () => {
  database = await createTestDatabase();
  project = compiledWith(WORKFLOWS, CLASSES, ['Ask', 'Nothing']);
  server = await startServer({ dist: project.dist, environment: { DATABASE_URL: database.url } });
});
afterAll(async () => {
  const code = await server.stop();
  project.remove();
  await database.drop();
  expect(code).toBe(0);
});

it(`makes at most ${MOST_IDLE_STATEMENTS_PER_MINUTE} statements a minute, measured for twenty seconds, in little memory`, async () => {
  const beats = async () => (await callsOf(database.pool))['heartbeat'] ?? 0;
  const seen = await beats();
  while ((await beats()) === seen) await pause(50);
  await pause(BETWEEN_BEATS_MS);
  const [before, begunAt] = [await callsOf(database.pool), performance.now()];
  // The one thing that only the clock can say: what a process does by itself while it passes.
  await pause(STRETCH_MS);
  const after = await callsOf(database.pool);
  const passedMs = performance.now() - begunAt;
  const calls = callsBetween(before, after);
  const seenBeats = calls['heartbeat'] ?? 0;
  // It was this server that was counted, and it was alive.
  expect(seenBeats).toBeGreaterThanOrEqual(3);
  expect(seenBeats).toBeLessThanOrEqual(Math.floor(passedMs / BEAT_MS) + 1);
  const perMinute = (Object.values(calls).reduce((sum, count) => sum + count, 0) * 60_000) / Math.max(passedMs, seenBeats * BEAT_MS);
  expect(perMinute).toBeLessThanOrEqual(MOST_IDLE_STATEMENTS_PER_MINUTE);
  const memoryMb = residentMb(server.process.pid);
  expect(memoryMb ?? 0).toBeLessThanOrEqual(MOST_MEMORY_MB);
});

/** @returns undefined where the system does not tell it in /proc */
function residentMb(pid: number | undefined): number | undefined {
  if (process.platform !== 'linux') return undefined;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}
