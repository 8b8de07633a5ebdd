/** A limit of a tenant holds for real workers: for starts that they would take at once, for what is queued, and across processes. */
import { RunStatus } from '@stepwell/contracts';
import { workflow } from '@stepwell/sdk';
import { pgSql, setTenantShare } from '@stepwell/storage';
import { type Engine, startEngine, until } from './engine.js';
import { type Gate, gate } from './standing-between.js';

const LIMIT = 2;

let door: Gate = gate();
const one = workflow('one', { version: 1 }).then('hold', () => door.opened);
const two = workflow('two', { version: 1 })
  .then('hold', () => door.opened)
  .wait('1ms')
  .then('again', () => null);

describe('a tenant with a limit', () => {
  let engine: Engine;
  beforeEach(async () => {
    door = gate();
    // Nothing is found by a sweep: places that become free are told.
    engine = await startEngine({ workflows: [one, two], idle: true, worker: { sweepMs: 600_000 } });
    await setTenantShare(pgSql(engine.database.pool), { tenant: 'small', weight: 1, atWork: LIMIT });
  });
  afterEach(async () => {
    door.open();
    await engine.close();
  });

  it('never has more at work, of whatever workflow and on whatever worker, and comes to its end', async () => {
    const workers = [await engine.spawn({ idle: false }), await engine.spawn({ idle: false })];
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) {
      const request = { tenant: 'small', workflow: index % 3 === 0 ? 'two' : 'one', input: null, actor: null };
      ids.push((await workers[index % 2]?.runs.start(request))?.runId ?? '');
    }
    const { runId } = (await workers[0]?.runs.start({ tenant: 'other', workflow: 'one', input: null, actor: null })) ?? { runId: '' };
    const running = () =>
      engine.query<{ id: string }>(`SELECT id FROM runs WHERE status = 'running' AND tenant = 'small'`).then((rows) => rows.length);
    await until(running, (count) => count === LIMIT, 'As many as may should be at work');
    // Where two workers claim at one moment it may queue until the next claim.
    await engine.waitFor(runId, RunStatus.running);
    expect(await engine.query(`SELECT FROM runs WHERE status = 'queued' AND tenant = 'small'`)).toHaveLength(ids.length - LIMIT);
    let most = 0;
    door.open();
    await until(
      async () => {
        most = Math.max(most, await running());
        return engine.query(`SELECT FROM runs WHERE status = 'completed' AND tenant = 'small'`);
      },
      (rows) => rows.length === ids.length,
      'All should end',
    );
    expect(most).toBeLessThanOrEqual(LIMIT);
    for (const id of ids) expect(await engine.row(id)).toMatchObject({ status: RunStatus.completed });
  });
});
