/** What `ctx.transaction` promises, under whatever breaks it. In one file, however long: all share one engine, its behaviours and its doors. */
import { RunStatus } from '@stepwell/contracts';
import { event, type StepContext, workflow } from '@stepwell/sdk';
import type { EntityManager } from 'typeorm';
import { type Engine, startEngine, until } from './engine.js';
import { HeldTimers } from './held-timers.js';
import { ORM_CONNECTIONS } from './process.js';
import { type Gate, gate, StandingBetween } from './standing-between.js';

const Filed = event<{ by: string }>('case.filed');
const heard = new Map<string, string[]>();
const codes = (ctx: StepContext<unknown>): string[] => {
  const list = heard.get(ctx.runId) ?? [];
  heard.set(ctx.runId, list);
  return list;
};
const doors = new Map<string, { inside: Gate; mayGoOn: Gate }>();
const doorOf = (runId: string) => {
  const door = doors.get(runId) ?? { inside: gate(), mayGoOn: gate() };
  doors.set(runId, door);
  return door;
};

const standStill = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const write = (manager: EntityManager, runId: string, what: string): Promise<unknown> =>
  manager.query('INSERT INTO cases (run_id, what) VALUES ($1, $2)', [runId, what]);

/** Has the server of this connection read the settings again, as `pg_reload_conf` has all of them: those of other suites as well. */
const reload = async (manager: EntityManager): Promise<void> => {
  const loaded = async () =>
    (await manager.query<{ pid: number; at: string }[]>('SELECT pg_backend_pid() AS pid, pg_conf_load_time()::text AS at'))[0];
  const before = await loaded();
  process.kill(before?.pid ?? NaN, 'SIGHUP');
  while ((await loaded())?.at === before?.at);
};

/** Waits inside its transaction until the test lets it go on. */
const held = async (ctx: StepContext<unknown>) =>
  ctx.transaction(async (manager) => {
    await write(manager, ctx.runId, `attempt ${ctx.attempt}`);
    const door = doorOf(ctx.runId);
    door.inside.open();
    if (ctx.attempt === 1) await door.mayGoOn.opened;
    return { attempt: ctx.attempt };
  });

const BEHAVIOURS: Record<string, (ctx: StepContext<unknown>) => unknown> = {
  plain: async (ctx) => {
    const result = await ctx.transaction(async (manager) => {
      await write(manager, ctx.runId, 'once');
      ctx.emit(Filed, { by: 'the step' });
      return { filed: true };
    });
    expect(result).toEqual({ filed: true });
    return 'what comes after does not count';
  },
  throws: (ctx) =>
    ctx.transaction(async (manager) => {
      await write(manager, ctx.runId, 'never');
      ctx.emit(Filed, { by: 'nobody' });
      throw new Error('changed my mind');
    }),
  recovers: async (ctx) => {
    await ctx
      .transaction(async (manager) => {
        await write(manager, ctx.runId, 'never');
        ctx.emit(Filed, { by: 'nobody' });
        throw new Error('changed my mind');
      })
      .catch(() => undefined);
    ctx.emit(Filed, { by: 'what is left' });
    return 'without it';
  },
  twice: async (ctx) => {
    await ctx.transaction(() => Promise.reject(new Error('first'))).catch(() => undefined);
    return ctx.transaction(async (manager) => write(manager, ctx.runId, 'second'));
  },
  'not awaited': (ctx) => {
    void ctx.transaction(async (manager) => {
      await write(manager, ctx.runId, 'quietly');
      return 'its output';
    });
    return 'not the output';
  },
  'not awaited and failing': (ctx) => {
    void ctx.transaction(() => Promise.reject(new Error('unheard')));
    return 'not the output';
  },
  'calls inside': (ctx) =>
    ctx.transaction(async () => {
      const attempts: (() => unknown)[] = [
        () => ctx.createAsyncResult(),
        () => ctx.resumeWhenComplete('x'),
        () => ctx.suspend({ for: '1s' }),
        () => ctx.progress(1, 2),
        () => ctx.transaction(() => Promise.resolve(1)),
      ];
      for (const attempt of attempts) {
        try {
          await attempt();
        } catch (error) {
          codes(ctx).push((error as { code: string }).code);
        }
      }
      return 'refused';
    }),
  'calls after': async (ctx) => {
    await ctx.transaction(() => Promise.resolve('done'));
    const attempts: (() => unknown)[] = [
      () => ctx.createAsyncResult(),
      () => ctx.emit(Filed, { by: 'late' }),
      () => ctx.transaction(() => Promise.resolve(1)),
    ];
    for (const attempt of attempts) {
      try {
        await attempt();
      } catch (error) {
        codes(ctx).push((error as { code: string }).code);
      }
    }
    throw new Error('too late to matter');
  },
  'not JSON': (ctx) =>
    ctx.transaction(async (manager) => {
      await write(manager, ctx.runId, 'never');
      return { at: new Date() };
    }),
  'ends itself': (ctx) =>
    ctx.transaction(async (manager) => {
      await manager.queryRunner?.commitTransaction();
      return 1;
    }),
  'swallows an error': (ctx) =>
    ctx.transaction(async (manager) => {
      await write(manager, ctx.runId, 'never');
      await manager.query('SELECT 1 / 0').catch(() => undefined);
      return 1;
    }),
  deferred: (ctx) =>
    ctx.transaction(async (manager) => {
      await manager.query('INSERT INTO children (id, parent) VALUES (1, 4711)');
      return 1;
    }),
  'is read-only at first': (ctx) =>
    ctx.transaction(async (manager) => {
      if (!heard.has(ctx.runId)) {
        heard.set(ctx.runId, []);
        await manager.query('SET TRANSACTION READ ONLY');
        await reload(manager);
      }
      return write(manager, ctx.runId, 'once');
    }),
  stalls: (ctx) => {
    codes(ctx).push('stalled');
    return ctx.transaction(async (manager) => {
      await write(manager, ctx.runId, 'perhaps');
      // As whatever blocks the event loop, here or in a run beside.
      if ((ctx.input as { forEver?: boolean }).forEver || codes(ctx).length === 1) standStill(700);
      return write(manager, ctx.runId, 'as well');
    });
  },
  idles: (ctx) =>
    ctx.transaction(async (manager) => {
      await write(manager, ctx.runId, 'never');
      doorOf(ctx.runId).inside.open();
      await doorOf(ctx.runId).mayGoOn.opened;
      return write(manager, ctx.runId, 'never either');
    }),
};

const behaving = workflow<{ how: string; forEver?: boolean }>('behaving', { version: 1 })
  .then('file', (ctx) => BEHAVIOURS[ctx.input.how]?.(ctx))
  .then('after', (ctx) => ({ output: ctx.resultOf('file') }));
/** Of no other timer: a test says when it is over. */
const TIMEOUT_MS = 997;
const holding = workflow<unknown>('holding', { version: 1 }).then('file', held, { retry: { attempts: 2, backoff: '1ms' }, timeout: '60s' });
const hurried = workflow<unknown>('hurried', { version: 1 }).then('file', held, {
  retry: { attempts: 2, backoff: '1ms' },
  timeout: `${TIMEOUT_MS}ms`,
});
/**
 * Each attempt waits inside its transaction, so that the first one comes back while the second is at work, in the same activation: with a
 * pause between them the run would be given up and claimed again.
 */
const overtaken = workflow<unknown>('overtaken', { version: 1 }).then(
  'file',
  (ctx) =>
    ctx.transaction(async (manager) => {
      await write(manager, ctx.runId, `attempt ${ctx.attempt}`);
      const door = doorOf(`${ctx.runId} ${ctx.attempt}`);
      door.inside.open();
      await door.mayGoOn.opened;
      return { attempt: ctx.attempt };
    }),
  { retry: { attempts: 2, backoff: '0ms' }, timeout: `${TIMEOUT_MS}ms` },
);
const beside = workflow<unknown>('beside', { version: 1 }).parallel({
  one: (flow) => flow.then('file', held),
  two: (flow) => flow.then('quick', () => 2),
});

describe('ctx.transaction', () => {
  let engine: Engine;
  const between = new StandingBetween();
  const timers = new HeldTimers(TIMEOUT_MS);
  beforeAll(async () => {
    engine = await startEngine({
      workflows: [behaving, holding, hurried, overtaken, beside],
      committer: between.committer,
      timers,
      worker: { reportMs: 20 },
    });
    await engine.query('CREATE TABLE cases (run_id uuid, what text)');
    await engine.query('CREATE TABLE children (id int, parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED)').catch(async () => {
      await engine.query('CREATE TABLE parents (id int PRIMARY KEY)');
      await engine.query('CREATE TABLE children (id int, parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED)');
    });
  });
  afterAll(() => engine.close());

  const cases = async (runId: string) =>
    (await engine.query<{ what: string }>('SELECT what FROM cases WHERE run_id = $1', [runId])).map(({ what }) => what);
  const events = async (runId: string) =>
    (await engine.query<{ payload: { by: string } }>('SELECT payload FROM events WHERE source_run = $1', [runId])).map(
      ({ payload }) => payload.by,
    );
  /** Without the notes that an attempt takes long, which a slow machine may add. */
  const outcomes = async (runId: string) => (await engine.types(runId)).filter((type) => type !== 'attempt.started');
  const behave = (how: string) => engine.start('behaving', { how });

  it('commits the writes, the output and what it emitted together; nothing after it counts', async () => {
    const runId = await behave('plain');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ output: { filed: true } });
    expect(await cases(runId)).toEqual(['once']);
    expect(await events(runId)).toEqual(['the step']);
    const [same] = await engine.query<{ same: boolean }>(
      `SELECT count(DISTINCT xmin) = 1 AS same FROM (
         SELECT xmin::text FROM cases WHERE run_id = $1 UNION ALL SELECT xmin::text FROM events WHERE source_run = $1
         UNION ALL SELECT xmin::text FROM journal WHERE run_id = $1 AND type = 'step.completed' AND path = 'file') AS rows`,
      [runId],
    );
    expect(same).toEqual({ same: true });
  });

  it('rolls everything back when its work throws', async () => {
    const runId = await behave('throws');
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_message: 'changed my mind' });
    expect(await cases(runId)).toEqual([]);
    expect(await events(runId)).toEqual([]);
  });

  it('leaves no trace when it was rolled back and the step goes on without it', async () => {
    const runId = await behave('recovers');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ output: 'without it' });
    expect(await cases(runId)).toEqual([]);
    expect(await events(runId)).toEqual(['what is left']);
  });

  it.each([
    ['twice', 'TRANSACTION_TWICE'],
    ['not JSON', 'OUTPUT_NOT_JSON'],
    ['ends itself', 'OPTION_INVALID'],
    ['swallows an error', '25P02'],
    ['deferred', '23503'],
    ['not awaited and failing', 'STEP_FAILED'],
  ])('fails the step, and keeps nothing, when it is %s', async (how, code) => {
    const runId = await behave(how);
    expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({ error_code: code });
    expect(await cases(runId)).toEqual([]);
  });

  it('counts also when the step forgot to await it', async () => {
    const runId = await behave('not awaited');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ output: 'its output' });
    expect(await cases(runId)).toEqual(['quietly']);
  });

  it('refuses every other call inside, and every call after', async () => {
    const inside = await behave('calls inside');
    await engine.waitFor(inside, RunStatus.completed);
    expect(heard.get(inside)).toEqual(Array.from({ length: 5 }, () => 'NOT_IN_TRANSACTION'));
    const after = await behave('calls after');
    await engine.waitFor(after, RunStatus.completed);
    expect(await engine.output(after)).toEqual({ output: 'done' });
    expect(heard.get(after)).toEqual(Array.from({ length: 3 }, () => 'TRANSACTION_ENDED_ATTEMPT'));
    expect(await events(after)).toEqual([]);
  });

  it('locks no run row while its work runs: messages and other branches go on', async () => {
    const runId = await engine.start('beside');
    await doorOf(runId).inside.opened;
    await until(
      () => engine.types(runId),
      (types) => types.includes('step.completed'),
      'The other branch should complete',
    );
    doorOf(runId).mayGoOn.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ one: { attempt: 1 }, two: 2 });
  });

  it('is rolled back when its attempt timed out meanwhile; the next attempt has its own', async () => {
    const runId = await engine.start('hurried');
    await doorOf(runId).inside.opened;
    timers.ring(TIMEOUT_MS);
    await engine.waitFor(runId, RunStatus.completed);
    doorOf(runId).mayGoOn.open();
    await until(
      () => engine.types(runId),
      (types) => types.includes('attempt.discarded'),
      'The late result should be recorded',
    );
    expect(await engine.output(runId)).toEqual({ attempt: 2 });
    expect(await cases(runId)).toEqual(['attempt 2']);
  });

  it('is rolled back when its attempt timed out, also while the next attempt is at work', async () => {
    const runId = await engine.start('overtaken');
    const [first, second] = [doorOf(`${runId} 1`), doorOf(`${runId} 2`)];
    await first.inside.opened;
    timers.ring(TIMEOUT_MS);
    await second.inside.opened;
    first.mayGoOn.open();
    await until(
      () => engine.types(runId),
      (types) => types.includes('attempt.discarded'),
      'The late result should be recorded',
    );
    expect(await engine.types(runId)).not.toContain('step.completed');
    second.mayGoOn.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await engine.output(runId)).toEqual({ attempt: 2 });
    expect(await cases(runId)).toEqual(['attempt 2']);
  });

  it('is rolled back when the run was canceled meanwhile', async () => {
    const runId = await engine.start('holding');
    await doorOf(runId).inside.opened;
    await engine.runs.cancel({ tenant: 'default', runId, actor: null, reason: null });
    await engine.waitFor(runId, RunStatus.canceled);
    doorOf(runId).mayGoOn.open();
    await until(
      () => engine.types(runId),
      (types) => types.includes('attempt.discarded'),
      'The late result should be recorded',
    );
    expect(await cases(runId)).toEqual([]);
  });

  it('is rolled back when another worker took the run over meanwhile', async () => {
    const runId = await engine.start('holding');
    await doorOf(runId).inside.opened;
    const seal = between.hold('commit-via', runId);
    doorOf(runId).mayGoOn.open();
    await seal.arrived;
    // What take-over does, at the last moment before the seal.
    await engine.query(`UPDATE runs SET status = 'queued', worker = NULL, epoch = epoch + 1 WHERE id = $1`, [runId]);
    const other = await engine.spawn();
    await engine.waitFor(runId, RunStatus.completed);
    seal.release();
    await until(
      () => engine.types(runId),
      (types) => types.includes('attempt.discarded'),
      'The late result should be recorded',
    );
    expect(await cases(runId)).toEqual(['attempt 1']);
    expect((await engine.types(runId)).filter((type) => type === 'step.completed')).toHaveLength(1);
    await other.stop();
  });

  it.each(['before', 'after'])(
    'has an unknown outcome when the connection is lost %s the COMMIT: then it counts exactly once',
    async (when) => {
      const runner = engine.process.dataSource.createQueryRunner();
      const prototype = Object.getPrototypeOf(runner) as { commitTransaction(): Promise<void> };
      await runner.release();
      const commit = prototype.commitTransaction;
      let lost = 0;
      prototype.commitTransaction = async function (this: { query(text: string): Promise<unknown>; commitTransaction(): Promise<void> }) {
        if (lost++ > 0) return commit.call(this);
        if (when === 'after') await commit.call(this);
        else await this.query('SELECT pg_terminate_backend(pg_backend_pid())').catch(() => undefined);
        throw new Error('Connection terminated unexpectedly');
      };
      try {
        const runId = await behave('plain');
        await engine.waitFor(runId, RunStatus.completed);
        expect(await cases(runId)).toEqual(['once']);
        expect(await events(runId)).toEqual(['the step']);
        expect((await engine.row(runId)).epoch).toBe(3);
        expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'step.completed', 'run.ended']);
      } finally {
        prototype.commitTransaction = commit;
      }
    },
  );

  it('is no failed attempt when the database breaks the connection in the middle of its work', async () => {
    const runId = await engine.start('holding');
    await doorOf(runId).inside.opened;
    await engine.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%INTO cases%'`,
    );
    doorOf(runId).mayGoOn.open();
    await engine.waitFor(runId, RunStatus.completed);
    expect(await cases(runId)).toEqual(['attempt 1']);
    expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'run.ended']);
  });

  it('is no failed attempt while the database is read-only', async () => {
    // As for every session of a server that is made so; here for all connections that transactions have, held until each has it.
    const make = async (readOnly: 'on' | 'off') => {
      const runners = Array.from({ length: ORM_CONNECTIONS }, () => engine.process.dataSource.createQueryRunner());
      await Promise.all(runners.map((runner) => runner.query("SELECT set_config('default_transaction_read_only', $1, false)", [readOnly])));
      await Promise.all(runners.map((runner) => runner.release()));
    };
    await make('on');
    const runId = await behave('plain');
    await until(
      () => engine.row(runId),
      ({ epoch, status }) => epoch > 2 || status === 'failed',
      'The run should be dropped, and claimed again',
    );
    await make('off');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await cases(runId)).toEqual(['once']);
    expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'step.completed', 'run.ended']);
  });

  it('is no failed attempt when the database is read-only no more by the time that somebody asks', async () => {
    const runId = await behave('is read-only at first');
    await engine.waitFor(runId, RunStatus.completed);
    expect(await cases(runId)).toEqual(['once']);
    expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'step.completed', 'run.ended']);
  });

  describe('of a worker whose lease is short', () => {
    beforeAll(() => engine.worker.stop());

    it('is a failed attempt when it idles longer than the lease allows', async () => {
      // Not so short that a process which stands still now and then has done so for half of it.
      const [idleMs, worker] = [8_000, await engine.spawn({ worker: { leaseMs: 12_000 } })];
      const runId = await behave('idles');
      await doorOf(runId).inside.opened;
      const since = performance.now();
      const idling = () =>
        engine.query(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND query LIKE '%INTO cases%'`,
        );
      await until(idling, (rows) => rows.length === 0, 'The database should cut it');
      await until(() => performance.now() - since, (ms) => ms > idleMs, 'It should have been silent here, too'); // prettier-ignore
      doorOf(runId).mayGoOn.open();
      expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({
        error_code: 'TRANSACTION_IDLED',
        error_message: expect.stringContaining(`${idleMs} ms`),
      });
      expect(await cases(runId)).toEqual([]);
      await worker.stop();
    });

    it('is no failed attempt when it was cut because its process stood still', async () => {
      const worker = await engine.spawn({ worker: { leaseMs: 900 } });
      const runId = await behave('stalls');
      await engine.waitFor(runId, RunStatus.completed);
      expect(await cases(runId)).toEqual(['perhaps', 'as well']);
      expect(await outcomes(runId)).toEqual(['run.started', 'step.completed', 'step.completed', 'run.ended']);
      await worker.stop();
    });

    it('is a failed attempt when its process stands still each time', async () => {
      await engine.spawn({ worker: { leaseMs: 900 } });
      const runId = await engine.start('behaving', { how: 'stalls', forEver: true });
      expect(await engine.waitFor(runId, RunStatus.failed)).toMatchObject({
        error_code: 'TRANSACTION_IDLED',
        error_message: expect.stringContaining('its worker stood still'),
      });
      expect(heard.get(runId)).toHaveLength(3);
      expect(await cases(runId)).toEqual([]);
    });
  });
});
