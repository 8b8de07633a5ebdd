import type { RunStatus } from '@stepwell/contracts';
import type { NewRun } from '@stepwell/engine';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { insertRuns } from '../queries/insert-runs.query.js';
import { recordLateResult } from '../queries/record-late-result.query.js';
import { pgSql, type Sql } from '../sql.js';
import { uuidV7 } from '../uuid-v7.js';
import { findRuns } from './find-runs.read.js';
import { readJournalPages, readRunPayloads } from './journal-page.read.js';
import { readLedgers, readLedgersOfRuns, readRejected } from './ledger.read.js';
import { countRuns, EVERY_RUN, listRuns, type RunListRequest } from './list-runs.read.js';
import { readQuietRuns, readSubjects } from './run-marks.read.js';
import { readRelatedRuns, readRuns } from './runs.read.js';
import { taskCircumstances } from './task-permission.read.js';

let database: TestDatabase;
let sql: Sql;

async function run(more: Partial<NewRun> & { status?: RunStatus } = {}): Promise<string> {
  const { status, ...rest } = more;
  const fresh: NewRun = {
    ...{ tenant: 'default', id: uuidV7(), workflow: 'orders', version: 1, queue: 'default', worker: null, startedBy: 'api', actor: null },
    ...{ causeEvent: null, causeRun: null, key: null, input: '{"order":1}', priority: 0, permitKey: null, ...rest },
  };
  await insertRuns(sql, [fresh]);
  if (status) await database.pool.query('UPDATE runs SET status = $2 WHERE id = $1', [fresh.id, status]);
  return fresh.id;
}

beforeAll(async () => {
  database = await createTestDatabase();
  sql = pgSql(database.pool);
});
afterAll(() => database.drop());

describe('a page of runs', () => {
  it('comes newest first and goes on where the last one ended, whatever starts meanwhile', async () => {
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.unshift(await run({ tenant: 'pages' }));
    const page = (before: string | null) => listRuns(sql, 'pages', { ...EVERY_RUN, limit: 2, before });
    const first = await page(null);
    expect(first.map((row) => row.id)).toEqual(ids.slice(0, 2));
    await run({ tenant: 'pages' });
    expect((await page(first[1]?.id ?? '')).map((row) => row.id)).toEqual(ids.slice(2, 4));
    expect(await page(ids[4] ?? '')).toEqual([]);
  });

  it('is filtered by tenant, status and workflow', async () => {
    const mine = await run({ tenant: 'filters', workflow: 'one', status: 'failed' });
    const two = await run({ tenant: 'filters', workflow: 'two', status: 'failed' });
    const done = await run({ tenant: 'filters', workflow: 'one', status: 'completed' });
    const queued = await run({ tenant: 'filters', workflow: 'one', status: 'queued' });
    await run({ tenant: 'others', workflow: 'one', status: 'failed' });
    const list = async (status: RunStatus[] | null, workflow: string | null, more: Partial<RunListRequest> = {}) =>
      (await listRuns(sql, 'filters', { ...EVERY_RUN, limit: 10, before: null, status, workflow, ...more })).map((row) => row.id);
    expect(await list(['failed'], 'one')).toEqual([mine]);
    expect(await list(['failed', 'completed'], null)).toEqual([done, two, mine]);
    expect(await list(['queued', 'completed', 'failed'], null, { limit: 2 })).toEqual([queued, done]);
    expect(await list(['queued', 'completed', 'failed'], null, { limit: 2, before: done })).toEqual([two, mine]);
    expect(await list(['waiting', 'paused', 'running'], null)).toEqual([]);
    expect(await list(null, 'nobody')).toEqual([]);
    expect(await list(null, 'one', { ids: [mine, two] })).toEqual([mine]);
    expect(await list(['queued'], null, { ids: [mine] })).toEqual([]);
    expect(await countRuns(sql, 'filters', { ...EVERY_RUN, status: ['failed', 'completed'] }, 10)).toBe(3);
    expect(await countRuns(sql, 'filters', EVERY_RUN, 2)).toBe(2);
  });

  it('is filtered by who started, since when, and what is waited for', async () => {
    const at = (day: number) => new Date(Date.UTC(2026, 0, day));
    const old = await run({ tenant: 'times', startedBy: 'schedule' });
    const young = await run({ tenant: 'times', startedBy: 'event' });
    const waiting = `UPDATE runs SET status = 'waiting', wait_reasons = $2, created_at = now() WHERE id = $1`;
    await database.pool.query(waiting, [old, ['timer', 'task']]);
    await database.pool.query(waiting, [young, ['incident']]);
    const list = async (filter: Partial<RunListRequest>) =>
      (await listRuns(sql, 'times', { ...EVERY_RUN, limit: 10, before: null, ...filter })).map((row) => row.id);
    expect(await list({ startedBy: ['schedule', 'api'] })).toEqual([old]);
    expect(await list({ waitReason: 'task' })).toEqual([old]);
    expect(await list({ waitReason: 'incident', workflow: 'orders' })).toEqual([young]);
    expect(await list({ waitReason: 'task', status: ['failed', 'waiting'] })).toEqual([old]);
    expect(await list({ waitReason: 'task', status: ['failed'] })).toEqual([]);
    expect(await list({ from: new Date(Date.now() - 60_000), until: new Date(Date.now() + 60_000) })).toEqual([young, old]);
    expect(await list({ from: new Date(Date.now() + 60_000) })).toEqual([]);
    expect(await list({ until: at(1) })).toEqual([]);
    const createdAt = (await database.pool.query<{ at: Date }>('SELECT created_at AS at FROM runs WHERE id = $1', [old])).rows[0]?.at;
    await database.pool.query('UPDATE runs SET created_at = $2 WHERE id = $1', [young, new Date((createdAt?.getTime() ?? 0) + 90_000)]);
    expect(await list({ from: new Date((createdAt?.getTime() ?? 0) + 60_000) })).toEqual([young]);
  });

  it('is found by an id, its beginning or its end, and by the keys of starts and records', async () => {
    await database.pool.query(
      `INSERT INTO workflow_versions (tenant, workflow, version, title, kind, fingerprint, graph)
       SELECT 'found', name, 1, name, 'workflow', 'x', '{}' FROM unnest('{orders,intake}'::text[]) AS t(name)`,
    );
    const id = await run({ tenant: 'found' });
    await database.pool.query(`INSERT INTO run_keys (tenant, workflow, key, run_id) VALUES ('found', 'orders', 'web-17', $1)`, [id]);
    await database.pool.query(`INSERT INTO emissions (tenant, emitter, record_key, run_id) VALUES ('found', 'intake', 'R 9', $1)`, [id]);
    for (const text of ['web-17', 'R 9', id.slice(-8), id.slice(-8).toUpperCase()])
      expect([text, await findRuns(sql, 'found', text)]).toEqual([text, { ids: [id] }]);
    for (const text of [id, id.replaceAll('-', ''), id.slice(0, 12)]) {
      const found = await findRuns(sql, 'found', text);
      const rows = await listRuns(sql, 'found', { ...EVERY_RUN, ...found, limit: 10, before: null });
      expect([text, rows.map((row) => row.id)]).toEqual([text, [id]]);
    }
    for (const text of ['web-1', 'nothing', id.slice(0, 4), `${id}0`]) expect(await findRuns(sql, 'found', text)).toEqual({ ids: [] });
    expect(await findRuns(sql, 'elsewhere', 'web-17')).toEqual({ ids: [] });
    expect(await findRuns(sql, 'elsewhere', id.slice(-8))).toEqual({ ids: [] });
  });

  it('says what runs are about, and which of an emitter’s found nothing', async () => {
    await database.pool.query(
      `INSERT INTO workflow_versions (tenant, workflow, version, title, kind, fingerprint, graph) VALUES ('marks', 'intake', 1, 'Intake', 'emitter', 'x', '{}')`,
    );
    const mine = (more: Partial<NewRun> & { status?: RunStatus }) => run({ tenant: 'marks', ...more });
    const [about, quiet, busy, going] = [
      await mine({}),
      await mine({ workflow: 'intake', status: 'completed' }),
      await mine({ workflow: 'intake', status: 'completed' }),
      await mine({ workflow: 'intake' }),
    ];
    const ids = [about, quiet, busy, going, await mine({ status: 'completed' })];
    for (const subject of ['first', 'second'])
      await database.pool.query(
        `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, form)
         VALUES ('marks', $1, $2, 'a', '', 'orders', 1, 's', 't', $3, '{}')`,
        [uuidV7(), about, subject],
      );
    await database.pool.query(
      `INSERT INTO emission_reads (tenant, emitter_run, batch, ordinal, emitter, outcome) VALUES ('marks', $1, 0, 1, 'intake', 'rejected')`,
      [busy],
    );
    expect(await readSubjects(sql, 'marks', ids)).toEqual(new Map([[about, 'second']]));
    expect(await readQuietRuns(sql, 'marks', ids)).toEqual(new Set([quiet]));
    expect((await readSubjects(sql, 'elsewhere', ids)).size + (await readQuietRuns(sql, 'elsewhere', ids)).size).toBe(0);
  });

  it('shows wait reasons and due time of waiting runs only, and the title of the version', async () => {
    await database.pool.query(
      `INSERT INTO workflow_versions (tenant, workflow, version, title, kind, fingerprint, graph) VALUES ('titles', 'orders', 1, 'Handle an order', 'workflow', 'x', '{}')`,
    );
    const id = await run({ tenant: 'titles' });
    await database.pool.query(
      `UPDATE runs SET status = 'waiting', wait_reasons = '{task,timer}', due_at = '2026-01-01T00:00:00Z' WHERE id = $1`,
      [id],
    );
    const row = async () => (await readRuns(sql, 'titles', [id])).get(id);
    expect(await row()).toMatchObject({
      title: 'Handle an order',
      waitReasons: ['task', 'timer'],
      dueAt: new Date('2026-01-01T00:00:00Z'),
    });
    await database.pool.query(`UPDATE runs SET status = 'running' WHERE id = $1`, [id]);
    expect(await row()).toMatchObject({ waitReasons: [], dueAt: null });
    expect((await readRuns(sql, 'elsewhere', [id])).size).toBe(0);
  });
});

describe('the payloads of runs', () => {
  it('are the first fact’s input and a completed run’s output, from a blob where they are large', async () => {
    const [going, done] = [await run(), await run()];
    await database.pool.query(
      `INSERT INTO blobs (tenant, run_id, hash, data) VALUES ('default', $1, 'h', '{"status":"completed","output":[1,2]}')`,
      [done],
    );
    await database.pool.query(`INSERT INTO journal (tenant, run_id, seq, type, payload_blob) VALUES ('default', $1, 2, 'run.ended', 'h')`, [
      done,
    ]);
    await database.pool.query(`UPDATE runs SET status = 'completed', last_seq = 2 WHERE id = $1`, [done]);
    const payloads = await readRunPayloads(sql, 'default', [going, done]);
    expect(payloads.get(going)).toEqual({ input: { order: 1 }, output: null });
    expect(payloads.get(done)).toEqual({ input: { order: 1 }, output: [1, 2] });
    expect((await readRunPayloads(sql, 'elsewhere', [going, done])).size).toBe(0);
    const [page = []] = await readJournalPages(sql, 'default', [{ runId: done, after: 1, limit: 10 }]);
    expect(page).toMatchObject([{ seq: 2, type: 'run.ended', payload: { output: [1, 2] } }]);
    expect(await readJournalPages(sql, 'default', [{ runId: done, after: 2, limit: 10 }])).toEqual([[]]);
  });

  it('stay what they are when a late result is written down after the end', async () => {
    const done = await run();
    const end = `INSERT INTO journal (tenant, run_id, seq, type, payload) VALUES ('default', $1, 2, 'run.ended', '{"status":"completed","output":7}')`;
    await database.pool.query(end, [done]);
    await database.pool.query(`UPDATE runs SET status = 'completed', last_seq = 2 WHERE id = $1`, [done]);
    await recordLateResult(sql, { tenant: 'default', runId: done, path: 'work', iteration: '', attempt: 1, reason: 'too late' });
    expect((await readRunPayloads(sql, 'default', [done])).get(done)).toEqual({ input: { order: 1 }, output: 7 });
  });
});

describe('related runs', () => {
  it('are the cause and the effects, with the event in between', async () => {
    const source = await run();
    const event = uuidV7();
    await database.pool.query(`INSERT INTO events (tenant, id, name, source_run) VALUES ('default', $1, 'order.paid', $2)`, [
      event,
      source,
    ]);
    const follower = await run({ workflow: 'shipping', startedBy: 'event', causeEvent: event, causeRun: source });
    const emitted = await run({ workflow: 'records', startedBy: 'emitter', causeRun: source });
    const related = await readRelatedRuns(sql, 'default', [source, follower], 10);
    expect(related.map(({ of, direction, id, via, event: name }) => ({ of, direction, id, via, name }))).toEqual([
      { of: source, direction: 'effect', id: follower, via: 'event', name: 'order.paid' },
      { of: source, direction: 'effect', id: emitted, via: 'emitter', name: null },
      { of: follower, direction: 'cause', id: source, via: 'event', name: 'order.paid' },
    ]);
    expect(await readRelatedRuns(sql, 'default', [source], 1)).toHaveLength(1);
    expect(await readRelatedRuns(sql, 'elsewhere', [source, follower], 10)).toEqual([]);
  });
});

describe('who started what led to a run', () => {
  it('is found among the nearest hundred runs and events, and no more once a task has named them', async () => {
    const started = Array.from({ length: 101 }, (_, back) => ({ id: uuidV7(), starter: `starter-${back}` }));
    for (const [back, { id, starter }] of started.entries())
      await run({ tenant: 'lines', id, actor: { id: starter, name: starter, kind: 'user' }, causeRun: started[back + 1]?.id ?? null });
    const [last] = started;
    const task = uuidV7();
    const open = `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, props, form)
      VALUES ('lines', $1, $2, 'approve', '', 'orders', 1, 'approve', 'Approve', '', '{}', '{}')`;
    await database.pool.query(open, [task, last?.id]);
    const starters = async () => (await taskCircumstances(sql, 'lines', task, 'somebody'))?.starters;
    const nearest = started.slice(0, 100).map(({ starter }) => starter);
    expect([...((await starters()) ?? [])].sort()).toEqual(nearest.sort());
    await database.pool.query(`UPDATE tasks SET excluded = '{named}' WHERE id = $1`, [task]);
    expect(await starters()).toEqual(['named']);
  });
});

describe('the ledger', () => {
  const STATUSES = ['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'canceled'] as const;

  async function reads(
    tenant: string,
    emitterRun: string,
    rows: readonly { outcome: string; runId?: string; reason?: string }[],
  ): Promise<void> {
    for (const [index, { outcome, runId = null, reason = null }] of rows.entries()) {
      await database.pool.query(
        `INSERT INTO emission_reads (tenant, emitter_run, batch, ordinal, emitter, outcome, position, run_id, reason, excerpt) VALUES ($1, $2, 0, $3, 'intake', $4, $3, $5, $6, NULL)`,
        [tenant, emitterRun, index + 1, outcome, runId, reason],
      );
    }
  }

  it('counts every record once, by what became of it', async () => {
    const emitterRun = await run({ tenant: 'ledger', workflow: 'intake' });
    const started = await Promise.all(
      STATUSES.map((status) => run({ tenant: 'ledger', startedBy: 'emitter', causeRun: emitterRun, status })),
    );
    await reads('ledger', emitterRun, [
      ...started.map((runId) => ({ outcome: 'started', runId })),
      { outcome: 'rejected', reason: 'short row' },
      { outcome: 'rejected', reason: 'bad date' },
      { outcome: 'deduplicated', runId: started[0] ?? '' },
    ]);
    const second = await run({ tenant: 'ledger', workflow: 'intake' });
    await reads('ledger', second, [{ outcome: 'deduplicated', runId: started[1] ?? '' }]);

    const each = Object.fromEntries(STATUSES.map((status) => [status, 1]));
    expect((await readLedgers(sql, 'ledger', ['intake', 'unknown'])).get('intake')).toEqual({
      read: 11,
      rejected: 2,
      deduplicated: 2,
      ...each,
    });
    const ofRuns = await readLedgersOfRuns(sql, 'ledger', [emitterRun, second]);
    expect(ofRuns.get(emitterRun)).toEqual({ read: 10, rejected: 2, deduplicated: 1, ...each });
    expect(ofRuns.get(second)).toMatchObject({ read: 1, deduplicated: 1, running: 0 });
    expect((await readRejected(sql, 'ledger', [{ emitter: 'intake', limit: 1 }]))[0]?.map((row) => row.reason)).toEqual(['bad date']);
    expect((await readLedgers(sql, 'elsewhere', ['intake'])).size).toBe(0);
    expect((await readLedgersOfRuns(sql, 'elsewhere', [emitterRun])).size).toBe(0);
    expect(await readRejected(sql, 'elsewhere', [{ emitter: 'intake', limit: 9 }])).toEqual([[]]);
  });

  it('shows the gap when a started record has lost its run', async () => {
    const emitterRun = await run({ tenant: 'gap', workflow: 'intake' });
    await reads('gap', emitterRun, [{ outcome: 'started', runId: uuidV7() }]);
    const ledger = (await readLedgers(sql, 'gap', ['intake'])).get('intake');
    const { read = 0, ...parts } = ledger ?? {};
    expect(read).toBe(1);
    expect(Object.values(parts).reduce((sum, count) => sum + count, 0)).toBe(0);
  });
});
