/** Children that the worker of their parent takes without a claim: what bounds and stops other runs bounds and stops them, and none is forgotten. */
import { RunStatus } from '@stepwell/contracts';
import { UnknownOutcomeError } from '@stepwell/engine';
import { EventLoop, EventRouter } from '@stepwell/events';
import { workflow } from '@stepwell/sdk';
import { pgSql, type PostgresCommitter, postgresEventStore, setTenantShare } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { NoFeed } from './no-feed.js';
import type { Process } from './process.js';
import { gate, type Gate, StandingBetween } from './standing-between.js';

const CHILDREN = 12;
const LIMIT = 2;
const BORN = 'child.started';

let door: Gate = gate();
const plain = workflow<number>('plain', { version: 1 }).then('hold', (ctx) => door.opened.then(() => ctx.input));
const capped = workflow<number>('capped', { version: 1, concurrency: { limit: LIMIT } }).then('hold', () => door.opened);
const all = { concurrency: 1_000 };
const numbers = () => Array.from({ length: CHILDREN }, (_, index) => index);
const many = workflow('many', { version: 1 }).forEach(numbers, (each, of) => each.subWorkflow(plain, of), all);
const manyCapped = workflow('many-capped', { version: 1 }).forEach(numbers, (each, of) => each.subWorkflow(capped, of), all);
const one = workflow('one', { version: 1 }).subWorkflow(plain, () => 1);

describe('children that their worker takes', () => {
  const between = new StandingBetween();
  let engine: Engine;
  let loop: EventLoop;
  let onCommit: ((done: Promise<unknown>) => Promise<void>) | undefined;
  /** Its commit is under way while the answer is lost already. */
  const committer = (real: PostgresCommitter): PostgresCommitter => {
    const { commit, commitVia } = between.committer(real);
    return {
      commitVia,
      commit: async (one) => {
        const done = commit(one);
        if (one.children.length > 0) await onCommit?.(done);
        return done;
      },
    };
  };
  beforeEach(async () => {
    [door, onCommit] = [gate(), undefined];
    between.seen.length = 0;
    // Who stops has all the time that what is on its way takes.
    const worker = { drainMs: 60_000 };
    engine = await startEngine({ workflows: [plain, capped, many, manyCapped, one], sql: between.sql, committer, worker });
    loop = await listening(engine.process);
  });
  afterEach(async () => {
    door.open();
    await loop.stop();
    await engine.close();
  });

  const listening = async ({ pool, wakeUps }: Process): Promise<EventLoop> => {
    const events = new EventLoop(new EventRouter(postgresEventStore(pool), engine.catalog, wakeUps, new NoFeed()), wakeUps);
    await events.start();
    return events;
  };
  const childrenOf = (runId: string) =>
    engine.query<{ id: string; status: RunStatus; worker: string | null; epoch: number }>(
      'SELECT id, status, worker, epoch FROM runs WHERE cause_run = $1 ORDER BY id',
      [runId],
    );
  const running = (runId: string) => childrenOf(runId).then((rows) => rows.filter(({ status }) => status === RunStatus.running));
  const born = (runId: string) =>
    until(
      () => childrenOf(runId),
      ({ length }) => length === CHILDREN,
      'The children should be there',
    );
  const waitingForLocks = (count: number) =>
    until(
      () => engine.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`),
      ({ length }) => length === count,
      `So many should wait for a lock: ${count}`,
    );

  it('begin with its commit, and are claimed by nobody', async () => {
    const runId = await engine.start('many');
    const children = await born(runId);
    expect(new Set(children.map(({ status, worker, epoch }) => `${status} ${worker} ${epoch}`))).toEqual(
      new Set([`running ${engine.worker.incarnation} 1`]),
    );
    door.open();
    await engine.waitFor(runId, RunStatus.completed);
  });

  it('are never more at work than their tenant may have', async () => {
    await setTenantShare(pgSql(engine.database.pool), { tenant: TENANT, weight: 1, atWork: LIMIT });
    await engine.process.stop();
    await loop.stop();
    const second = await engine.spawn();
    loop = await listening(second);
    const { runId } = await second.runs.start({ tenant: TENANT, workflow: 'many', input: null, actor: null });
    await born(runId);
    let most = 0;
    const atWork = async () => {
      const rows = await engine.query(`SELECT FROM runs WHERE status = 'running'`);
      most = Math.max(most, rows.length);
      return most;
    };
    await until(atWork, (count) => count === LIMIT, 'As many as may should be at work');
    door.open();
    await until(
      async () => {
        await atWork();
        return (await engine.row(runId)).status;
      },
      (status) => status === RunStatus.completed,
      'All should end',
    );
    expect(most).toBe(LIMIT);
  });

  it('queue for their permits', async () => {
    const runId = await engine.start('many-capped');
    await born(runId);
    await until(
      () => running(runId),
      ({ length }) => length === LIMIT,
      'As many as may should be at work',
    );
    const holders = await engine.query<{ run_id: string }>('SELECT run_id FROM permits ORDER BY run_id');
    expect(holders.map(({ run_id }) => run_id)).toEqual((await running(runId)).map(({ id }) => id));
    door.open();
    await engine.waitFor(runId, RunStatus.completed);
  });

  it('go on elsewhere when it stops while they are on their way', async () => {
    const commit = between.hold('commit', BORN);
    const runId = await engine.start('many');
    await commit.arrived;
    const stopped = engine.process.stop();
    await loop.stop();
    commit.release();
    await born(runId);
    await stopped;
    const second = await engine.spawn();
    loop = await listening(second);
    door.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect((await childrenOf(runId)).every(({ epoch }) => epoch > 1)).toBe(true);
  });

  it('go on when it has lost the answer of a commit that comes to its end only later', async () => {
    onCommit = async (done) => {
      onCommit = undefined;
      done.catch(() => undefined);
      await waitingForLocks(1);
      throw new UnknownOutcomeError('The connection broke.');
    };
    const held = between.hold('commit', BORN);
    const runId = await engine.start('one');
    await held.arrived;
    const client = await engine.database.pool.connect();
    await client.query('BEGIN');
    await client.query('SELECT FROM runs WHERE id = $1 FOR UPDATE', [runId]);
    held.release();
    // The run is given back, which waits for the commit; and a look for what the commit may have begun finds nothing yet.
    await waitingForLocks(2);
    engine.worker.look();
    await until(
      () => between.seen,
      // It has been answered.
      (seen) => seen.slice(seen.indexOf('leased-to') + 1).some((name) => name.startsWith('claim-runs')) && seen.includes('leased-to'),
      'It should have been looked for',
    );
    await client.query('ROLLBACK');
    client.release();
    door.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await childrenOf(runId)).toMatchObject([{ status: RunStatus.completed, epoch: 3 }]);
  });
});
