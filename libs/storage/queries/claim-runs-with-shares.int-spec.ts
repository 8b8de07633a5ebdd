/** Weights are shares, by count; limits are never exceeded, whoever claims and whatever else keeps a run waiting. */
import type { Claim, ClaimRequest, NewRun } from '@stepwell/engine';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { pgSql, type Sql } from '../sql.js';
import { uuidV7 } from '../uuid-v7.js';
import { appendInbox } from './append-inbox.query.js';
import { CLAIM_RUNS_WITH_SHARES } from './claim-runs-with-shares.query.js';
import { claimRuns, nextDue } from './claim-runs.query.js';
import { insertRuns } from './insert-runs.query.js';
import { registerCaps } from './permits.query.js';
import { listTenantShares, resetTenantShare, setTenantShare } from './tenant-shares.query.js';

/** A number that no other lock has. */
const DOOR = 4_207_001;

let database: TestDatabase;
let sql: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  sql = pgSql(database.pool);
});
afterAll(() => database.drop());

/** A queue and tenants of its own for each test; a tenant is named in it by a letter. */
function house() {
  const mark = uuidV7();
  const queue = `queue-${mark}`;
  const workflow = `workflow-${mark}`;
  const nameOf = (letter: string) => `${letter}-${mark}`;
  const queued = async (letter: string, count: number, more: Partial<NewRun> = {}): Promise<string[]> => {
    const ids = Array.from({ length: count }, () => uuidV7());
    const why = { startedBy: 'api', actor: null, causeEvent: null, causeRun: null, key: null, input: 'null' } as const;
    const run = { tenant: nameOf(letter), workflow, version: 1, queue, worker: null, priority: 0, permitKey: null };
    await insertRuns(
      sql,
      ids.map((id) => ({ ...run, ...why, ...more, id })),
    );
    return ids;
  };
  const share = (letter: string, { weight = 1, atWork = null }: { weight?: number; atWork?: number | null }) =>
    setTenantShare(sql, { tenant: nameOf(letter), weight, atWork });
  const request = (limit: number): ClaimRequest => ({ worker: uuidV7(), queues: [queue], needs: [`${workflow}@1`], limit, isCapped: true, hasShares: true }); // prettier-ignore
  const claim = (limit: number, more: Partial<ClaimRequest> = {}) => claimRuns(sql, { ...request(limit), ...more });
  const letters = ({ runs }: Claim) => runs.map(({ tenant }) => tenant.charAt(0));
  /** Claims one after the other, as a worker does, each beginning where the last one ended. @returns how many of each tenant */
  const worked = async (limits: readonly number[]) => {
    const counts: Record<string, number> = {};
    let [after, left]: [string | null, number] = [null, 0];
    for (const limit of limits) {
      const found = await claim(limit, { after, left });
      expect(found.runs.length).toBeLessThanOrEqual(limit);
      for (const letter of letters(found)) counts[letter] = (counts[letter] ?? 0) + 1;
      [after, left] = [found.walkedTo, found.left ?? 0];
    }
    return counts;
  };
  const end = (ids: readonly string[]) =>
    database.pool.query(`UPDATE runs SET status = 'completed', worker = NULL WHERE id = ANY($1)`, [ids]);
  const atWork = async (letter: string) =>
    (await database.pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM runs WHERE tenant = $1 AND status = 'running'`, [nameOf(letter)])).rows[0]?.count; // prettier-ignore
  return { queue, workflow, nameOf, queued, share, request, claim, letters, worked, end, atWork };
}

describe('a weight', () => {
  it('leaves no queue of a worker for last, however much is in another', async () => {
    const { queue, queued, share, claim, letters } = house();
    await share('a', { weight: 3 });
    await queued('a', 100);
    await queued('b', 2, { queue: `${queue}-z` });
    expect(letters(await claim(10, { queues: [queue, `${queue}-z`] })).sort()).toEqual([...'aaaaaabb']);
    for (let index = 0; index < 6; index++) expect((await claim(1, { queues: [queue, `${queue}-z`], turn: index })).runs).toHaveLength(1);
  });

  it.each([
    ['large claims', Array.from({ length: 4 }, () => 40)],
    ['claims of one', Array.from({ length: 160 }, () => 1)],
    ['claims of two', Array.from({ length: 80 }, () => 2)],
    ['claims of seven and of three', Array.from({ length: 32 }, (_, index) => (index % 2 ? 3 : 7))],
  ])('of 3 is three runs for one, while both have queued runs, by %s', async (_, limits) => {
    const { queued, share, worked } = house();
    await queued('a', 200);
    await queued('b', 200);
    await share('b', { weight: 3 });
    const { a = 0, b = 0 } = await worked(limits);
    expect(a + b).toBeGreaterThan(100);
    // At most a turn ahead, or behind.
    expect(Math.abs(b - 3 * a)).toBeLessThanOrEqual(3);
  });

  it('holds among more tenants than there is room for, and none starves', async () => {
    const { queued, share, worked } = house();
    for (const letter of ['a', 'b', 'c', 'd', 'e']) await queued(letter, 100);
    await share('c', { weight: 5 });
    // Nine a round.
    expect(await worked(Array.from({ length: 30 }, () => 3))).toEqual({ a: 10, b: 10, c: 50, d: 10, e: 10 });
  });

  it('that a tenant has no runs for is the others’', async () => {
    const { queued, share, claim, letters } = house();
    await queued('a', 50);
    await queued('b', 2);
    await share('b', { weight: 100 });
    const first = await claim(20);
    const second = await claim(20, { after: first.walkedTo, left: first.left ?? 0 });
    expect([...letters(first), ...letters(second)].filter((letter) => letter === 'b')).toHaveLength(2);
    expect(first.hasRest).toBe(true);
    expect(second.runs.length).toBeGreaterThan(15);
  });

  it('changes nothing where nobody has one: equal parts, and all in the end', async () => {
    const { queued, claim, letters } = house();
    for (const letter of ['a', 'b']) await queued(letter, 30);
    const first = await claim(20);
    expect(letters(first).sort().join('')).toBe('a'.repeat(10) + 'b'.repeat(10));
    const sizes = [first.runs.length];
    for (let one = first; one.hasRest; sizes.push(one.runs.length)) one = await claim(20, { after: one.walkedTo, left: one.left ?? 0 });
    expect(sizes.reduce((sum, size) => sum + size)).toBe(60);
  });
});

describe('a limit', () => {
  it('lets so many be at work, queues the others, and keeps nobody looking', async () => {
    const { queued, share, claim, letters, end } = house();
    await share('a', { atWork: 3 });
    const mine = await queued('a', 6);
    await queued('b', 2);
    const first = await claim(10);
    expect(letters(first).sort().join('')).toBe('aaabb');
    expect(await claim(10)).toMatchObject({ runs: [], hasRest: false });
    await end(mine.slice(0, 2));
    expect((await claim(10)).runs.map(({ id }) => id).sort()).toEqual(mine.slice(3, 5));
    expect((await claim(10)).runs).toEqual([]);
  });

  it('takes the higher priorities first, as far as it goes', async () => {
    const { queued, share, claim } = house();
    await share('a', { atWork: 2, weight: 10 });
    await queued('a', 5);
    const urgent = await queued('a', 2, { priority: 3 });
    expect((await claim(20)).runs.map(({ id }) => id).sort()).toEqual(urgent);
  });

  it('counts runs of all queues, also those that one claim takes together', async () => {
    const { queue, queued, share, request, atWork } = house();
    await share('a', { atWork: 3 });
    await queued('a', 5);
    await queued('a', 5, { queue: `${queue}-2` });
    await claimRuns(sql, { ...request(20), queues: [queue, `${queue}-2`] });
    expect(await atWork('a')).toBe(3);
    await claimRuns(sql, { ...request(20), queues: [`${queue}-2`] });
    expect(await atWork('a')).toBe(3);
  });

  it('counts runs whose timer is due, runs under a cap, and both together', async () => {
    const { workflow, queued, share, claim, atWork } = house();
    await registerCaps(sql, [{ workflow, capacity: 3, heldUntil: 'wait' }]);
    await share('a', { atWork: 4 });
    const due = await queued('a', 5);
    await database.pool.query(`UPDATE runs SET status = 'waiting', due_at = clock_timestamp() WHERE id = ANY($1)`, [due]);
    for (const permitKey of ['x', 'y', 'z']) await queued('a', 3, { permitKey });
    let sizes = 0;
    for (let index = 0; index < 6; index++) sizes += (await claim(20, { turn: index })).runs.length;
    expect([sizes, await atWork('a')]).toEqual([4, 4]);
    const { rows } = await database.pool.query('SELECT FROM permits p JOIN runs r ON r.id = p.run_id WHERE p.workflow = $1 AND r.status <> \'running\'', [workflow]); // prettier-ignore
    expect(rows).toEqual([]);
  });

  it('is for singletons that go on, too, and for no run that is only to end', async () => {
    const { workflow, queued, share, claim, atWork } = house();
    await registerCaps(sql, [{ workflow, capacity: 1, heldUntil: 'end' }]);
    const [one, two] = (await queued('a', 2, { permitKey: 'k' })) as [string, string];
    await claim(5);
    await database.pool.query(`UPDATE runs SET status = 'queued', worker = NULL WHERE id = $1`, [one]);
    await share('a', { atWork: 1 });
    const [plain] = await queued('a', 1);
    await database.pool.query(`UPDATE runs SET status = 'running', worker = new_id() WHERE id = $1`, [plain]);
    expect((await claim(5)).runs).toEqual([]);
    await appendInbox(sql, { tenant: (await claimant(two)), runId: two, kind: 'cancel.requested', dedupeKey: 'cancel', payload: null }); // prettier-ignore
    expect((await claim(5)).runs).toMatchObject([{ id: two, only_ends: true }]);
    expect(await atWork('a')).toBe(2);
  });

  const claimant = async (id: string) =>
    (await database.pool.query<{ tenant: string }>('SELECT tenant FROM runs WHERE id = $1', [id])).rows[0]?.tenant ?? '';

  it('holds against a claim whose snapshot is older than the commit of another one', async () => {
    const { queued, share, request, claim, atWork } = house();
    await share('a', { atWork: 2 });
    await queued('a', 6);
    const [keeper, late] = [await database.pool.connect(), await database.pool.connect()];
    try {
      await keeper.query('SELECT pg_advisory_lock($1)', [DOOR]);
      // It stands still between its snapshot and its lock.
      const text = CLAIM_RUNS_WITH_SHARES.text.replace(
        'WHERE at_work IS NOT NULL ORDER BY tenant FOR NO KEY UPDATE SKIP LOCKED',
        `WHERE at_work IS NOT NULL AND pg_advisory_xact_lock_shared(${DOOR})::text = '' ORDER BY tenant FOR NO KEY UPDATE SKIP LOCKED`,
      );
      expect(text).not.toBe(CLAIM_RUNS_WITH_SHARES.text);
      const { worker, queues, needs, limit } = request(10);
      const claiming = late.query<{ id: string | null; has_rest: boolean }>(text, [worker, queues, needs, limit, '', 0, 0]);
      await stands();
      expect((await claim(10)).runs).toHaveLength(2);
      await keeper.query('SELECT pg_advisory_unlock($1)', [DOOR]);
      const { rows } = await claiming;
      expect(rows.filter(({ id }) => id !== null)).toEqual([]);
      // It has not looked at that tenant, so somebody has to.
      expect(rows[0]?.has_rest).toBe(true);
      expect(await atWork('a')).toBe(2);
    } finally {
      keeper.release();
      late.release();
    }
  });

  async function stands(): Promise<void> {
    for (;;) {
      const { rows } = await database.pool.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND NOT granted`, [DOOR]);
      if (rows.length > 0) return;
    }
  }

  it('is never exceeded by many who claim at once, and all come to their turn', async () => {
    const { queued, share, claim, end, atWork } = house();
    await share('a', { atWork: 5 });
    const all = new Set(await queued('a', 60));
    for (let round = 0; all.size > 0 && round < 300; round++) {
      const found = (await Promise.all(Array.from({ length: 6 }, () => claim(10)))).flatMap(({ runs }) => runs.map(({ id }) => id));
      expect(await atWork('a')).toBeLessThanOrEqual(5);
      await end(found);
      for (const id of found) all.delete(id);
    }
    expect(all.size).toBe(0);
  });
});

describe('what an operator gives to tenants', () => {
  it('is told to workers with the next timer, and gone when it is taken back', async () => {
    const { nameOf, share } = house();
    const ask = async () => (await nextDue(sql, ['nowhere'], { ordinary: [], inIsolation: [] })).shares;
    await share('a', { weight: 2 });
    await share('b', { atWork: 7 });
    expect(await ask()).toMatchObject({ areThere: true, limited: expect.arrayContaining([nameOf('b')]) as string[] });
    expect((await ask()).limited).not.toContain(nameOf('a'));
    expect(await listTenantShares(sql)).toEqual(expect.arrayContaining([{ tenant: nameOf('a'), weight: 2, atWork: null }, { tenant: nameOf('b'), weight: 1, atWork: 7 }])); // prettier-ignore
    for (const { tenant } of await listTenantShares(sql)) await resetTenantShare(sql, tenant);
    expect(await ask()).toEqual({ areThere: false, limited: [] });
  });

  it.each([
    [{ tenant: '', weight: 1, atWork: null }],
    [{ tenant: 'a', weight: 0, atWork: null }],
    [{ tenant: 'a', weight: 101, atWork: null }],
    [{ tenant: 'a', weight: 1.5, atWork: null }],
    [{ tenant: 'a', weight: Number.NaN, atWork: null }],
    [{ tenant: 'a', weight: 1, atWork: 0 }],
    [{ tenant: 'a', weight: 1, atWork: 2 ** 31 }],
  ])('is refused when it is none: %j', async (share) => {
    await expect(setTenantShare(sql, share)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
