import { execFileSync } from 'node:child_process';
import { describeWithRedis } from '../redis/describe-with-redis.js';
import { RedisServer } from '../redis/redis-server.js';
import { createTestDatabase } from '../postgres/test-database.js';
import { until } from '../engine/engine.js';
import { startServer } from './start-server.js';

/** Both packages are CommonJS, so what is loaded is in the cache of `require`. */
const PROBE = `
  import { createRequire } from 'node:module';
  const loaded = () => {
    const files = Object.keys(createRequire(import.meta.url).cache).join(' ');
    return ['bullmq', 'ioredis'].filter((name) => files.includes('/node_modules/' + name + '/'));
  };
  await import('./dist/apps/server/app.module.js');
  const before = loaded();
  await import('./dist/libs/wakeups/redis/redis-wake-up-queue.js');
  console.log(JSON.stringify({ before, after: loaded() }));`;

describeWithRedis('the server process with STEPWELL_QUEUE=redis', () => {
  it('starts without its Redis, says so once, works by asking PostgreSQL, and says once when it has come', async () => {
    const [redis, database] = await Promise.all([RedisServer.start(), createTestDatabase()]);
    await redis.kill();
    const environment = { DATABASE_URL: database.url, STEPWELL_QUEUE: 'redis', REDIS_URL: redis.url };
    const server = await startServer({ environment });
    expect(server.output().split('\n')).toContain(
      `Redis at 127.0.0.1:${redis.port} cannot be reached (connect ECONNREFUSED 127.0.0.1:${redis.port}). ` +
        'Until it is there, workers ask PostgreSQL every few seconds; nothing is lost by that.',
    );
    const health = async () => (await fetch(`${server.url}/health/ready`)).json();
    expect(await health()).toMatchObject({ status: 'ok', wakeUps: { name: 'redis', isAway: true } });
    // Its own example emits records, each a run, and none of these was heard of by Redis.
    await until(
      async () => (await database.pool.query("SELECT FROM runs WHERE status IN ('completed', 'waiting')")).rowCount ?? 0,
      (count) => count > 10,
      'Runs should come to their end, or to a task',
    );
    await redis.startAgain();
    await server.printed((output) => output.includes('Redis is back'));
    expect(await health()).toMatchObject({ wakeUps: { isAway: false } });
    expect(await server.stop()).toBe(0);
    expect([server.output().match(/Redis is away/g), server.output().match(/cannot be reached/g)?.length]).toEqual([null, 1]);
    await redis.stop();
    await database.drop();
  });

  it('says at once, in one line, when its Redis will not do', async () => {
    const redis = await RedisServer.start();
    await redis.client.config('SET', 'requirepass', 'right');
    const environment = { STEPWELL_QUEUE: 'redis', REDIS_URL: `redis://:hunter2@127.0.0.1:${redis.port}` };
    const refused = startServer({ environment }).catch((error: unknown) => String(error));
    expect(await refused).toMatch(
      /before it was ready:\nStepwell did not start: Redis at 127\.0\.0\.1:\d+ does not do what wake-ups need \(WRONGPASS [^)]*\)\. Correct REDIS_URL, or leave STEPWELL_QUEUE out: then wake-ups go by PostgreSQL\.\n$/,
    );
    await redis.stop();
  });

  it('says what carries its wake-ups, survives the death of its Redis, and stops', async () => {
    const [redis, database] = await Promise.all([RedisServer.start(), createTestDatabase()]);
    const environment = { DATABASE_URL: database.url, STEPWELL_QUEUE: 'redis', REDIS_URL: redis.url };
    const server = await startServer({ environment });
    expect(server.output().split('\n')).toContain(`Wake-ups go by BullMQ on Redis at 127.0.0.1:${redis.port}.`);
    // One connection per queue that it hears, and one that says what it has done.
    const reads = async () =>
      String(await redis.client.client('LIST'))
        .split('\n')
        .filter((line) => line.includes('cmd=xread'));
    // Nothing is missed before the first read, and so nobody waits for it.
    expect(await until(reads, ({ length }) => length >= 2, 'Both queues should be read')).toHaveLength(2);
    await redis.kill();
    while (!/Redis is away/.test(server.output())) await new Promise((resolve) => setImmediate(resolve));
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
    expect(server.output().match(/Redis is away/g)).toHaveLength(1);
    await redis.stop();
    await database.drop();
  });
});

describe('the server process on PostgreSQL alone', () => {
  it('does not load the client of Redis', () => {
    const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', PROBE], { encoding: 'utf8' });
    expect(JSON.parse(loaded)).toEqual({ before: [], after: ['bullmq', 'ioredis'] });
  });
});
