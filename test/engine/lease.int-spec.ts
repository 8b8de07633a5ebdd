import { RunStatus } from '@stepwell/contracts';
import { workflow } from '@stepwell/sdk';
import { insertRuns, pgSql, takeOver, uuidV7 } from '@stepwell/storage';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import { HeldTimers } from './held-timers.js';
import type { Process } from './process.js';
import { type Gate, gate, StandingBetween } from './standing-between.js';

const doors = new Map<string, { begun: Gate; mayEnd: Gate; entries: number; aborted: boolean }>();
const doorOf = (runId: string) => {
  const door = doors.get(runId) ?? { begun: gate(), mayEnd: gate(), entries: 0, aborted: false };
  doors.set(runId, door);
  return door;
};

const nexts = new Set<string>();
const plain = workflow<unknown>('plain', { version: 1 }).then('one', () => 1);
const slow = workflow<unknown>('slow', { version: 1 })
  .then('work', async (ctx) => {
    const door = doorOf(ctx.runId);
    door.entries++;
    ctx.signal.addEventListener('abort', () => (door.aborted = true));
    door.begun.open();
    if (door.entries === 1) await door.mayEnd.opened;
    return door.entries;
  })
  .then('next', (ctx) => {
    nexts.add(ctx.runId);
    return 'next';
  });

const away = () => new Error('Connection terminated unexpectedly');

/** The next heartbeat comes through, and those behind it fail. */
function oneHeartbeat(between: StandingBetween): void {
  between.hold('heartbeat').release();
  between.fail('heartbeat', away);
}

describe('leases', () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await startEngine({ workflows: [plain, slow], worker: { reportMs: 20 } });
  });
  afterEach(() => engine.close());

  const startAt = async (process: Process, name: string) =>
    (await process.runs.start({ tenant: TENANT, workflow: name, input: null, actor: null })).runId;
  /** As if nothing had been heard of it for longer than its lease. */
  const expire = ({ worker }: Process) =>
    engine.query(`UPDATE workers SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1`, [worker.incarnation]);
  const foreignRuns = (worker: string, count: number) => {
    const ids = Array.from({ length: count }, () => uuidV7());
    const runs = ids.map((id) => ({
      tenant: TENANT,
      id,
      workflow: 'plain',
      version: 1,
      queue: 'default',
      worker,
      startedBy: 'api' as const,
      actor: null,
      causeEvent: null,
      causeRun: null,
      key: null,
      input: '1',
      priority: 0,
      permitKey: null,
    }));
    return insertRuns(pgSql(engine.database.pool), runs).then(() => ids);
  };

  it('of a worker that says nothing any more pass to another one by its sweep, with a new epoch', async () => {
    const between = new StandingBetween();
    // Its next heartbeat is due in minutes.
    const frozen = await engine.spawn({ worker: { leaseMs: 600_000 }, sql: between.sql });
    await engine.worker.stop();
    const runId = await startAt(frozen, 'slow');
    await doorOf(runId).begun.opened;
    // It would claim the run again, and die with it once more.
    between.fail('claim-runs', () => new Error('frozen'));
    await expire(frozen);
    await engine.spawn({ worker: { sweepMs: 50, leaseMs: 1_500 } });
    await engine.waitFor(runId, RunStatus.completed);
    // Of the take-over, and of the claim; and of those that follow when the other one is not sure of its lease for a moment.
    expect((await engine.row(runId)).epoch).toBeGreaterThanOrEqual(3);
    expect(await engine.output(runId)).toBe('next');
    doorOf(runId).mayEnd.open();
  });

  it('pass on at a heartbeat of another one, however far away its sweep is', async () => {
    await engine.worker.stop();
    const [leaseMs, sweepMs] = [1_500, 3_600_000];
    const judge = await engine.spawn({ worker: { leaseMs, sweepMs } });
    const between = new StandingBetween();
    // Its next heartbeat is due in minutes.
    const frozen = await engine.spawn({ worker: { leaseMs: 600_000, sweepMs }, sql: between.sql });
    // Else it would look for the dead because it may judge from now on.
    await until(
      () =>
        engine.query('SELECT 1 FROM workers WHERE id = $1 AND heard_at - heard_since > $2::interval', [
          judge.worker.incarnation,
          `${leaseMs} ms`,
        ]),
      (rows) => rows.length > 0,
      'It should have been heard for a lease',
    );
    const runId = await startAt(frozen, 'slow');
    await doorOf(runId).begun.opened;
    between.fail('claim-runs', () => new Error('frozen'));
    await expire(frozen);
    await engine.waitFor(runId, RunStatus.completed);
    doorOf(runId).mayEnd.open();
  });

  it('that were lost end the incarnation: it drops its runs, tells their handlers, and goes on under a new name', async () => {
    const tired = await engine.spawn({ worker: { leaseMs: 600 } });
    await engine.worker.stop();
    const before = tired.worker.incarnation;
    const runId = await startAt(tired, 'slow');
    await doorOf(runId).begun.opened;
    await engine.query('UPDATE workers SET ended_at = clock_timestamp() WHERE id = $1', [before]);
    await until(
      () => doorOf(runId).aborted,
      (aborted) => aborted,
      'The handler should be told',
    );
    await until(
      () => tired.worker.incarnation,
      (id) => id !== before,
      'It should begin anew',
    );
    expect((await engine.row(runId)).worker).toBe(before);
    await engine.spawn({ worker: { sweepMs: 50 } });
    await engine.waitFor(runId, RunStatus.completed);
    doorOf(runId).mayEnd.open();
    expect(await engine.output(await startAt(tired, 'plain').then(async (id) => (await engine.waitFor(id, RunStatus.completed)).id))).toBe(
      1,
    );
  });

  it('of workers that ended long ago, or that nobody knows, are taken over too', async () => {
    const gone = uuidV7();
    await engine.query(`INSERT INTO workers (id, host, pid, roles, queues, expires_at, ended_at) VALUES ($1, 'x', 1, '{}', '{}', $2, $2)`, [
      gone,
      new Date(0),
    ]);
    const runs = [...(await foreignRuns(gone, 3)), ...(await foreignRuns(uuidV7(), 3))];
    await engine.spawn();
    for (const runId of runs) await engine.waitFor(runId, RunStatus.completed);
  });

  it('of a worker that began meanwhile are not taken by a sweep that does not know it yet', async () => {
    const [runId] = (await foreignRuns(uuidV7(), 1)) as [string];
    const living = uuidV7();
    const blocker = await engine.database.pool.connect();
    // A dead worker's row is locked, so that the sweep stops after its snapshot was taken.
    const dead = uuidV7();
    const register = `INSERT INTO workers (id, host, pid, roles, queues, expires_at) VALUES ($1, 'x', 1, '{}', '{}', clock_timestamp() + $2::interval)`;
    await engine.query(register, [dead, '-1 minute']);
    await blocker.query('BEGIN');
    await blocker.query('SELECT 1 FROM workers WHERE id = $1 FOR UPDATE', [dead]);
    const sweep = takeOver(pgSql(engine.database.pool), 500, engine.worker.incarnation);
    const blocked = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%take-over-runs%'`;
    await until(
      () => engine.query(blocked),
      (rows) => rows.length > 0,
      'The sweep should wait',
    );
    await engine.query(register, [living, '1 minute']);
    await engine.query('UPDATE runs SET worker = $2, epoch = epoch + 1 WHERE id = $1', [runId, living]);
    await blocker.query('COMMIT');
    blocker.release();
    await sweep;
    expect(await engine.row(runId)).toMatchObject({ status: RunStatus.running, worker: living, epoch: 2 });
  });

  it('that are not sure let nothing begin: what was committed stays, what follows begins when they are sure again', async () => {
    const between = new StandingBetween();
    await engine.worker.stop();
    const unsure = await engine.spawn({ worker: { leaseMs: 600 }, sql: between.sql });
    const runId = await startAt(unsure, 'slow');
    await doorOf(runId).begun.opened;
    const heal = between.fail('heartbeat', away);
    const beats = () => between.seen.filter((name) => name === 'heartbeat').length;
    const before = beats();
    // Three beats make a lease, each of which is tried once more.
    await until(beats, (count) => count >= before + 8, 'The lease should be unsure');
    doorOf(runId).mayEnd.open();
    await until(
      () => unsure.log.map(({ fields }) => String(fields['error'])),
      (errors) => errors.some((error) => error.includes('The lease may have been lost')),
      'The run should be dropped',
    );
    expect(await engine.types(runId)).toContain('step.completed');
    expect(nexts.has(runId)).toBe(false);
    heal();
    await engine.waitFor(runId, RunStatus.completed);
    expect(doorOf(runId).entries).toBe(1);
  });

  it('that have all run out while the database was away cost no living worker its runs', async () => {
    const [ofVictim, ofJudge] = [new StandingBetween(), new StandingBetween()];
    // Both beat every half second.
    const victim = await engine.spawn({ worker: { leaseMs: 1_500 }, sql: ofVictim.sql });
    await engine.worker.stop();
    const runId = await startAt(victim, 'slow');
    await doorOf(runId).begun.opened;
    const { epoch } = await engine.row(runId);
    const judge = await engine.spawn({ worker: { leaseMs: 1_500, sweepMs: 20 }, sql: ofJudge.sql });
    const back = [ofJudge.fail('take-over-runs', away), ofJudge.fail('heartbeat', away)];
    const victimIsBack = ofVictim.fail('heartbeat', away);
    const living = 'SELECT 1 FROM workers WHERE ended_at IS NULL AND expires_at >= clock_timestamp()';
    await until(
      () => engine.query(living),
      (rows) => rows.length === 0,
      'All leases should run out',
    );
    for (const isBack of back) isBack();
    // The worker that sweeps is the first to be back. Once only: when it was heard for a whole lease, whoever was not is dead.
    oneHeartbeat(ofJudge);
    const isHeard = (worker: Process['worker']) => engine.query(`${living} AND id = $1`, [worker.incarnation]);
    await until(
      () => isHeard(judge.worker),
      (rows) => rows.length === 1,
      'It should beat again',
    );
    const sweeps = () => ofJudge.seen.filter((name) => name === 'take-over-dispatches').length;
    const before = sweeps();
    await until(sweeps, (count) => count >= before + 3, 'It should sweep');
    victimIsBack();
    await until(
      () => isHeard(victim.worker),
      (rows) => rows.length === 1,
      'The other one should be heard again',
    );
    expect(await engine.row(runId)).toMatchObject({ status: RunStatus.running, worker: victim.worker.incarnation, epoch });
    doorOf(runId).mayEnd.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect(doorOf(runId)).toMatchObject({ entries: 1, aborted: false });
  });

  it('that have run out behind one broken wire cost no living worker its runs, although others were heard all the time', async () => {
    // Each beats every two seconds.
    const options = { leaseMs: 6_000, sweepMs: 60_000 };
    const [ofOther, ofVictim, ofJudge] = [new StandingBetween(), new StandingBetween(), new StandingBetween()];
    await engine.spawn({ worker: options, sql: ofOther.sql });
    // It is heard, and takes nothing over: it might rightly judge who is silent for so long.
    const mayTakeOver = ofOther.fail('take-over-runs', away);
    const victim = await engine.spawn({ worker: options, sql: ofVictim.sql });
    const judge = await engine.spawn({ worker: { ...options, sweepMs: 20 }, sql: ofJudge.sql });
    await engine.worker.stop();
    const runId = await startAt(victim, 'slow');
    await doorOf(runId).begun.opened;
    const { epoch } = await engine.row(runId);
    const isBack = ofJudge.fail('heartbeat', away);
    const victimIsBack = ofVictim.fail('heartbeat', away);
    const expired = 'SELECT 1 FROM workers WHERE ended_at IS NULL AND expires_at < clock_timestamp() AND id = ANY($1)';
    await until(
      () => engine.query(expired, [[victim, judge].map(({ worker }) => worker.incarnation)]),
      (rows) => rows.length === 2,
      'Both leases should run out',
    );
    isBack();
    // Once only: with its next heartbeat it may go by what the other one has heard.
    oneHeartbeat(ofJudge);
    await until(
      () => engine.query(expired, [[judge.worker.incarnation]]),
      (rows) => rows.length === 0,
      'The one that sweeps should be heard again',
    );
    const sweeps = () => ofJudge.seen.filter((name) => name === 'take-over-dispatches').length;
    const before = sweeps();
    await until(sweeps, (count) => count >= before + 3, 'It should sweep');
    expect(await engine.row(runId)).toMatchObject({ status: RunStatus.running, worker: victim.worker.incarnation, epoch });
    victimIsBack();
    doorOf(runId).mayEnd.open();
    await engine.waitFor(runId, RunStatus.completed);
    mayTakeOver();
  });

  it('are renewed once more soon when that has failed, so that nobody takes the worker for one that was cut off', async () => {
    const between = new StandingBetween();
    // A third of the lease between two heartbeats, and a quarter of that until the second try of one; what is more than half of the lease apart is a gap.
    const [beatMs, againMs] = [200_000, 50_000];
    const timers = new HeldTimers(beatMs, againMs);
    const { worker } = await engine.spawn({ worker: { leaseMs: 600_000 }, sql: between.sql, timers });
    const heard = async () => (await engine.query<{ at: Date; since: Date }>('SELECT heard_at AS at, heard_since AS since FROM workers WHERE id = $1', [worker.incarnation]))[0]; // prettier-ignore
    const before = await heard();
    between.fail('heartbeat', away, 1);
    timers.ring(beatMs);
    await until(() => timers.count(againMs), (count) => count === 1, 'It should be tried again'); // prettier-ignore
    timers.ring(againMs);
    const after = await until(heard, (row) => row?.at.getTime() !== before?.at.getTime(), 'It should be heard');
    // What others have known for longer is handed on to it, too.
    expect(after?.since.getTime()).toBeLessThanOrEqual(before?.since.getTime() ?? NaN);
  });

  it('that have run out by the database’s clock, or nearly so, let their worker judge nobody', async () => {
    const register = `INSERT INTO workers (id, host, pid, roles, queues, expires_at) VALUES ($1, 'x', 1, '{}', '{}', clock_timestamp() - interval '1 hour')`;
    const [dead, judge] = [uuidV7(), uuidV7()];
    for (const id of [dead, judge]) await engine.query(register, [id]);
    const [runId] = (await foreignRuns(dead, 1)) as [string];
    // Its lease holds, but of that more than half has passed without a word.
    const [late] = await engine.query<{ id: string }>(`INSERT INTO workers (id, host, pid, roles, queues, expires_at, heard_at)
      VALUES (gen_random_uuid(), 'x', 1, '{}', '{}', clock_timestamp() + interval '1 hour', clock_timestamp() - interval '3 hours') RETURNING id`); // prettier-ignore
    await takeOver(pgSql(engine.database.pool), 500, late?.id ?? '');
    await takeOver(pgSql(engine.database.pool), 500, judge);
    await takeOver(pgSql(engine.database.pool), 500, null);
    expect(await engine.row(runId)).toMatchObject({ worker: dead, epoch: 1 });
    await takeOver(pgSql(engine.database.pool), 500, engine.worker.incarnation);
    expect(await engine.row(runId)).toMatchObject({ worker: null, epoch: 2 });
  });

  it('of many runs are taken over in one sweep', async () => {
    const runs = await foreignRuns(uuidV7(), 1_200);
    await engine.spawn();
    await until(
      async () => (await engine.query<{ count: number }>(`SELECT count(*)::int FROM runs WHERE status = 'completed'`))[0]?.count,
      (count) => count === runs.length,
      'All should be completed',
    );
  });

  it('of a living worker are never taken', async () => {
    const runId = await engine.start('slow');
    await doorOf(runId).begun.opened;
    const other = await engine.spawn({ worker: { sweepMs: 20, leaseMs: 600 } });
    const dead = uuidV7();
    await engine.query(`INSERT INTO workers (id, host, pid, roles, queues, expires_at) VALUES ($1, 'x', 1, '{}', '{}', $2)`, [
      dead,
      new Date(0),
    ]);
    await until(
      () => engine.query('SELECT 1 FROM workers WHERE id = $1 AND ended_at IS NOT NULL', [dead]),
      (rows) => rows.length === 1,
      'It should judge',
    );
    expect((await engine.row(runId)).epoch).toBe(1);
    doorOf(runId).mayEnd.open();
    await engine.waitFor(runId, RunStatus.completed);
    await other.stop();
  });

  it('are given back when their worker stops: what runs may finish, nothing else begins, the rest goes on elsewhere', async () => {
    const patient = await engine.spawn({ worker: { drainMs: 600_000 } });
    await engine.worker.stop();
    const runId = await startAt(patient, 'slow');
    await doorOf(runId).begun.opened;
    const stopping = patient.stop();
    doorOf(runId).mayEnd.open();
    await stopping;
    expect((await engine.types(runId)).at(-1)).toBe('step.completed');
    expect(await engine.row(runId)).toMatchObject({ status: RunStatus.queued, worker: null });
    await engine.spawn();
    await engine.waitFor(runId, RunStatus.completed);
    expect(doorOf(runId).entries).toBe(1);
  });

  it('of what lasts longer than their worker may take to stop are given back as well, and it begins anew elsewhere', async () => {
    const runId = await engine.start('slow');
    await doorOf(runId).begun.opened;
    await engine.process.stop();
    expect(await engine.row(runId)).toMatchObject({ status: RunStatus.queued, worker: null, epoch: 2 });
    await engine.spawn();
    await engine.waitFor(runId, RunStatus.completed);
    expect(doorOf(runId).entries).toBe(2);
  });

  it('are found again when the answer to a claim was lost', async () => {
    const between = new StandingBetween();
    await engine.worker.stop();
    const runs = await Promise.all([engine.start('plain'), engine.start('plain')]);
    // The claim is committed; reading the journals fails.
    between.fail('read-journals-that-fit', () => new Error('Connection terminated unexpectedly'), 1);
    const process = await engine.spawn({ sql: between.sql });
    await until(
      () => between.seen,
      (seen) => seen.includes('read-journals-that-fit'),
      'The journals should be asked for',
    );
    process.worker.look();
    for (const runId of runs) {
      await engine.waitFor(runId, RunStatus.completed);
      // The first lease came to nothing: it was given back, and the run was claimed again.
      expect((await engine.row(runId)).epoch).toBeGreaterThan(1);
    }
  });

  it('are found again when the answer to a start was lost, and the start is told that it does not know', async () => {
    const pool = engine.pool as unknown as { query: (...words: unknown[]) => Promise<unknown> };
    const query = pool.query.bind(pool);
    pool.query = async (...words) => {
      const result = await query(...words);
      if ((words[0] as { name?: string }).name === 'insert-runs') throw new Error('Connection terminated unexpectedly');
      return result;
    };
    await expect(engine.start('plain')).rejects.toThrow('Connection terminated');
    pool.query = query;
    engine.worker.look();
    await until(
      () => engine.query(`SELECT 1 FROM runs WHERE status = 'completed'`),
      (rows) => rows.length === 1,
      'The run should be completed',
    );
  });

  it('are not taken of runs that the worker could not fold: neither of queued ones nor of those whose timer is due', async () => {
    const [queued, due, hosted] = (await foreignRuns(uuidV7(), 3)) as [string, string, string];
    const other = `version = 2, needs = 'plain@2', worker = NULL`;
    await engine.query(`UPDATE runs SET ${other}, status = 'queued' WHERE id = $1`, [queued]);
    await engine.query(`UPDATE runs SET ${other}, status = 'waiting', due_at = clock_timestamp() - interval '1 minute' WHERE id = $1`, [
      due,
    ]);
    await engine.query(`UPDATE runs SET worker = NULL, status = 'queued' WHERE id = $1`, [hosted]);
    engine.hints.wake(['default']);
    await engine.waitFor(hosted, RunStatus.completed);
    expect(await engine.row(queued)).toMatchObject({ status: RunStatus.queued, epoch: 1 });
    expect(await engine.row(due)).toMatchObject({ status: RunStatus.waiting, epoch: 1 });
  });

  it('are not overbooked: a burst of starts queues when there is no room', async () => {
    const small = await engine.spawn({ worker: { maxActive: 5 } });
    await engine.worker.stop();
    const runs = await Promise.all(Array.from({ length: 60 }, () => startAt(small, 'slow')));
    await until(
      () => runs.filter((runId) => doorOf(runId).entries > 0).length,
      (count) => count >= 5,
      'Five should begin',
    );
    expect(small.worker.activeRuns).toBeLessThanOrEqual(5);
    for (const runId of runs) doorOf(runId).mayEnd.open();
    for (const runId of runs) await engine.waitFor(runId, RunStatus.completed);
    expect(runs.every((runId) => doorOf(runId).entries === 1)).toBe(true);
  });
});
