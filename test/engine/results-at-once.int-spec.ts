import { RunStatus } from '@stepwell/contracts';
import { workflow } from '@stepwell/sdk';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { StandingBetween } from './standing-between.js';

const asked = new Map<string, string>();
const letter = workflow<unknown>('letter', { version: 1 }).then('ask', async (ctx) => {
  if (ctx.isResumed) return ctx.resumeData;
  const { id } = await ctx.createAsyncResult();
  asked.set(ctx.runId, id);
  return ctx.resumeWhenComplete(id);
});

describe('results that come at once', () => {
  let engine: Engine;
  const between = new StandingBetween();
  /** Nothing is asked by the clock. */
  const alone = { leaseMs: 600_000, sweepMs: 600_000 };
  afterEach(() => engine.close());

  const waiting = async (count: number): Promise<string[]> => {
    const ids = await Promise.all(Array.from({ length: count }, () => engine.start('letter')));
    await inStatus(ids, RunStatus.waiting);
    // Their rows say so before their worker has heard it, which has them until then.
    await until(
      () => engine.worker.activeRuns,
      (active) => active === 0,
      'The worker should have let go of them',
    );
    return ids;
  };
  const inStatus = (ids: readonly string[], status: RunStatus) =>
    until(
      () => engine.query('SELECT 1 FROM runs WHERE id = ANY($1) AND status <> $2', [[...ids], status]),
      (others) => others.length === 0,
      `All runs should be ${status}`,
    );
  const settle = (runId: string) =>
    engine.runs.settleAsyncResult({ tenant: TENANT, id: asked.get(runId) ?? '' }, { ok: true, value: runId });

  it('bring their runs together: no claim, nothing read, and few commits', async () => {
    engine = await startEngine({ workflows: [letter], sql: between.sql, worker: alone });
    const ids = await waiting(300);
    const before = between.seen.length;
    await Promise.all(ids.map(settle));
    await inStatus(ids, RunStatus.completed);
    const asking = between.seen.slice(before).filter((name) => name === 'claim-runs' || name.startsWith('read-'));
    expect(asking).toEqual([]);
    const ends = await engine.query<{ run_id: string; output: string; commit: string }>(
      `SELECT run_id, payload ->> 'output' AS output, xmin::text AS commit FROM journal WHERE type = 'run.ended' AND run_id = ANY($1)`,
      [ids],
    );
    expect(ends.filter(({ run_id, output }) => run_id !== output)).toEqual([]);
    expect(ends).toHaveLength(300);
    expect(new Set(ends.map(({ commit }) => commit)).size).toBeLessThan(10);
    expect(await engine.query('SELECT 1 FROM runs WHERE id = ANY($1) AND epoch <> 2', [ids])).toEqual([]);
  });

  it('are read with their runs where these have waited elsewhere, all in one', async () => {
    engine = await startEngine({ workflows: [letter], sql: between.sql, worker: { ...alone, keepShortFolds: 0 } });
    const ids = await waiting(300);
    const before = between.seen.length;
    await Promise.all(ids.map(settle));
    await inStatus(ids, RunStatus.completed);
    const asking = between.seen.slice(before).filter((name) => name === 'claim-runs' || name.startsWith('read-'));
    expect(asking).toEqual(['read-journals-that-fit']);
  });

  it('of more runs than there is room for: the rest queue, and come without a sweep', async () => {
    engine = await startEngine({ workflows: [letter], worker: { maxActive: 7 } });
    const ids = await waiting(60);
    await Promise.all(ids.map(settle));
    await inStatus(ids, RunStatus.completed);
  });

  it('that nobody waits for take no room for good', async () => {
    engine = await startEngine({ workflows: [letter], worker: { maxActive: 4 } });
    const ids = await waiting(8);
    await Promise.all(ids.map(settle));
    await inStatus(ids, RunStatus.completed);
    const refused = await Promise.allSettled([...ids, ...ids].map(settle));
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(['rejected']));
    await waiting(8);
  });
});
