/**
 * What the whole application asks of the database while nothing is due: all roles, wake-ups by PostgreSQL, and ten minutes that pass by
 * virtual timers. The database is a real one, and counts; its answers and all input and output take their real time, only the pauses
 * between are skipped. test/server/idle.e2e-spec.ts measures a server process by the wall clock.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connections, RunService } from '@stepwell/runtime';
import { type ApiApp, startApiApp } from '../server/api-app.js';
import { IDLE_STATEMENTS_PER_MINUTE, MOST_IDLE_STATEMENTS_PER_MINUTE } from './budget.js';
import { IdleModule } from './idle.module.js';
import { callsBetween, callsOf } from './statement-calls.js';

const { jest } = import.meta;

const MINUTES = 10;
/** The timers that fall due within one stride find the database as it was at its end. */
const STRIDE_MS = 500;
/** Sweeps have slowed down by then, and no timer falls due at the moment of counting. */
const LEAD_IN_MS = 62_000;

let server: ApiApp;
beforeAll(async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date', 'hrtime'] });
  server = await startApiApp({ roles: ['api', 'worker', 'scheduler'], workflowModules: [IdleModule] });
});
afterAll(async () => {
  jest.useRealTimers();
  await server.close();
});

it('is these statements a minute, and no other', async () => {
  const started = server.app.get(RunService).start({ tenant: 'default', workflow: 'idle-later', input: null, actor: null });
  await pass(LEAD_IN_MS);
  const { runId } = await started;
  const { rows } = await server.database.pool.query<{ status: string }>('SELECT status FROM runs WHERE id = $1', [runId]);
  expect(rows).toEqual([{ status: 'waiting' }]);
  const before = await callsOf(server.database.pool);
  await pass(MINUTES * 60_000);
  const calls = callsBetween(before, await callsOf(server.database.pool));
  expect(Object.fromEntries(Object.entries(calls).map(([name, count]) => [name, count / MINUTES]))).toEqual(IDLE_STATEMENTS_PER_MINUTE);
});

it('is within the budget, and what docs/reference/performance.md says', () => {
  const total = Object.values(IDLE_STATEMENTS_PER_MINUTE).reduce((sum, count) => sum + count, 0);
  expect(total).toBeLessThanOrEqual(MOST_IDLE_STATEMENTS_PER_MINUTE);
  const text = readFileSync(join(import.meta.dirname, '../../docs/reference/performance.md'), 'utf8');
  expect(text).toContain(`An idle server makes ${total} statements a minute; the budget is ${MOST_IDLE_STATEMENTS_PER_MINUTE}.`);
});

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STRIDE_MS) {
    await jest.advanceTimersByTimeAsync(STRIDE_MS);
    await allAnswered();
  }
}

/** Or a time limit of some seconds would pass before an answer that takes a millisecond. */
async function allAnswered(): Promise<void> {
  const { engine, lease, pages } = server.app.get(Connections);
  const isQuiet = () => [engine, lease, pages].every((pool) => pool.idleCount === pool.totalCount && pool.waitingCount === 0);
  // A statement that follows another begins in the same turn of the event loop, so a few quiet turns mean that all have ended.
  for (let turns = 0; turns < 3; turns = isQuiet() ? turns + 1 : 0) {
    // The LISTEN connection is nobody's pool: the database says whether it is at work.
    if (turns === 0) while (await isDatabaseBusy());
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function isDatabaseBusy(): Promise<boolean> {
  const { rows } = await server.database.pool.query<{ busy: boolean }>(
    `SELECT /* meter */ EXISTS (
       SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()) AS busy`,
  );
  return rows[0]?.busy ?? false;
}
