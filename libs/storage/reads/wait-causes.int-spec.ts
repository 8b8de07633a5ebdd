/** Each reason for which a run does not go on is told by one statement, from rows as the engine leaves them. */
import { inIsolation, type NewRun } from '@stepwell/engine';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { claimRuns } from '../queries/claim-runs.query.js';
import { insertRuns } from '../queries/insert-runs.query.js';
import { pauseRun } from '../queries/pause-run.query.js';
import { registerCaps } from '../queries/permits.query.js';
import { setTenantShare } from '../queries/tenant-shares.query.js';
import { pgSql, type Sql } from '../sql.js';
import { uuidV7 } from '../uuid-v7.js';
import { MOST_COUNTED, readWaitCauses } from './wait-causes.read.js';

const TENANT = 'acme';

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  sql = pgSql(database.pool);
});
afterAll(() => database.drop());

/** A queue of its own with a worker that serves it. */
async function house({ hosts = null as readonly string[] | null, hasWorker = true } = {}) {
  const queue = `queue-${uuidV7()}`;
  const workflow = `workflow-${uuidV7()}`;
  const worker = uuidV7();
  if (hasWorker)
    await database.pool.query(
      `INSERT INTO workers (id, host, pid, roles, queues, hosts, expires_at) VALUES ($1, 'host', 7, '{worker}', $2, $3, clock_timestamp() + interval '1 minute')`,
      [worker, [queue], hosts],
    );
  const queued = async (more: Partial<NewRun> = {}): Promise<string> => {
    const id = uuidV7();
    const why = { startedBy: 'api', actor: null, causeEvent: null, causeRun: null, key: null, input: 'null' } as const;
    await insertRuns(sql, [
      { tenant: TENANT, id, workflow, version: 1, queue, worker: null, priority: 0, permitKey: null, ...why, ...more },
    ]);
    return id;
  };
  const waiting = async (reasons: readonly string[], dueAt: Date | null = null): Promise<string> => {
    const id = await queued();
    await database.pool.query(`UPDATE runs SET status = 'waiting', wait_reasons = $2, due_at = $3 WHERE id = $1`, [id, reasons, dueAt]);
    return id;
  };
  const claim = (limit: number) => claimRuns(sql, { worker, queues: [queue], needs: [`${workflow}@1`], limit, isCapped: true });
  return { queue, workflow, worker, queued, waiting, claim };
}

const causesOf = async (id: string) => (await readWaitCauses(sql, TENANT, [id]))[0] ?? [];
const told = async (id: string) => (await causesOf(id)).map(({ kind, name, count, limit }) => ({ kind, name, count, limit }));
const fact = (runId: string, seq: number, type: string, payload: unknown) =>
  database.pool.query('INSERT INTO journal (tenant, run_id, seq, type, payload) VALUES ($1, $2, $3, $4, $5)', [
    TENANT,
    runId,
    seq,
    type,
    JSON.stringify(payload),
  ]);

describe('a queued run', () => {
  it('is behind the higher priorities and the older runs of its tenant, and takes turns with others', async () => {
    const { queue, queued } = await house();
    await queued({ priority: -1 });
    await queued();
    await queued({ priority: 5 });
    const id = await queued();
    await queued();
    for (const tenant of ['b', 'b', 'c']) await queued({ tenant });
    expect(await told(id)).toEqual([{ kind: 'queue', name: queue, count: 2, limit: 2 }]);
  });

  it('is counted up to a bound, by the index', async () => {
    const { queue, workflow, queued } = await house();
    await database.pool.query(
      `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, started_by, lineage_root)
       SELECT $3, new_id(), $1, 1, $1 || '@1', $2, 'queued', 'api', new_id() FROM generate_series(1, 30000)`,
      [workflow, queue, TENANT],
    );
    expect(await told(await queued())).toEqual([{ kind: 'queue', name: queue, count: MOST_COUNTED + 1, limit: 0 }]);
  });

  it('waits for a place under its cap, and is told who has them', async () => {
    const { queue, workflow, queued, claim } = await house();
    await registerCaps(sql, [{ workflow, capacity: 2, heldUntil: 'wait' }]);
    const [one, two, , last] = [await queued({ permitKey: 'k' }), await queued({ permitKey: 'k' }), await queued({ permitKey: 'k' }), await queued({ permitKey: 'k' })]; // prettier-ignore
    await claim(10);
    expect(await causesOf(last)).toMatchObject([
      { kind: 'capacity', name: 'k', count: 2, limit: 2, runIds: [one, two] },
      { kind: 'queue', name: queue, count: 1, limit: null },
    ]);
    expect(await told(await queued({ permitKey: 'free' }))).toEqual([{ kind: 'queue', name: queue, count: 0, limit: null }]);
  });

  it('waits for the end of the one that is alive', async () => {
    const { workflow, queued, claim } = await house();
    await registerCaps(sql, [{ workflow, capacity: 1, heldUntil: 'end' }]);
    const first = await queued({ permitKey: '' });
    await claim(1);
    await database.pool.query(`UPDATE runs SET status = 'waiting', worker = NULL WHERE id = $1`, [first]);
    expect((await causesOf(await queued({ permitKey: '' })))[0]).toMatchObject({ kind: 'singleton', name: null, runIds: [first] });
  });

  it('waits while its tenant has as many at work as it may', async () => {
    const { queue, queued, claim } = await house();
    const tenant = `tenant-${uuidV7()}`;
    const [first, second] = [await queued({ tenant }), await queued({ tenant })];
    await claim(1);
    await setTenantShare(sql, { tenant, weight: 1, atWork: 2 });
    const causes = async () => (await readWaitCauses(sql, tenant, [second]))[0];
    expect(await causes()).toMatchObject([{ kind: 'queue', name: queue, count: 0 }]);
    await setTenantShare(sql, { tenant, weight: 1, atWork: 1 });
    expect(await causes()).toMatchObject([
      { kind: 'tenant-limit', count: 1, limit: 1, runIds: [first] },
      { kind: 'queue', count: 0 },
    ]);
  });

  it('has no worker, or none of its version', async () => {
    const empty = await house({ hasWorker: false });
    expect((await told(await empty.queued()))[0]).toMatchObject({ kind: 'no-worker', name: empty.queue });
    const other = await house({ hosts: ['other@1'] });
    expect((await told(await other.queued()))[0]).toMatchObject({ kind: 'version', name: `${other.workflow}@1` });
    const own = await house({ hasWorker: false });
    await database.pool.query(
      `INSERT INTO workers (id, host, pid, roles, queues, hosts, expires_at) VALUES (new_id(), 'host', 7, '{worker}', $1, $2, clock_timestamp() + interval '1 minute')`,
      [[own.queue], [`${own.workflow}@1`]],
    );
    expect((await told(await own.queued())).map(({ kind }) => kind)).toEqual(['queue']);
  });

  it('waits for isolation when workers died with it', async () => {
    const { workflow, queued } = await house();
    const id = await queued();
    await database.pool.query('UPDATE runs SET needs = $2, crashes = ARRAY[new_id(), new_id()] WHERE id = $1', [
      id,
      inIsolation(`${workflow}@1`),
    ]);
    expect((await told(id))[0]).toMatchObject({ kind: 'isolation', count: 2 });
  });
});

it('a run at work has a worker, until its lease ends', async () => {
  const { queued, claim } = await house();
  const id = await queued();
  await claim(1);
  expect(await causesOf(id)).toMatchObject([{ kind: 'lease', name: 'host/7', until: expect.any(Date) as Date }]);
});

it('a paused run is told who paused it, before and after its worker has read it', async () => {
  const { queued } = await house();
  const id = await queued();
  await pauseRun(sql, { tenant: TENANT, runId: id, by: { id: 'u', name: 'Ada', kind: 'user' }, reason: null });
  expect(await told(id)).toMatchObject([{ kind: 'paused', name: 'Ada' }]);
  await database.pool.query('DELETE FROM inbox WHERE run_id = $1', [id]);
  await fact(id, 2, 'run.paused', { by: { name: 'Bob' }, reason: null });
  expect(await told(id)).toMatchObject([{ kind: 'paused', name: 'Bob' }]);
});

describe('a waiting run', () => {
  it.each(['timer', 'retry', 'async-result', 'verification'])('says until when: %s', async (kind) => {
    const { waiting } = await house();
    const dueAt = new Date(Date.now() + 60_000);
    expect(await causesOf(await waiting([kind], dueAt))).toMatchObject([{ kind, until: dueAt }]);
  });

  it('whose moment has come waits for a worker only', async () => {
    const { queue, waiting } = await house();
    const id = await waiting(['timer'], new Date(Date.now() - 1_000));
    expect((await told(id)).map(({ kind, name }) => [kind, name])).toEqual([['due', queue], ['timer', null]]); // prettier-ignore
  });

  it('names its tasks, one by one', async () => {
    const { workflow, waiting } = await house();
    const id = await waiting(['task']);
    const task = uuidV7();
    await database.pool.query(
      `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, form)
       VALUES ($1, $2, $3, 'ask', '', $4, 1, 'ask', 'Approve it', '', '{}')`,
      [TENANT, task, id, workflow],
    );
    expect(await causesOf(id)).toMatchObject([{ kind: 'task', name: 'Approve it', taskId: task }]);
  });

  it('names the event that it waits for, and not one that it only listens to', async () => {
    const { waiting } = await house();
    const id = await waiting(['event']);
    const wait = uuidV7();
    for (const [waitId, event] of [
      [wait, 'paid'],
      [uuidV7(), 'withdrawn'],
    ])
      // prettier-ignore
      await database.pool.query(
        `INSERT INTO event_waits (tenant, run_id, id, event, shape, key, since) VALUES ($1, $2, $3, $4, '{}', '', clock_timestamp())`,
        [TENANT, id, waitId, event],
      );
    await fact(id, 2, 'event-wait.started', { waitId: wait, event: 'paid' });
    expect(await told(id)).toMatchObject([{ kind: 'event', name: 'paid' }]);
  });

  it('names signal, key, incident and checkpoint', async () => {
    const { waiting } = await house();
    const id = await waiting(['signal', 'key', 'incident', 'checkpoint']);
    await fact(id, 2, 'signal-wait.started', { signal: 'go' });
    await fact(id, 3, 'key.held', { key: 'charge-1', retryAt: 0 });
    await database.pool.query(`UPDATE runs SET error_message = 'No route.' WHERE id = $1`, [id]);
    expect((await told(id)).map(({ kind, name }) => [kind, name])).toEqual([
      ['incident', 'No route.'],
      ['checkpoint', null],
      ['key', 'charge-1'],
      ['signal', 'go'],
    ]);
  });

  it('names the queue of its step, and says when nobody serves that', async () => {
    const { queue, waiting } = await house();
    const there = await waiting(['dispatch']);
    const nowhere = await waiting(['dispatch']);
    for (const [runId, of] of [
      [there, queue],
      [nowhere, 'gone'],
    ])
      // prettier-ignore
      await database.pool.query(
        `INSERT INTO dispatches (tenant, id, run_id, path, iteration, attempt, queue, needs) VALUES ($1, new_id(), $2, 'step', '', 1, $3, 'x')`,
        [TENANT, runId, of],
      );
    expect(await told(there)).toMatchObject([{ kind: 'dispatch', name: queue }]);
    expect(await told(nowhere)).toMatchObject([{ kind: 'dispatch', name: 'gone, which no worker serves' }]);
  });

  it('counts the children that have not ended', async () => {
    const { queued, waiting } = await house();
    const id = await waiting(['child']);
    const [open, done] = [await queued({ causeRun: id }), await queued({ causeRun: id })];
    await queued({ causeRun: id }); // started, and waited for by nobody
    await database.pool.query('UPDATE runs SET parent_run = $2 WHERE id = ANY($1)', [[open, done], id]);
    await database.pool.query(`UPDATE runs SET status = 'completed' WHERE id = $1`, [done]);
    expect(await causesOf(id)).toMatchObject([{ kind: 'child', count: 1, runIds: [open] }]);
  });
});

it('many runs are asked for at once; of one that has ended, or is another tenant’s, nothing is told', async () => {
  const { queued, waiting } = await house();
  const [one, two, ended, foreign] = [await queued(), await waiting(['timer']), await queued(), await queued({ tenant: 'other' })];
  await database.pool.query(`UPDATE runs SET status = 'completed' WHERE id = $1`, [ended]);
  const found = await readWaitCauses(sql, TENANT, [two, ended, foreign, uuidV7(), one]);
  expect(found.map((causes) => causes.map(({ kind }) => kind))).toEqual([['timer'], [], [], [], ['queue']]);
});
