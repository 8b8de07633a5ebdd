import { pgSql, UNCHAINED_DECISIONS } from '@stepwell/storage';
import { person, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import type { Anchor } from './chain-check.js';
import { sealKeys } from './seal.js';
import { sealTenant } from './seal-tenant.js';
import { verifyChain } from './verify-chain.js';

const ann = person('Ann');
const [key, oldKey] = sealKeys('k'.repeat(32) + ',' + 'o'.repeat(32));
const keys = sealKeys('k'.repeat(32));

describe('the chain of decisions', () => {
  let desk: TaskDesk;
  beforeEach(async () => {
    desk = await TaskDesk.open();
    await decide(3);
    expect(await sealTenant(desk.pool, TENANT, key)).toBe(3);
  });
  afterEach(() => desk.close());

  async function decide(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const { id } = await desk.seed();
      await desk.tasks.complete({ tenant: TENANT, id, actor: ann, expectedVersion: 1, answer: { verdict: 'yes' } });
    }
  }
  const verify = (anchor?: Anchor, with_ = keys) => verifyChain(pgSql(desk.pool), TENANT, with_, anchor);
  const lie = (text: string) => desk.pool.query(text);

  it('is whole when nobody has touched it, and grows by what is decided, each once, whoever seals', async () => {
    await decide(2);
    const sealed = await Promise.all([1, 2, 3].map(() => sealTenant(desk.pool, TENANT, key)));
    expect(sealed.sort()).toEqual([0, 0, 2]);
    expect(await verify()).toEqual({ sealed: 5, keyed: 5, dropped: 0, head: { seq: 5, hash: expect.any(String) }, problems: [] });
  });

  it.each([
    ['a record that was changed', `UPDATE decisions SET record = jsonb_set(record, '{props,total}', '8') WHERE id = (SELECT id FROM decision_seals WHERE seq = 2)`, /was changed after its seal \(2\)/], // prettier-ignore
    [
      'a record that was removed',
      `DELETE FROM decisions WHERE id = (SELECT id FROM decision_seals WHERE seq = 2)`,
      /was removed \(seal 2\)/,
    ],
    ['a record that was inserted', `INSERT INTO decisions SELECT tenant, task_id, new_id(), record FROM decisions LIMIT 1`, /was inserted/],
    ['a seal that was removed with its record', `WITH gone AS (DELETE FROM decision_seals WHERE seq = 2 RETURNING id) DELETE FROM decisions WHERE id IN (SELECT id FROM gone)`, /Between the seals 1 and 3 seals were removed/], // prettier-ignore
    ['a seal that was changed', `UPDATE decision_seals SET content = repeat('0', 64) WHERE seq = 1`, /Seal 1 was changed/],
    ['a form that was changed', `UPDATE forms SET form = '{}'`, /The form [0-9a-f]+ was changed/],
  ])('shows %s', async (_, text, told) => {
    await lie(text);
    expect((await verify()).problems).toEqual(expect.arrayContaining([expect.stringMatching(told)]));
  });

  it('made anew without the key is seen by the key; made anew with it, or cut, by an anchor that is kept elsewhere', async () => {
    const { head } = await verify();
    await lie(`UPDATE decision_seals SET seq = NULL WHERE seq > 1`);
    await lie(`UPDATE decisions SET record = record || '{"answer": {"verdict": "no"}}'`);
    await sealTenant(desk.pool, TENANT, undefined);
    expect((await verify()).problems).toEqual(expect.arrayContaining([expect.stringContaining('made without the key')]));
    await lie(`UPDATE decision_seals SET seq = NULL`);
    await sealTenant(desk.pool, TENANT, key);
    expect((await verify()).problems).toEqual([]);
    expect((await verify(head ?? undefined)).problems).toEqual([expect.stringContaining('not the one that the anchor names')]);
    await lie(`DELETE FROM decision_seals; DELETE FROM decisions`);
    expect((await verify(head ?? undefined)).problems).toEqual([expect.stringContaining('not the one that the anchor names')]);
  });

  it('without the key, made anew as a whole or from before there was one, is nothing to go by when there is one, but for an anchor', async () => {
    await lie(`UPDATE decision_seals SET seq = NULL`);
    await sealTenant(desk.pool, TENANT, undefined);
    const { head } = await verify();
    expect((await verify(undefined, [])).problems).toEqual([]);
    await decide(1);
    await sealTenant(desk.pool, TENANT, key);
    expect((await verify()).problems).toEqual([expect.stringContaining('The seals up to 3 are without the key')]);
    expect((await verify(head ?? undefined)).problems).toEqual([]);
  });

  it.each([
    ['the time', `UPDATE decisions SET record = record || jsonb_build_object('at', clock_timestamp() - interval '3 hours') WHERE id IN (SELECT id FROM decision_seals WHERE seq IS NULL)`], // prettier-ignore
    ['the id', `WITH old AS (
        UPDATE decision_seals SET id = (left(uuid_floor(clock_timestamp() - interval '3 hours')::text, 13) || substr(id::text, 14))::uuid WHERE seq IS NULL RETURNING task_id, id)
      UPDATE decisions d SET id = old.id FROM old WHERE d.task_id = old.task_id`], // prettier-ignore
  ])(
    'sealed long after, by %s of its record, says so: there was an outage, or it was sealed anew; an anchor vouches for it',
    async (_, text) => {
      await lie(`UPDATE decision_seals SET seq = NULL WHERE seq > 1`);
      await lie(text);
      await sealTenant(desk.pool, TENANT, key);
      const { head, problems } = await verify();
      expect(problems).toEqual([expect.stringContaining('The seals 2 to 3 were made up to 3.0 hours after their decisions')]);
      expect((await verify(head ?? undefined)).problems).toEqual([]);
    },
  );

  it('finds the seal of a record by an index, whether it was made or is to be', async () => {
    const client = await desk.pool.connect();
    try {
      await client.query('SET enable_seqscan = off');
      const { rows } = await client.query<Record<string, string>>(`EXPLAIN ${UNCHAINED_DECISIONS.text}`, [TENANT, 1]);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).not.toContain('Seq Scan on decision_seals');
      expect(plan).toContain('decision_seals_open');
    } finally {
      client.release(true);
    }
  });

  it('goes on under a new key, and says which key it lacks', async () => {
    await decide(1);
    await sealTenant(desk.pool, TENANT, oldKey);
    expect((await verify()).problems).toEqual([expect.stringContaining(`Seal 4 was made with the key ${oldKey?.id}`)]);
    expect((await verify(undefined, [...keys, ...(oldKey ? [oldKey] : [])])).problems).toEqual([]);
  });

  it('can be verified when the records of a month are dropped: the seals stay', async () => {
    const { head } = await verify();
    await lie(`INSERT INTO retention (part, month, noticed_at, state, total, kept, reason, decided_at, cleared_at)
      VALUES ('tasks', date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC'), clock_timestamp(), 'dropped', 3, 0, '', clock_timestamp(), clock_timestamp())`);
    await lie(`DELETE FROM decisions`);
    expect(await verify(head ?? undefined)).toEqual({ sealed: 3, keyed: 3, dropped: 3, head, problems: [] });
  });
});
