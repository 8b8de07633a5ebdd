import { Logger } from '@nestjs/common';
import { describeWithRedis } from '../../../test/redis/describe-with-redis.js';
import { RedisServer } from '../../../test/redis/redis-server.js';
import { wakeUpQueueConformance } from '../conformance/wake-up-queue.conformance.js';
import { findRedisProblem } from '../find-redis-problem.js';
import { RedisWakeUpQueue } from './redis-wake-up-queue.js';

const { jest } = import.meta;
Logger.overrideLogger(false);
afterEach(() => jest.restoreAllMocks());

describeWithRedis('on a real Redis', () => {
  let redis: RedisServer;
  const opened: RedisWakeUpQueue[] = [];
  const open = () => {
    const queue = new RedisWakeUpQueue(redis.url);
    opened.push(queue);
    return queue;
  };
  const close = () => Promise.all(opened.splice(0).map((queue) => queue.close()));
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());

  wakeUpQueueConformance('BullMQ', async () => {
    await redis.client.flushall();
    return { open, interrupt: () => redis.cutConnections(), close: async () => void (await close()) };
  });

  describe('hints by BullMQ', () => {
    beforeEach(() => redis.client.flushall());
    afterEach(close);

    /** Listens, and gives the hints one by one. */
    const hear = async (queue: RedisWakeUpQueue, names: readonly string[]) => {
      const hints: string[] = [];
      let taker: ((hint: string) => void) | undefined;
      await queue.listen(names, (hint) => {
        if (taker) taker(hint);
        else hints.push(hint);
        taker = undefined;
      });
      return { next: () => new Promise<string>((resolve) => (hints.length > 0 ? resolve(hints.shift() as string) : (taker = resolve))) };
    };
    /** The connections that wait in a read. */
    const reading = async () =>
      String(await redis.client.client('LIST'))
        .split('\n')
        .filter((line) => line.includes('cmd=xread')).length;

    it('leave nothing in Redis but a few entries that say who sent them', async () => {
      const [waking, listening] = [open(), open()];
      const heard = await hear(listening, ['default', 'mail']);
      for (let round = 0; round < 300; round++) {
        waking.wake(['default']);
        await heard.next();
      }
      expect(await redis.client.keys('*')).toEqual(['stepwell:default:events']);
      const entries = await redis.client.xrange('stepwell:default:events', '-', '+');
      // Redis cuts a stream by whole nodes of a hundred.
      expect(entries.length).toBeLessThanOrEqual(200);
      for (const [, fields] of entries) expect(fields).toEqual(['event', 'wake', 'origin', expect.stringMatching(/^[\w-]{8}$/)]);
    });

    it('wake nobody of another queue', async () => {
      const [waking, listening] = [open(), open()];
      await hear(listening, ['mail']);
      const heard = await hear(open(), ['default']);
      await redis.commandsSince();
      for (let round = 0; round < 20; round++) {
        waking.wake(['default']);
        await heard.next();
      }
      expect((await redis.commandsSince())['xread']).toBeLessThanOrEqual(21);
    });

    it('cost one command per reader and hint, and one in half a minute when there is none', async () => {
      const [waking, listening] = [open(), open()];
      const heard = await hear(listening, ['default']);
      waking.wake(['default']);
      await heard.next();
      while ((await reading()) < 1);
      await redis.commandsSince();
      for (let round = 0; round < 10; round++) {
        waking.wake(['default']);
        await heard.next();
        while ((await reading()) < 1);
      }
      expect(await redis.commandsSince()).toEqual({ xadd: 10, xread: 10 });
      // How long a read waits at the server is the idle cost.
      const monitor = await redis.client.monitor();
      const read = new Promise<string[]>((resolve) => {
        monitor.on('monitor', (_at: string, words: string[]) => words[0] === 'xread' && resolve(words));
      });
      waking.wake(['default']);
      expect((await read).slice(0, 5)).toEqual(['xread', 'BLOCK', '30000', 'STREAMS', 'stepwell:default:events']);
      monitor.disconnect();
    });

    it('are kept by their sender while Redis is away, and wake everybody when it is back', async () => {
      const [waking, listening] = [open(), open()];
      const heard = await hear(listening, ['default', 'mail']);
      waking.wake(['default']);
      expect(await heard.next()).toBe('default');
      await redis.kill();
      for (let index = 0; index < 1_000; index++) waking.wake(['late']);
      while (listening.isListening) await new Promise((resolve) => setImmediate(resolve));
      await redis.startAgain();
      expect([await heard.next(), await heard.next()].sort()).toEqual(['default', 'mail']);
      expect(listening.isListening).toBe(true);
      while ((await redis.client.xlen('stepwell:late:events')) === 0);
      expect(await redis.client.xlen('stepwell:late:events')).toBe(1);
      waking.wake(['mail']);
      expect(await heard.next()).toBe('mail');
    });

    it('are said again when the connection was lost before Redis had answered', async () => {
      const waking = open();
      await redis.client.client('PAUSE', 60_000, 'WRITE');
      waking.wake(['default']);
      const isSaid = async () => String(await redis.client.client('LIST')).includes('cmd=xadd');
      while (!(await isSaid()));
      await redis.cutConnections();
      await redis.client.client('UNPAUSE');
      while ((await redis.client.xlen('stepwell:default:events')) === 0);
    });

    it('go on after FLUSHALL', async () => {
      const [waking, listening] = [open(), open()];
      const heard = await hear(listening, ['default']);
      for (let round = 0; round < 20; round++) {
        await redis.client.flushall();
        while ((await reading()) < 1);
        waking.wake(['default']);
        expect(await heard.next()).toBe('default');
      }
    });

    it('start without a Redis, end without one, and wake everybody when it has come', async () => {
      await redis.kill();
      const warn = jest.spyOn(Logger.prototype, 'warn');
      const [listening, ending] = [open(), open()];
      const heard = await hear(listening, ['default', 'mail']);
      await hear(ending, ['default']);
      ending.wake(['default']);
      await ending.close();
      expect(listening.isListening).toBe(false);
      listening.wake(['default']);
      expect(await heard.next()).toBe('default');
      await redis.startAgain();
      expect([await heard.next(), await heard.next()].sort()).toEqual(['default', 'mail']);
      expect(warn.mock.calls.flat().filter((line) => String(line).includes('Redis is away (connect ECONNREFUSED'))).toHaveLength(2);
    });

    it('say once that Redis is away and once that it is back, also where nothing is heard and it was away from the start', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn');
      const said = (words: string) => warn.mock.calls.flat().filter((line) => String(line).startsWith(words)).length;
      const back = async (count: number) => {
        while (said('Redis is back') < count) await new Promise((resolve) => setImmediate(resolve));
      };
      await redis.kill();
      const [sending, known] = [open(), new RedisWakeUpQueue(redis.url, { isAway: true })];
      opened.push(known);
      sending.wake(['default']);
      await known.listen(['default', 'mail'], () => undefined);
      while (!sending.carrier.isAway) await new Promise((resolve) => setImmediate(resolve));
      expect(known.carrier).toEqual({ name: 'redis', isAway: true });
      await redis.startAgain();
      await back(2);
      expect([sending.carrier.isAway, known.carrier.isAway]).toEqual([false, false]);
      expect([said('Redis is away'), said('Redis is back')]).toEqual([1, 2]);
      await redis.kill();
      while (!sending.carrier.isAway || !known.carrier.isAway) await new Promise((resolve) => setImmediate(resolve));
      await redis.startAgain();
      await back(4);
      expect([said('Redis is away'), said('Redis is back')]).toEqual([3, 4]);
    });

    it('say what Redis refuses, once, and go on', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn');
      const [waking, listening] = [open(), open()];
      const heard = await hear(listening, ['default']);
      await redis.client.set('stepwell:mail:events', 'somebody else wrote this');
      waking.wake(['mail']);
      while (warn.mock.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
      waking.wake(['mail']);
      waking.wake(['default']);
      expect(await heard.next()).toBe('default');
      expect(warn.mock.calls.flat().filter((line) => String(line).includes('refuses'))).toHaveLength(1);
    });
  });

  describe('the look at a Redis before the start', () => {
    it('finds nothing wrong with one that is there', async () => {
      expect(await findRedisProblem(redis.url)).toBeUndefined();
    });

    it('says in a sentence, without the password, what is wrong', async () => {
      await redis.client.config('SET', 'requirepass', 'right');
      const unknown = await findRedisProblem(redis.url);
      expect(unknown?.sentence).toMatch(/^Redis at 127\.0\.0\.1:\d+ .*(NOAUTH|[Aa]uthentication required)[^.]*\.$/);
      const wrong = await findRedisProblem(`redis://:hunter2@127.0.0.1:${redis.port}`);
      expect(wrong?.sentence).toMatch(/WRONGPASS/);
      expect(wrong?.sentence).not.toContain('hunter2');
      expect([unknown?.isAway, wrong?.isAway]).toEqual([false, false]);
      await redis.client.config('SET', 'requirepass', '');
      expect(await findRedisProblem('redis://127.0.0.1:1')).toEqual({
        sentence: 'Redis at 127.0.0.1:1 cannot be reached (connect ECONNREFUSED 127.0.0.1:1).',
        isAway: true,
      });
    });
  });
});
