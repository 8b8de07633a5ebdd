/** The chain of decisions as a file, over REST: who gets it, and that the command takes it. What is in it is tested in libs/tasks/provenance. */
import { Readable } from 'node:stream';
import { linesOf, sealTenant, verifyExport } from '@stepwell/tasks';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

/** More than are read at a time. */
const SEALS = 60;

describe('GET /provenance.jsonl', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    api = await startApiApp();
    operator = await api.as('operator');
    await decided('default', SEALS);
    await decided('acme', 1);
  });
  afterAll(() => api.close());

  async function decided(tenant: string, count: number): Promise<void> {
    await api.database.pool.query(
      `WITH made AS (SELECT new_id() AS task_id, new_id() AS id FROM generate_series(1, $2)),
         records AS (INSERT INTO decisions (tenant, task_id, id, record)
           SELECT $1, task_id, id, jsonb_build_object('at', now(), 'workflow', 'orders', 'of', $1::text) FROM made)
       INSERT INTO decision_seals (tenant, task_id, id) SELECT $1, task_id, id FROM made`,
      [tenant, count],
    );
    await sealTenant(api.database.pool, tenant, undefined);
  }
  const get = (query: object, who?: ApiUser) =>
    api.client().get('/provenance.jsonl').query(query).set(who ? { cookie: who.cookie } : {}).buffer(); // prettier-ignore
  const verdictOf = async (query: object, who: ApiUser) =>
    verifyExport(linesOf(Readable.from([(await get(query, who).expect(200)).text])), []);

  it('is a file that the command takes, with what was asked for of one tenant', async () => {
    const { text, headers } = await get({}, operator).expect(200);
    expect(headers).toMatchObject({
      'content-type': 'application/jsonl; charset=utf-8',
      'content-disposition': 'attachment; filename=provenance.jsonl',
    });
    expect(text).not.toContain('acme');
    expect(await verdictOf({}, operator)).toMatchObject({ tenant: 'default', sealed: SEALS, filtered: 0, problems: [] });
    const none = { from: '1999-01-01', until: '2999-01-01T00:00:00Z', workflow: 'none' };
    expect(await verdictOf(none, operator)).toMatchObject({ sealed: SEALS, filtered: SEALS, problems: [] });
    expect(await verdictOf({}, await api.as('admin', 'acme'))).toMatchObject({ tenant: 'acme', sealed: 1, problems: [] });
  });

  it('is for operators, and says what it does not understand', async () => {
    await get({}).expect(401);
    await get({}, await api.as('reviewer')).expect(403);
    for (const query of [{ from: 'x' }, { until: '2026-11-01T00:00:00' }, { day: 7 }, { workflow: ['a', 'b'] }])
      expect((await get(query, operator).expect(400)).body).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('breaks off as an answer that is not whole when it cannot go on', async () => {
    const setSealed = (at: string) => api.database.pool.query(`UPDATE decision_seals SET sealed_at = $1 WHERE seq = 55`, [at]);
    const { rows } = await api.database.pool.query<{ at: string }>('SELECT sealed_at::text AS at FROM decision_seals WHERE seq = 55');
    await setSealed('infinity');
    await expect(get({}, operator)).rejects.toThrow('aborted');
    await setSealed(rows[0]?.at ?? '');
  });
});
