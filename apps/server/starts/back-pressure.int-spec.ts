/** A queue that nobody works off, and bounds that are reached soon. */
import { workflow } from '@stepwell/sdk';
import { QueueGauge, RunService, type Worker } from '@stepwell/runtime';
import { PG_POOL, pgSql, countQueued, RunInserter } from '@stepwell/storage';
import type pg from 'pg';
import { startEngine, TENANT, until } from '../../../test/engine/engine.js';
import { callsOf } from '../../../test/cost/statement-calls.js';
import { type ApiAnswer, type ApiApp, startApiApp } from '../../../test/server/api-app.js';

const START = 'mutation { startRun(workflow: "orders", input: { id: "A", quantity: 1 }) { run { id } errors { code } } }';

describe('a server with a full queue', () => {
  let api: ApiApp;
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'], queueBounds: { all: 5, perTenant: 3, whenFull: 'refuse' } });
  });
  afterAll(() => api.close());

  const begin = (cookie: string, key: string) =>
    api
      .client()
      .post('/workflows/orders/start')
      .set({ cookie, 'x-stepwell-csrf': '1' })
      .send({ input: { id: key, quantity: 1 }, idempotencyKey: key });
  const count = () => countQueued(pgSql(api.app.get<pg.Pool>(PG_POOL)), 100);

  it('refuses starts with the time to come again, by tenant and in all, and takes them when there is room', async () => {
    const [ours, theirs] = [await api.as('operator'), await api.as('operator', 'acme')];
    // A count that comes while a start is under way may have it, too, and then one is refused too early: here the first count stands.
    let doesTimePass = false;
    Object.assign(api.app.get(QueueGauge), { now: () => (doesTimePass ? performance.now() : 0) });
    for (const key of ['a', 'b', 'c']) await begin(ours.cookie, key).expect(201);
    const tenantFull = await begin(ours.cookie, 'd').expect(429);
    expect(tenantFull.body).toEqual({ code: 'TENANT_QUEUE_FULL', message: expect.stringContaining('3 runs'), seconds: 30 });
    expect(tenantFull.headers['retry-after']).toBe('30');
    expect((await ours.ask(START)).errors).toMatchObject([{ extensions: { code: 'TENANT_QUEUE_FULL', retryable: true, retryAfter: 30 } }]);
    for (const key of ['e', 'f']) await begin(theirs.cookie, key).expect(201);
    const full = await begin(theirs.cookie, 'g').expect(503);
    expect([full.body.code, full.headers['retry-after']]).toEqual(['QUEUE_FULL', expect.stringMatching(/^\d+$/)]);
    expect(await count()).toEqual(new Map([['default', 3], ['acme', 2]])); // prettier-ignore
    // What was refused has left nothing behind, its key included.
    await api.database.pool.query("UPDATE runs SET status = 'canceled', ended_at = now() WHERE status = 'queued'");
    doesTimePass = true;
    await until(
      async () => (await begin(ours.cookie, 'd')).status,
      (status) => status === 201,
      'The start should be taken when there is room',
    );
    expect(await count()).toEqual(new Map([['default', 1]]));
  });

  it('counts runs under a cap, too, and no further than it is told', async () => {
    await insertQueued(api.database.pool, 3);
    expect((await count()).get('default')).toBe(4);
    expect(await countQueued(pgSql(api.app.get<pg.Pool>(PG_POOL)), 2)).toEqual(new Map([['default', 3]]));
  });
});

describe('a server that slows starts while its queue is full', () => {
  let api: ApiApp;
  let cookie: string;
  let ask: (query: string) => Promise<ApiAnswer>;
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'], queueBounds: { all: null, perTenant: 2, whenFull: 'slow' } });
    ({ cookie, ask } = await api.as('operator'));
  });
  afterAll(() => api.close());

  const begin = async (key: string) =>
    api
      .client()
      .post('/workflows/orders/start')
      .set({ cookie, 'x-stepwell-csrf': '1' })
      .send({ input: { id: key, quantity: 1 }, idempotencyKey: key });
  const query = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await api.database.pool.query<Row>(text, values)).rows;
  const queued = () => query<{ count: number }>("SELECT count(*)::int AS count FROM runs WHERE status = 'queued'");
  /** How often somebody has looked how much is queued; here only starts do. */
  const looks = async () => (await callsOf(api.database.pool))['count-queued'] ?? 0;

  it('has a start wait, and takes it when there is room', async () => {
    for (const key of ['a', 'b']) expect((await begin(key)).status).toBe(201);
    const before = await looks();
    let answers = 0;
    const waiting = [begin('c'), ask(START)] as const;
    for (const one of waiting) void one.then(() => answers++);
    // One look may be of their coming; the next one is of somebody who has found no room before.
    await until(looks, (count) => count >= before + 2, 'They should look for room again');
    expect([answers, await queued()]).toEqual([0, [{ count: 2 }]]);

    await query("UPDATE runs SET status = 'canceled', ended_at = now() WHERE status = 'queued'");
    const [byRest, byGraphql] = await Promise.all(waiting);
    expect([byRest.status, byRest.body]).toEqual([201, { runId: expect.any(String), existing: false }]);
    expect(byGraphql).toEqual({ data: { startRun: { run: { id: expect.any(String) }, errors: [] } } });
    expect(await queued()).toEqual([{ count: 2 }]);
  });

  it('refuses one that finds none in ten seconds, with the time to come again', async () => {
    const began = performance.now();
    const [byRest, byGraphql] = await Promise.all([begin('d'), ask(START)]);
    expect(performance.now() - began).toBeGreaterThanOrEqual(10_000);
    expect([byRest.status, byRest.body.code, byRest.headers['retry-after']]).toEqual([
      429,
      'TENANT_QUEUE_FULL',
      String(byRest.body.seconds),
    ]);
    expect(byRest.body.seconds).toBeGreaterThan(0);
    expect(byGraphql.errors).toMatchObject([
      { extensions: { code: 'TENANT_QUEUE_FULL', retryable: true, retryAfter: expect.any(Number) } },
    ]);
    expect(await queued()).toEqual([{ count: 2 }]);
  });
});

describe('a server whose pages have one connection left', () => {
  let api: ApiApp;
  let taken: pg.PoolClient[];
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'], queueBounds: { all: null, perTenant: 1, whenFull: 'refuse' } });
    const pool = api.app.get<pg.Pool>(PG_POOL);
    taken = await Promise.all(Array.from({ length: (pool.options.max ?? 0) - 1 }, () => pool.connect()));
  });
  afterAll(async () => {
    for (const client of taken) client.release();
    await api.close();
  });

  it('counts what is queued while a start in a transaction has that one', async () => {
    await insertQueued(api.database.pool, 1);
    const request = { tenant: 'default', workflow: 'orders', input: { id: 'A', quantity: 1 }, actor: null };
    const asked: string[] = [];
    const start = api.app.get(RunService).start(request, async () => void asked.push('may'));
    await expect(start).rejects.toMatchObject({ code: 'TENANT_QUEUE_FULL' });
    expect(asked).toEqual([]);
  });
});

describe('the bound of a queue', () => {
  it('is not used up by starts that never queue: at work at once, repeated, failed', async () => {
    const engine = await startEngine({ workflows: [workflow('quick', { version: 1 }).then('work', () => 'done')] });
    try {
      const { pool, wakeUps, ids, worker } = engine.process;
      // One count for ever, by which nothing is queued.
      const gauge = new QueueGauge(
        { all: null, perTenant: 2, whenFull: 'refuse' },
        { count: async () => new Map(), warn: () => undefined, now: () => 0 },
      );
      const inserter = new RunInserter(pool);
      const service = (inserts: Pick<RunInserter, 'insert'>, own?: Worker) =>
        new RunService(pool, engine.catalog, inserts as RunInserter, wakeUps, ids, own, gauge);
      const [atOnce, queueing] = [service(inserter, worker), service(inserter)];
      const failing = service({ insert: () => Promise.reject(new Error('The database is away.')) });
      const request = { tenant: TENANT, workflow: 'quick', input: null, actor: null };
      for (let index = 0; index < 5; index++) {
        await atOnce.start(request);
        await expect(failing.start(request)).rejects.toThrow('The database is away.');
      }
      await queueing.start({ ...request, idempotencyKey: 'a' });
      for (let index = 0; index < 5; index++) {
        expect(await queueing.start({ ...request, idempotencyKey: 'a' })).toMatchObject({ existing: true });
        expect(await queueing.start({ ...request, idempotencyKey: 'a' }, async () => undefined)).toMatchObject({ existing: true });
        await expect(queueing.start({ ...request, session: 'none' })).rejects.toMatchObject({ code: 'SESSION_NOT_FOUND' });
      }
      await queueing.start(request);
      await expect(queueing.start(request)).rejects.toMatchObject({ code: 'TENANT_QUEUE_FULL' });
    } finally {
      await engine.close();
    }
  });
});

function insertQueued(pool: pg.Pool, count: number) {
  return pool.query(
    `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, epoch, last_seq, started_by, lineage_root, priority, permit_key)
     SELECT 'default', id, 'orders', 1, 'orders@1', 'default', 'queued', 0, 1, 'api', id, 0, 'one'
     FROM (SELECT uuidv7() AS id FROM generate_series(1, $1::int)) AS new`,
    [count],
  );
}
