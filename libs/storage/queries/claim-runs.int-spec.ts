import type { ClaimRequest, NewRun } from '@stepwell/engine';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { pgSql, type Sql } from '../sql.js';
import { uuidV7 } from '../uuid-v7.js';
import { appendInbox } from './append-inbox.query.js';
import { CLAIM_RUNS_WITH_SHARES } from './claim-runs-with-shares.query.js';
import { CLAIM_RUNS, CLAIM_RUNS_WITH_PERMITS, claimRuns } from './claim-runs.query.js';
import { insertRuns } from './insert-runs.query.js';
import { registerCaps, sweepPermits } from './permits.query.js';

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  sql = pgSql(database.pool);
});
afterAll(() => database.drop());

/** A queue of its own for each test, and what happens in it. */
function house(workflow = `workflow-${uuidV7()}`) {
  const queue = `queue-${uuidV7()}`;
  const queued = async (count: number, more: Partial<NewRun> = {}): Promise<string[]> => {
    const ids = Array.from({ length: count }, () => uuidV7());
    const why = { startedBy: 'api', actor: null, causeEvent: null, causeRun: null, key: null, input: 'null' } as const;
    const run = { tenant: 'acme', workflow, version: 1, queue, worker: null, priority: 0, permitKey: null };
    await insertRuns(
      sql,
      ids.map((id) => ({ ...run, ...why, ...more, id })),
    );
    return ids;
  };
  const claim = (limit: number, more: Partial<ClaimRequest> = {}) =>
    claimRuns(sql, { worker: uuidV7(), queues: [queue], needs: [`${workflow}@1`], limit, isCapped: true, ...more });
  const ids = async (limit: number) => (await claim(limit)).runs.map(({ id }) => id).sort();
  const cap = (capacity: number | null, heldUntil: 'wait' | 'end' = 'wait') => registerCaps(sql, [{ workflow, capacity, heldUntil }]);
  const become = (status: string, id: string) =>
    database.pool.query(`UPDATE runs SET status = $1, worker = NULL WHERE id = $2`, [status, id]);
  const held = async () =>
    (await database.pool.query<{ run_id: string }>('SELECT run_id FROM permits WHERE workflow = $1 ORDER BY number', [workflow])).rows.map(
      ({ run_id }) => run_id,
    );
  return { workflow, queue, queued, claim, ids, cap, become, held };
}

describe('a claim', () => {
  it('takes higher priorities first, and of equal ones the oldest', async () => {
    const { queued, ids } = house();
    const [low] = await queued(1, { priority: -10 });
    const [first, second] = await queued(2);
    const [high] = await queued(1, { priority: 10 });
    expect([await ids(1), await ids(1), await ids(1), await ids(1)]).toEqual([[high], [first], [second], [low]]);
  });

  it('gives each tenant that has work an equal share, and what one does not need to the others', async () => {
    const { queued, claim } = house();
    await queued(50, { tenant: 'big' });
    const small = await queued(3, { tenant: 'small' });
    const first = await claim(20);
    expect(first.runs.filter(({ tenant }) => tenant === 'big')).toHaveLength(10);
    expect(first.runs.flatMap(({ tenant, id }) => (tenant === 'small' ? id : [])).sort()).toEqual(small);
    expect(first.hasRest).toBe(true);
    expect((await claim(20)).runs).toHaveLength(20);
  });

  it('comes to each tenant in its turn when there are more of them than room', async () => {
    const { queued, claim } = house();
    const tenants = ['a', 'b', 'c', 'd', 'e'];
    for (const tenant of tenants) await queued(4, { tenant });
    const served: string[] = [];
    let after: string | null = null;
    for (let index = 0; index < 10; index++) {
      const { runs, walkedTo }: Awaited<ReturnType<typeof claim>> = await claim(2, { after });
      served.push(...runs.map(({ tenant }) => tenant).sort());
      after = walkedTo;
    }
    expect(served.slice(0, 10).sort()).toEqual([...tenants, ...tenants].sort());
    expect(served.sort()).toEqual(tenants.flatMap((tenant) => [tenant, tenant, tenant, tenant]));
  });

  it('leaves no queue of a worker for last, however much is in another', async () => {
    const { queue, queued, claim } = house();
    const other = `${queue}-z`;
    await queued(100, { tenant: 'big' });
    const small = await queued(5, { tenant: 'small', queue: other });
    const { runs } = await claim(10, { queues: [queue, other] });
    expect(runs.flatMap(({ tenant, id }) => (tenant === 'small' ? id : [])).sort()).toEqual(small);
    expect(runs).toHaveLength(10);
  });

  it('comes to each queue by turns when there are more of them than room', async () => {
    const { queue, queued, claim } = house();
    const queues = [queue, `${queue}-y`, `${queue}-z`];
    for (const one of queues) await queued(9, { tenant: `of ${one}`, queue: one });
    const served = new Map<string, number>();
    for (let turn = 0; turn < 6; turn++)
      for (const { queue: from } of (await claim(1, { queues, turn })).runs) served.set(from, (served.get(from) ?? 0) + 1);
    expect(queues.map((one) => served.get(one))).toEqual([2, 2, 2]);
  });

  it('says that there may be more when it took as many timers as it may', async () => {
    const { queued, claim } = house();
    await database.pool.query(`UPDATE runs SET status = 'waiting', due_at = clock_timestamp() WHERE id = ANY($1)`, [await queued(3)]);
    expect(await claim(2)).toMatchObject({ runs: [{}, {}], hasRest: true });
    expect(await claim(2)).toMatchObject({ runs: [{}], hasRest: false });
  });

  describe('of runs of several kinds', () => {
    /** Thirty of each kind, and of those under a cap as many that are to be canceled. @returns what kind a run is */
    const mixed = async ({ queued, cap }: ReturnType<typeof house>) => {
      await cap(60);
      const [plain, due, capped, canceled] = [
        await queued(30),
        await queued(30),
        await queued(30, { permitKey: '' }),
        await queued(30, { permitKey: 'k' }),
      ];
      await database.pool.query(`UPDATE runs SET status = 'waiting', due_at = clock_timestamp() WHERE id = ANY($1)`, [due]);
      await database.pool.query(`UPDATE runs SET cancel_requested_at = clock_timestamp() WHERE id = ANY($1)`, [canceled]);
      const kinds = new Map(
        Object.entries({ plain, due, capped: [...capped, ...canceled] }).flatMap(([kind, ids]) => ids.map((id) => [id, kind])),
      );
      return (id: string) => kinds.get(id) ?? '';
    };

    it.each([true, false])(
      'takes no more than its limit of all together, some of each, and in the end all (with caps: %s)',
      async (isCapped) => {
        const one = house();
        const kindOf = await mixed(one);
        const first = await one.claim(9, { isCapped });
        expect(first.runs.length).toBeGreaterThan(6);
        expect([...new Set(first.runs.map(({ id }) => kindOf(id)))]).toEqual(
          expect.arrayContaining(isCapped ? ['plain', 'due', 'capped'] : ['plain', 'due']),
        );
        const sizes = [first.runs.length];
        for (let claim = first; claim.hasRest; sizes.push(claim.runs.length)) claim = await one.claim(9, { isCapped });
        expect(Math.max(...sizes)).toBe(9);
        expect(sizes.reduce((sum, size) => sum + size)).toBe(isCapped ? 120 : 60);
      },
    );

    it('comes to each kind with a single place, too', async () => {
      const one = house();
      const kindOf = await mixed(one);
      const served = new Set<string>();
      for (let index = 0; index < 60; index++) {
        const { runs } = await one.claim(1, { turn: index });
        expect(runs).toHaveLength(1);
        served.add(kindOf(runs[0]?.id ?? ''));
      }
      expect([...served].sort()).toEqual(['capped', 'due', 'plain']);
    });
  });

  it('of a worker without capped workflows leaves runs under a cap alone', async () => {
    const { queued, claim } = house();
    await queued(2, { permitKey: '' });
    expect(await claim(10, { isCapped: false })).toEqual({ runs: [], hasRest: false, walkedTo: null });
  });
});

describe('out of a hundred thousand queued runs of one tenant', () => {
  const LIMIT = 20;
  const QUEUE = 'crowded';
  let queued: ReturnType<typeof house>['queued'];
  beforeAll(async () => {
    ({ queued } = house('crowd'));
    await database.pool.query(
      `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, started_by, lineage_root, permit_key)
       SELECT 'big', new_id(), 'crowd', 1, 'crowd@1', $1, 'queued', 'api', new_id(), CASE i % 2 WHEN 0 THEN 'gate' END FROM generate_series(1, 200000) i`,
      [QUEUE],
    );
    // And as many timers that are far from due.
    await database.pool.query(
      `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, started_by, lineage_root, permit_key, due_at)
       SELECT 'big', new_id(), 'crowd', 1, 'crowd@1', $1, 'waiting', 'api', new_id(), CASE i % 2 WHEN 0 THEN 'gate' END, clock_timestamp() + interval '1 hour'
       FROM generate_series(1, 100000) i`,
      [QUEUE],
    );
    // Statistics of such a moment: nearly every run is queued, and every index looks as good as the right one.
    await database.pool.query('ANALYZE runs');
  });

  it('the first claim has the three of another tenant too', async () => {
    const small = await queued(3, { tenant: 'small', queue: QUEUE });
    const { runs } = await claimRuns(sql, { worker: uuidV7(), queues: [QUEUE], needs: ['crowd@1'], limit: LIMIT });
    expect(runs.flatMap(({ tenant, id }) => (tenant === 'small' ? id : [])).sort()).toEqual(small);
  });

  it.each([CLAIM_RUNS, CLAIM_RUNS_WITH_PERMITS, CLAIM_RUNS_WITH_SHARES])(
    'a claim reads no more than it takes: $name',
    async ({ name, text }) => {
      const values = [uuidV7(), [QUEUE], ['crowd@1'], LIMIT, '', 0, ...(name === CLAIM_RUNS_WITH_SHARES.name ? [0] : [])];
      const client = await database.pool.connect();
      try {
        await client.query('BEGIN');
        await client.query("SET LOCAL plan_cache_mode = 'force_generic_plan'");
        const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
        // Each run that is taken, so many of each kind, is found by its index, and again by its key, and counted once more with one beyond it.
        expect(runsRead(rows[0]?.['QUERY PLAN'][0].Plan as PlanNode)).toBeLessThan(8 * LIMIT);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    },
  );
});

describe('permits', () => {
  it('are granted up to the cap, per tenant and key, and in order', async () => {
    const { queued, ids, cap, held } = house();
    await cap(2);
    const one = await queued(3, { permitKey: 'one' });
    const [urgent] = await queued(1, { permitKey: 'one', priority: 1 });
    const two = await queued(1, { permitKey: 'two' });
    const other = await queued(3, { permitKey: 'one', tenant: 'other' });
    expect(await ids(10)).toEqual([one[0], urgent, ...two, ...other.slice(0, 2)].sort());
    expect(await held()).toHaveLength(5);
    expect(await ids(10)).toEqual([]);
  });

  it('keep nobody looking for runs that he cannot advance', async () => {
    const { queued, claim, cap } = house();
    await cap(1);
    for (const permitKey of ['one', 'two', 'three']) await queued(1, { permitKey });
    expect(await claim(1, { needs: ['another@1'] })).toMatchObject({ runs: [], hasRest: false });
    expect(await claim(1)).toMatchObject({ runs: [{}], hasRest: true });
  });

  it('come back when their run waits, ends, is given back or taken over, in the same commit', async () => {
    const { queued, ids, cap, become, held } = house();
    await cap(1);
    const [a, b, c] = (await queued(3, { permitKey: '' })) as [string, string, string];
    expect(await ids(10)).toEqual([a]);
    await become('waiting', a);
    expect(await held()).toEqual([]);
    expect(await ids(10)).toEqual([b]);
    await become('queued', b);
    expect(await held()).toEqual([]);
    expect(await ids(10)).toEqual([b]);
    await become('completed', b);
    expect(await ids(10)).toEqual([c]);
    await become('queued', a);
    expect(await ids(10)).toEqual([]);
    await become('failed', c);
    expect(await ids(10)).toEqual([a]);
  });

  it('of a singleton stay with their run while it waits and while it is queued again, until it ends', async () => {
    const { queued, ids, cap, become, held } = house();
    await cap(1, 'end');
    const [a, b] = (await queued(2, { permitKey: 'k' })) as [string, string];
    expect(await ids(10)).toEqual([a]);
    await become('waiting', a);
    expect(await ids(10)).toEqual([]);
    await become('queued', a);
    expect([await ids(10), await held()]).toEqual([[a], [a]]);
    await become('canceled', a);
    expect([await ids(10), await held()]).toEqual([[b], [b]]);
  });

  it('under a lowered cap count those of before, and a raised one is used at once', async () => {
    const { queued, ids, cap, become, held } = house();
    await cap(4);
    const all = await queued(8, { permitKey: '' });
    const running = await ids(10);
    expect(running).toEqual(all.slice(0, 4));
    await cap(2);
    const [, , third, fourth] = await held();
    for (const id of running.filter((one) => one !== third && one !== fourth)) await become('completed', id);
    // The numbers within the new cap are free, but two are at work.
    expect(await ids(10)).toEqual([]);
    await become('completed', third as string);
    expect(await ids(10)).toEqual([all[4]]);
    await cap(5);
    expect(await ids(10)).toEqual(all.slice(5));
    await cap(null);
    const more = await queued(5, { permitKey: '' });
    expect(await ids(10)).toEqual(more);
  });

  it('are for a run that waits until now as for one that is queued', async () => {
    const { queued, claim, cap } = house();
    await cap(1);
    const [a, b] = (await queued(2, { permitKey: '' })) as [string, string];
    await claim(10);
    await database.pool.query(
      `UPDATE runs SET status = 'waiting', worker = NULL, due_at = clock_timestamp() - interval '1 second' WHERE id = $1`,
      [a],
    );
    // The one that waited is older: it goes first when both want the place.
    expect((await claim(10)).runs.map(({ id }) => id)).toEqual([b]);
    await database.pool.query(`UPDATE runs SET status = 'completed', worker = NULL WHERE id = $1`, [b]);
    const { runs } = await claim(10);
    expect(runs).toMatchObject([{ id: a, due_at: expect.any(Number) as number }]);
  });

  it('are not for a run that is to be canceled: it is claimed beside them, once, and takes none', async () => {
    const { queued, claim, cap, held } = house();
    await cap(1);
    const [a, b, c] = (await queued(3, { permitKey: '' })) as [string, string, string];
    expect((await claim(10)).runs).toMatchObject([{ id: a, only_ends: false }]);
    const cancel = { tenant: 'acme', kind: 'cancel.requested', dedupeKey: 'cancel', payload: null } as const;
    for (const runId of [a, c]) await appendInbox(sql, { ...cancel, runId });
    expect((await claim(10)).runs).toMatchObject([{ id: c, only_ends: true }]);
    expect(await held()).toEqual([a]);
    await database.pool.query(`UPDATE runs SET status = 'queued', worker = NULL WHERE id = ANY($1)`, [[a, c]]);
    // Where there is room the oldest has it.
    const { runs } = await claim(10);
    expect(runs.map(({ id, only_ends }) => [id, only_ends]).sort()).toEqual([
      [a, false],
      [c, true],
    ]);
    await appendInbox(sql, { ...cancel, runId: b });
    expect((await claim(10)).runs).toMatchObject([{ id: b, only_ends: true }]);
    expect(await held()).toEqual([a]);
  });

  it('of a run that is not at work are found by the sweep', async () => {
    const { workflow, queued, ids, cap, held } = house();
    await cap(2);
    const [a] = await queued(2, { permitKey: 'k' });
    await ids(1);
    await database.pool.query(`INSERT INTO permits VALUES ('acme', $1, 'k', 2, $2, 'wait')`, [workflow, uuidV7()]);
    expect(await ids(10)).toEqual([]);
    expect(await sweepPermits(sql)).toMatchObject([{ tenant: 'acme', workflow, key: 'k' }]);
    expect(await held()).toEqual([a]);
    expect(await sweepPermits(sql)).toEqual([]);
  });
});

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** Rows of runs that a plan has looked at, those that it dropped included. */
function runsRead(node: PlanNode): number {
  const isScan = /^runs/.test(node['Relation Name'] ?? '') && node.Plans === undefined;
  const own = isScan ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'] : 0;
  return own + (node.Plans ?? []).reduce((sum, inner) => sum + runsRead(inner), 0);
}
