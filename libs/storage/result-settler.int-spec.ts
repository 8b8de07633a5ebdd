import { mostRows } from '../../test/postgres/most-rows.js';
import { createTestDatabase, type TestDatabase } from '../../test/postgres/test-database.js';
import { insertRuns } from './queries/insert-runs.query.js';
import { SETTLE_ASYNC_RESULTS, type Settling } from './queries/settle-async-result.query.js';
import { createPool } from './pool.js';
import { ResultSettler } from './result-settler.js';
import { pgSql } from './sql.js';
import { uuidV7 } from './uuid-v7.js';

const TENANT = 'acme';
const WORKER = uuidV7();
const CLAIMANT = { worker: WORKER, queues: ['default'], needs: ['wait@1'] };

let database: TestDatabase;
let settler: ResultSettler;
beforeAll(async () => {
  database = await createTestDatabase();
  settler = new ResultSettler(database.pool);
});
afterAll(() => database.drop());

const query = async <Row extends object>(text: string, values: unknown[] = []) => (await database.pool.query<Row>(text, values)).rows;

async function waiting(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => uuidV7());
  const why = { startedBy: 'api', actor: null, causeEvent: null, causeRun: null, key: null, input: 'null' } as const;
  const run = { tenant: TENANT, workflow: 'wait', version: 1, queue: 'default', worker: null, priority: 0, permitKey: null, ...why };
  await insertRuns(
    pgSql(database.pool),
    ids.map((id) => ({ ...run, id })),
  );
  await query(`UPDATE runs SET status = 'waiting' WHERE id = ANY($1)`, [ids]);
  return ids;
}

const result = (runId: string, id = `of ${runId}`, more: Partial<Settling> = {}): Settling => ({
  message: { tenant: TENANT, runId, id, payload: JSON.stringify({ id, ok: true, value: 1 }) },
  claimant: null,
  ...more,
});
const unstorable = (runId: string): Settling => {
  const { message, claimant } = result(runId);
  return { message: { ...message, payload: JSON.stringify({ id: message.id, ok: true, value: 'nul\u0000' }) }, claimant };
};
const rowsOf = (ids: readonly string[]) =>
  query<{ id: string; status: string; attention: number; epoch: number; worker: string | null; messages: string[] }>(
    `SELECT id, status, attention, epoch, worker, ARRAY(SELECT dedupe_key FROM inbox i WHERE i.run_id = r.id ORDER BY i.id) AS messages
     FROM runs r WHERE id = ANY($1) ORDER BY id`,
    [ids],
  );
/** In how many transactions these runs were told. */
const commitsOf = async (ids: readonly string[]) =>
  (await query<{ commits: number }>('SELECT count(DISTINCT xmin::text)::int AS commits FROM inbox WHERE run_id = ANY($1)', [ids]))[0]
    ?.commits;

/** Resolves when at least so many statements wait for a lock. */
async function lockWaits(count: number): Promise<void> {
  const text = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  while ((await query(text)).length < count);
}

describe('results that come at once', () => {
  it('share a few commits, and each is in the inbox of its run', async () => {
    const ids = await waiting(600);
    const outcomes = await Promise.all(ids.map((id) => settler.settle(result(id))));
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    const rows = await rowsOf(ids);
    expect(rows.map(({ id, messages }) => [id, messages])).toEqual([...ids].sort().map((id) => [id, [`async-result:of ${id}`]]));
    expect(rows.every(({ status, attention, worker }) => status === 'queued' && attention === 1 && worker === null)).toBe(true);
    // Of 500, and of the rest.
    expect(await commitsOf(ids)).toBe(2);
  });

  it('cost as much each, however many they are', async () => {
    const ids = await waiting(300);
    const items = ids.map((run_id, place) => ({ place, tenant: TENANT, run_id, result: 'r', takes: true, payload: { id: 'r', ok: true } }));
    const most = await mostRows(database.pool, SETTLE_ASYNC_RESULTS, [JSON.stringify(items), WORKER, CLAIMANT.queues, CLAIMANT.needs]);
    expect(most).toBeGreaterThanOrEqual(300);
    expect(most).toBeLessThan(3 * 300);
  });

  it('bring their runs to those who have room, and queue the others', async () => {
    const ids = await waiting(4);
    const [kept, stranger] = [ids[1] as string, ids[2] as string];
    await query(`UPDATE runs SET needs = 'wait@2' WHERE id = $1`, [stranger]);
    const outcomes = await Promise.all(ids.map((id) => settler.settle(result(id, 'r', { claimant: id === kept ? null : CLAIMANT }))));
    expect(outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.claimed?.run.id : outcome.kind))).toEqual([
      ids[0],
      undefined,
      undefined,
      ids[3],
    ]);
    const [message] = await query<{ id: string }>('SELECT id, kind, payload FROM inbox WHERE run_id = $1', [ids[0]]);
    const taken = { tenant: TENANT, workflow: 'wait', version: 1, epoch: 1, attention: 1, last_seq: 1, due_at: null };
    expect(outcomes[0]).toMatchObject({ claimed: { run: taken, message } });
    const rows = await rowsOf(ids);
    expect(rows.map(({ status, worker, epoch }) => [status, worker, epoch])).toEqual([
      ['running', WORKER, 1],
      ['queued', null, 0],
      ['queued', null, 0],
      ['running', WORKER, 1],
    ]);
    expect(await commitsOf(ids)).toBe(1);
  });

  it('are refused alone when they cannot be stored', async () => {
    const ids = await waiting(9);
    const outcomes = await Promise.allSettled(ids.map((id, index) => settler.settle(index === 4 ? unstorable(id) : result(id))));
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(ids.map((_, index) => index !== 4));
    expect(outcomes[4]).toMatchObject({ reason: { code: '22P05' } });
    expect((await rowsOf(ids)).map(({ status, messages }) => [status, messages.length])).toEqual(
      ids.map((_, index) => (index === 4 ? ['waiting', 0] : ['queued', 1])),
    );
  });

  it('are each told what became of them', async () => {
    const [ended, unread, read, fine] = (await waiting(4)) as [string, string, string, string];
    await query(`UPDATE runs SET status = 'canceled', ended_at = now() WHERE id = $1`, [ended]);
    await settler.settle(result(unread));
    await query(
      `WITH told AS (UPDATE runs SET last_seq = 2 WHERE id = $1)
       INSERT INTO journal (tenant, run_id, seq, type, payload) VALUES ($2, $1, 2, 'async-result.settled', jsonb_build_object('id', 'of ' || $1::text))`,
      [read, TENANT],
    );
    const all = [ended, unread, read, uuidV7(), fine];
    const outcomes = await Promise.all(all.map((id) => settler.settle(result(id))));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['no-live-run', 'settled-before', 'settled-before', 'no-live-run', 'accepted']);
    expect((await rowsOf([unread]))[0]).toMatchObject({ attention: 1 });
  });

  it('of one async result are taken once, the first one', async () => {
    const [id] = (await waiting(1)) as [string];
    const outcomes = await Promise.all([1, 2, 3].map(() => settler.settle(result(id))));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'settled-before', 'settled-before']);
    expect((await rowsOf([id]))[0]).toMatchObject({ attention: 1, messages: [`async-result:of ${id}`] });
  });

  it('of one run are told it in their order, and bring it once', async () => {
    const [id] = (await waiting(1)) as [string];
    const keys = ['c', 'a', 'b'];
    const outcomes = await Promise.all(
      keys.map((key, index) => settler.settle(result(id, key, { claimant: index === 0 ? CLAIMANT : null }))),
    );
    expect(outcomes.map((outcome) => outcome.kind === 'accepted' && outcome.claimed?.run.id)).toEqual([id, undefined, undefined]);
    expect((await rowsOf([id]))[0]).toMatchObject({
      ...{ status: 'running', epoch: 1, attention: 3 },
      messages: keys.map((key) => `async-result:${key}`),
    });
    expect(await commitsOf([id])).toBe(1);
  });

  it('wait for a run that somebody holds, and nobody waits with them', async () => {
    const ids = await waiting(20);
    const held = ids[3] as string;
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM runs WHERE id = $1 FOR UPDATE', [held]);
    const settled: string[] = [];
    const settling = ids.map((id) => settler.settle(result(id)).then(({ kind }) => void settled.push(`${id} ${kind}`)));
    await Promise.all(settling.filter((_, index) => index !== 3));
    expect(settled).not.toContain(`${held} accepted`);
    // Others that come meanwhile, too.
    const [later] = (await waiting(1)) as [string];
    expect(await settler.settle(result(later))).toMatchObject({ kind: 'accepted' });
    await client.query('ROLLBACK');
    client.release();
    await settling[3];
    expect(settled).toContain(`${held} accepted`);
  });

  it('bring nobody a run for which they had to wait: who was to have it may have given up by then', async () => {
    const [id] = (await waiting(1)) as [string];
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM runs WHERE id = $1 FOR UPDATE', [id]);
    let waits = 0;
    const settling = settler.settle(result(id, 'r', { claimant: CLAIMANT }), () => waits++);
    await lockWaits(1);
    await client.query('ROLLBACK');
    client.release();
    expect(await settling).toEqual({ kind: 'accepted', queue: 'default', claimed: undefined });
    expect([waits, await rowsOf([id])]).toMatchObject([1, [{ status: 'queued', worker: null, epoch: 0, attention: 1 }]]);
  });

  it('of many runs that are held leave connections to the others', async () => {
    const few = createPool({ url: database.url, max: 3, applicationName: 'a few' });
    const many = new ResultSettler(few);
    const ids = await waiting(8);
    const [free] = (await waiting(1)) as [string];
    const client = await database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM runs WHERE id = ANY($1) FOR UPDATE', [ids]);
    const settling = ids.map((id) => many.settle(result(id)));
    await lockWaits(2);
    expect(await many.settle(result(free))).toMatchObject({ kind: 'accepted' });
    await client.query('ROLLBACK');
    client.release();
    expect(new Set((await Promise.all(settling)).map(({ kind }) => kind))).toEqual(new Set(['accepted']));
    await few.end();
  });
});
