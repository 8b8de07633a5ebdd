import { execFileSync } from 'node:child_process';
import { describeWithRedis, RedisServer } from '../redis/redis-server.js';
import { createTestDatabase } from '../postgres/test-database.js';
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
  it('says at once, in one line, when its Redis is not there', async () => {
    const environment = { STEPWELL_QUEUE: 'redis', REDIS_URL: 'redis://:hunter2@127.0.0.1:1' };
    const refused = startServer({ environment }).catch((error: unknown) => String(error));
    expect(await refused).toMatch(
      /before it was ready:\nStepwell did not start: Redis at 127\.0\.0\.1:1 cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:1\)\. Start it, correct REDIS_URL, or leave STEPWELL_QUEUE out: then wake-ups go by PostgreSQL\.\n$/,
    );
  });

  it('says what carries its wake-ups, survives the death of its Redis, and stops', async () => {
    const [redis, database] = await Promise.all([RedisServer.start(), createTestDatabase()]);
    const environment = { DATABASE_URL: database.url, STEPWELL_QUEUE: 'redis', REDIS_URL: redis.url };
    const server = await startServer({ environment });
    expect(server.output().split('\n')).toContain(`Wake-ups go by BullMQ on Redis at 127.0.0.1:${redis.port}.`);
    // One connection per queue that it hears, and one that says what it has done.
    const reads = String(await redis.client.client('LIST'))
      .split('\n')
      .filter((line) => line.includes('cmd=xread'));
    expect(reads).toHaveLength(2);
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
