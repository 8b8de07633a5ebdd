/** Real runs of several processes whose wake-ups go by Redis, while Redis forgets, dies and comes back: it loses nothing, for it holds nothing. */
import { Logger } from '@nestjs/common';
import { RunStatus } from '@stepwell/contracts';
import { type StepContext, workflow } from '@stepwell/sdk';
import { describeWithRedis } from '../redis/describe-with-redis.js';
import { RedisServer } from '../redis/redis-server.js';
import { type Engine, startEngine, TENANT, until } from './engine.js';
import type { Process } from './process.js';
import { type Gate, gate } from './standing-between.js';

Logger.overrideLogger(false);

/** Far beyond a test's patience: what is found in time was found by a hint. */
const NEVER_MS = 600_000;
const SWEEP_MS = 1_000;

const doors = new Map<string, { begun: Gate; mayEnd: Gate }>();
const doorOf = (name: string) => {
  const door = doors.get(name) ?? { begun: gate(), mayEnd: gate() };
  doors.set(name, door);
  return door;
};

/** Three steps, one of them on another queue and one after a wait: five hints on the way of each run. */
const errand = workflow<{ number: number; door?: string }>('errand', { version: 1 })
  .then('first', async (ctx) => {
    if (ctx.input.door !== undefined) await doorOf(ctx.input.door).mayEnd.opened;
    return ctx.input.number;
  })
  .then('elsewhere', (ctx) => ctx.resultOf<number>('first') + 1, { queue: 'elsewhere' })
  .wait('20ms')
  .then('last', (ctx) => ctx.resultOf<number>('elsewhere') + 1);

const held = async (ctx: StepContext<{ door: string }>): Promise<string> => {
  ctx.logger.info('ran', { door: ctx.input.door });
  doorOf(ctx.input.door).begun.open();
  await doorOf(ctx.input.door).mayEnd.opened;
  return ctx.input.door;
};
const holding = workflow<{ door: string }>('holding', { version: 1 }).then('work', held);

describeWithRedis('a fleet on Redis', () => {
  let redis: RedisServer;
  let engine: Engine;
  let api: Process;
  const workers: Process[] = [];
  beforeEach(async () => {
    redis = await RedisServer.start();
  });
  afterEach(async () => {
    await engine.close();
    await redis.stop();
    workers.length = 0;
    doors.clear();
  });

  /** Two workers for the default queue, one for the other, and a process that only starts runs, so that every start needs a hint. */
  const open = async (sweepMs: number, maxActive = 2_000) => {
    const worker = { sweepMs, maxActive };
    engine = await startEngine({ workflows: [errand, holding], redisUrl: redis.url, worker });
    workers.push(engine.process, await engine.spawn());
    await engine.spawn({ worker: { queues: ['elsewhere'] } });
    api = await engine.spawn({ idle: true });
  };
  const start = async (name: string, input: unknown) =>
    (await api.runs.start({ tenant: TENANT, workflow: name, input, actor: null })).runId;
  const errands = (from: number, count: number, door?: string) =>
    Promise.all(
      Array.from({ length: count }, (_, index) => start('errand', { number: from + index, ...(door !== undefined && { door }) })),
    );
  /** All have ended, each with its own result, and no step of any was committed twice. */
  const expectAllDone = async (runs: readonly string[]) => {
    for (const [index, runId] of runs.entries()) {
      await engine.waitFor(runId, RunStatus.completed, RunStatus.failed);
      expect(await engine.output(runId)).toBe(index + 2);
    }
    const twice = await engine.query(
      `SELECT run_id, path FROM journal WHERE type = 'step.completed' GROUP BY run_id, path HAVING count(*) <> 1`,
    );
    expect(twice).toEqual([]);
  };
  const ran = (process: Process) => process.log.filter(({ message }) => message === 'ran').length;

  it('shares the work, each hint coming by Redis', async () => {
    await open(NEVER_MS, 1);
    const one = await start('holding', { door: 'one' });
    await doorOf('one').begun.opened;
    // Who has room now is the other.
    const two = await start('holding', { door: 'two' });
    await doorOf('two').begun.opened;
    expect(workers.map(ran)).toEqual([1, 1]);
    doorOf('one').mayEnd.open();
    doorOf('two').mayEnd.open();
    await engine.waitFor(one, RunStatus.completed);
    await engine.waitFor(two, RunStatus.completed);
    await expectAllDone([await start('errand', { number: 0 })]);
    const keys = await redis.client.keys('*');
    expect(keys.sort()).toEqual(['stepwell:default:events', 'stepwell:elsewhere:events']);
  });

  it('loses nothing by FLUSHALL in the middle of work', async () => {
    await open(SWEEP_MS);
    const runs: string[] = [];
    for (let round = 0; round < 20; round++) {
      runs.push(...(await errands(runs.length, 10)));
      await redis.client.flushall();
    }
    await expectAllDone(runs);
  });

  it('loses nothing by a killed Redis, goes on without it, and hears it again when it is back', async () => {
    await open(SWEEP_MS);
    // Half of them anywhere on their way, half of them sure to need all their further hints when Redis is dead.
    const runs = await errands(0, 50);
    runs.push(...(await errands(50, 50, 'dead')));
    await redis.kill();
    doorOf('dead').mayEnd.open();
    // And these are found without a hint.
    runs.push(...(await errands(100, 100)));
    await until(
      () => workers.map(({ wakeUps }) => wakeUps.isListening),
      (listening) => listening.every((one) => !one),
      'Nobody should hear a killed Redis',
    );
    await expectAllDone(runs);
    await redis.startAgain();
    await until(
      () => workers.map(({ wakeUps }) => wakeUps.isListening),
      (listening) => listening.every(Boolean),
      'Everybody should hear the new Redis',
    );
    runs.push(...(await errands(200, 50)));
    await expectAllDone(runs);
  });

  it('loses nothing by hints that are old, doubled, broken or from nobody', async () => {
    await open(SWEEP_MS);
    const key = 'stepwell:default:events';
    let isOver = false;
    const pump = async () => {
      while (!isOver) {
        const [first] = await redis.client.xrange(key, '-', '+', 'COUNT', 1);
        const old = first?.[1] ?? ['event', 'wake'];
        await redis.client
          .pipeline()
          .xadd(key, '*', ...old)
          .xadd(key, '*', ...old)
          .xadd(key, '*', 'event', 'wake', 'origin', 'nobody')
          .xadd(key, '*', 'event', 'wake')
          .xadd(key, '*', 'event', 'completed', 'jobId', '7', 'returnvalue', '{')
          .xadd(key, '*', 'nonsense', '')
          .exec();
      }
    };
    const pumping = pump();
    await expectAllDone(await errands(0, 100)).finally(() => (isOver = true));
    await pumping;
  });

  it('goes on by the sweep while Redis stands still with all its connections, and stops', async () => {
    await open(SWEEP_MS);
    redis.freeze();
    // Nobody knows that it is gone: no connection has ended.
    expect(workers.map(({ wakeUps }) => wakeUps.isListening)).toEqual([true, true]);
    await expectAllDone(await errands(0, 50));
    redis.thaw();
    await expectAllDone(await errands(0, 1));
  });

  it('stops while Redis is away', async () => {
    await open(SWEEP_MS);
    const runs = await errands(0, 10, 'dead');
    await redis.kill();
    doorOf('dead').mayEnd.open();
    await engine.process.stop();
    await api.stop();
    await expectAllDone(runs);
  });
});
