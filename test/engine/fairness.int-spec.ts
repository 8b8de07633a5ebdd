/** What a tenant with a backlog takes from the others: not the places of a worker, not their turn in the claim, not their turn in the commit. */
import { RunStatus } from '@stepwell/contracts';
import { workflow } from '@stepwell/sdk';
import { type Engine, startEngine, until } from './engine.js';
import { type Gate, gate, StandingBetween } from './standing-between.js';

const MAX_ACTIVE = 40;

let door: Gate = gate();
const held = workflow('held', { version: 1 }).then('hold', () => door.opened);
const quick = workflow('quick', { version: 1 }).then('do', () => ({ ok: true }));

describe('beside a tenant that has more runs than its worker has places', () => {
  let engine: Engine;
  beforeEach(async () => {
    door = gate();
    engine = await startEngine({ workflows: [held, quick], worker: { maxActive: MAX_ACTIVE } });
  });
  afterEach(async () => {
    door.open();
    await engine.close();
  });

  const start = async (tenant: string, what: string) =>
    (await engine.runs.start({ tenant, workflow: what, input: null, actor: null })).runId;
  const countOf = async (status: RunStatus) =>
    (await engine.query<{ count: number }>(`SELECT count(*)::int AS count FROM runs WHERE status = $1 AND workflow = 'held'`, [status]))[0]
      ?.count;
  const fill = async (tenant: string) => {
    for (let index = 0; index < 3 * MAX_ACTIVE; index++) await start(tenant, 'held');
    await until(() => countOf('running'), (count) => (count ?? 0) >= MAX_ACTIVE, 'The worker should be full'); // prettier-ignore
  };

  it('another tenant’s run is taken at once, although all places are held and more runs are queued', async () => {
    await fill('noisy');
    const mine = await start('quiet', 'quick');
    expect((await engine.waitFor(mine, RunStatus.completed)).epoch).toBe(1);
    expect(await countOf('queued')).toBeGreaterThan(0);
  });

  it('its own next run goes behind its others, and it never has more than the places', async () => {
    await fill('noisy');
    const next = await start('noisy', 'quick');
    await engine.waitFor(await start('quiet', 'quick'), RunStatus.completed);
    expect(await engine.row(next)).toMatchObject({ status: 'queued', epoch: 0 });
    expect(await countOf('running')).toBe(MAX_ACTIVE);
    door.open();
    await engine.waitFor(next, RunStatus.completed);
  });

  it('the few places beside those are no way in for one that has them already', async () => {
    await fill('noisy');
    // As many as there are, of a tenant that then holds them.
    const own = [await start('third', 'held'), await start('third', 'held')];
    const more = await start('third', 'held');
    const running = await until(
      () => Promise.all(own.map((id) => engine.row(id))),
      (rows) => rows.every(({ status }) => status === 'running'),
      'They should be at work',
    );
    expect(running).toHaveLength(MAX_ACTIVE / 20);
    expect(await engine.row(more)).toMatchObject({ status: 'queued' });
  });
});

it('what is queued while a worker claims a backlog is claimed beside that, and has ended before the large claim has', async () => {
  const engine = await startEngine({ workflows: [quick], idle: true });
  const between = new StandingBetween();
  const start = (tenant: string) => engine.runs.start({ tenant, workflow: 'quick', input: null, actor: null });
  await Promise.all(Array.from({ length: 700 }, () => start('noisy')));
  const first = between.hold('claim-runs');
  const { wakeUps } = await engine.spawn({ idle: false, sql: between.sql, worker: { maxActive: 640 } });
  await first.arrived;
  const second = between.hold('claim-runs');
  first.release();
  try {
    await second.arrived;
    const { runId } = await start('quiet');
    wakeUps.wake(['default']);
    await engine.waitFor(runId, RunStatus.completed);
    second.release();
    await until(
      () => engine.query(`SELECT FROM runs WHERE status <> 'completed'`),
      (rows) => rows.length === 0,
      'All should end',
    );
  } finally {
    second.release();
    await engine.close();
  }
});
