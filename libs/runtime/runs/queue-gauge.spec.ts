import { type QueueBounds, QueueGauge } from './queue-gauge.js';

/** A queue of which a test says how long it is, and a clock that goes on when something waits. */
function makeGauge(bounds: Partial<QueueBounds>) {
  const world = { queued: new Map<string, number>(), now: 0, waited: 0, took: 0, counts: [] as number[], said: [] as string[] };
  const on = { pause: () => {}, count: () => {} };
  const gauge = new QueueGauge(
    { all: null, perTenant: null, whenFull: 'refuse', ...bounds },
    {
      count: async (most, begins) => {
        world.counts.push(most);
        world.now += world.waited;
        begins();
        world.now += world.took;
        on.count();
        return new Map(world.queued);
      },
      warn: (line) => world.said.push(line),
      now: () => world.now,
      pause: async (ms) => {
        world.now += ms;
        on.pause();
      },
    },
  );
  const start = async (tenant = 'a') => {
    await gauge.admit(tenant);
    world.queued.set(tenant, (world.queued.get(tenant) ?? 0) + 1);
  };
  const startMany = async (count: number, tenant?: string) => {
    for (let index = 0; index < count; index++) await start(tenant);
  };
  return { gauge, world, on, start, startMany };
}

const refused = (code: string) => expect.objectContaining({ code });

describe('the gauge of the queue', () => {
  it('counts nothing where there is no bound', async () => {
    const { world, startMany } = makeGauge({});
    await startMany(100);
    expect(world.counts).toEqual([]);
  });

  it('counts once for many starts, up to the bound, and anew when some seconds have passed', async () => {
    const { world, startMany } = makeGauge({ all: 1_000 });
    await startMany(100);
    expect(world.counts).toEqual([1_001]);
    world.now += 2_001;
    await startMany(100);
    expect(world.counts).toHaveLength(2);
  });

  it('refuses the start beyond the bound of a tenant, and of no other', async () => {
    const { start, startMany } = makeGauge({ all: 100, perTenant: 10 });
    await startMany(10, 'a');
    await expect(start('a')).rejects.toEqual(refused('TENANT_QUEUE_FULL'));
    await startMany(10, 'b');
  });

  it('refuses the start beyond the bound of all, whoever fills it, and says so once', async () => {
    const { world, start, startMany } = makeGauge({ all: 10 });
    world.queued.set('b', 6);
    await startMany(4);
    for (const tenant of ['a', 'b', 'c']) await expect(start(tenant)).rejects.toEqual(refused('QUEUE_FULL'));
    expect(world.said).toEqual([expect.stringContaining('The queue is full')]);
  });

  it('takes starts again as soon as others have made room, and not before a count may have seen it', async () => {
    const { world, start, startMany } = makeGauge({ all: 10 });
    await startMany(10);
    await expect(start()).rejects.toEqual(refused('QUEUE_FULL'));
    world.queued.set('a', 5);
    world.now += 251;
    await startMany(5);
    await expect(start()).rejects.toEqual(refused('QUEUE_FULL'));
  });

  it('asks seldom while counts take long: they get a twentieth of the time', async () => {
    const { world, start } = makeGauge({ all: 10 });
    world.queued.set('a', 10);
    world.took = 1_000;
    await expect(start()).rejects.toEqual(refused('QUEUE_FULL'));
    for (let second = 0; second < 20; second++) {
      await expect(start()).rejects.toEqual(refused('QUEUE_FULL'));
      world.now += 1_000;
    }
    expect(world.counts).toHaveLength(1);
    world.now += 1_000;
    await expect(start()).rejects.toEqual(refused('QUEUE_FULL'));
    expect(world.counts).toHaveLength(2);
  });

  it('does not ask seldom because a count had to wait for its connection', async () => {
    const { world, start } = makeGauge({ all: 10 });
    world.waited = 1_000;
    await start();
    world.now += 2_001;
    await start();
    expect(world.counts).toHaveLength(2);
  });

  it('lets no more starts go on than there is room for, of all who waited for one count', async () => {
    const { gauge, world } = makeGauge({ all: 10 });
    world.queued.set('a', 10);
    await expect(gauge.admit('a')).rejects.toEqual(refused('QUEUE_FULL'));
    world.queued.set('a', 9);
    world.now += 251;
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => gauge.admit('a')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(world.counts).toHaveLength(2);
  });

  it('has room again for what was given back, once, whether before a count, during it or after it', async () => {
    const { gauge, world, on } = makeGauge({ all: 3, perTenant: 3 });
    const giveBack = [await gauge.admit('a'), await gauge.admit('a'), await gauge.admit('a')];
    giveBack[0]?.();
    giveBack[0]?.();
    on.count = () => giveBack[1]?.();
    world.now += 2_001;
    // Its count goes on beside it.
    (await gauge.admit('a'))();
    expect(world.counts).toHaveLength(2);
    giveBack[2]?.();
    for (let index = 0; index < 3; index++) await gauge.admit('a');
    await expect(gauge.admit('a')).rejects.toEqual(refused('TENANT_QUEUE_FULL'));
    await expect(gauge.admit('b')).rejects.toEqual(refused('QUEUE_FULL'));
  });

  it('says once which tenant is over its bound, and anew when it had room', async () => {
    const { world, start } = makeGauge({ perTenant: 10 });
    world.queued.set('a', 10).set('b', 10);
    for (let index = 0; index < 5; index++) {
      for (const tenant of ['a', 'b']) await expect(start(tenant)).rejects.toEqual(refused('TENANT_QUEUE_FULL'));
      world.now += 251;
    }
    expect(world.counts.length).toBeGreaterThan(4);
    expect(world.said).toEqual([
      expect.stringContaining('The queue of tenant "a" is full (10 runs)'),
      expect.stringContaining('The queue of tenant "b" is full'),
    ]);
    world.queued.set('a', 2);
    world.now += 2_001;
    await start('a');
    world.queued.set('a', 10);
    world.now += 2_001;
    // By the last count; the next one is made beside it.
    await start('a');
    await expect(start('a')).rejects.toEqual(refused('TENANT_QUEUE_FULL'));
    expect(world.said.slice(2)).toEqual([expect.stringContaining('tenant "a"')]);
  });

  it('says in how many seconds there may be room, by how fast the queue got shorter', async () => {
    const { gauge, world } = makeGauge({ all: 1_000 });
    world.queued.set('a', 1_000);
    await expect(gauge.admit('a')).rejects.toMatchObject({ details: { most: 1_000, seconds: 30 } });
    world.queued.set('a', 1_200);
    world.now += 1_000;
    await expect(gauge.admit('a')).rejects.toMatchObject({ details: { seconds: 30 } });
    world.queued.set('a', 1_190);
    world.now += 1_000;
    await expect(gauge.admit('a')).rejects.toMatchObject({ details: { seconds: 2 } });
  });

  it('slows a start until there is room, if it is told to, and refuses it after ten seconds', async () => {
    const { gauge, world, on, start } = makeGauge({ all: 10, whenFull: 'slow' });
    world.queued.set('a', 10);
    on.pause = () => world.now >= 2_000 && world.queued.set('a', 9);
    await start();
    expect(world.now).toBeGreaterThanOrEqual(2_000);
    on.pause = () => undefined;
    world.queued.set('a', 10);
    const before = world.now;
    await expect(start()).rejects.toEqual(refused('QUEUE_FULL'));
    expect(world.now - before).toBe(10_000);
    // One in an open transaction holds what others wait for.
    await expect(gauge.admit('a', false)).rejects.toEqual(refused('QUEUE_FULL'));
    expect(world.now - before).toBe(10_000);
  });

  it('has emitters wait at four fifths, and lets go of one that nobody waits for', async () => {
    const { gauge, world, on, start } = makeGauge({ all: 10 });
    world.queued.set('a', 8);
    on.pause = () => world.now >= 5_000 && world.queued.set('a', 7);
    await start('b').then(() => world.queued.delete('b'));
    await gauge.roomForEmitter('a', () => undefined);
    expect(world.now).toBeGreaterThanOrEqual(5_000);
    world.queued.set('a', 8);
    world.now += 1_000;
    let looks = 0;
    const goOn = () => {
      if (++looks === 3) throw new Error('Nobody waits.');
    };
    await expect(gauge.roomForEmitter('a', goOn)).rejects.toThrow('Nobody waits.');
  });

  it('goes on by what it knows while the database does not count', async () => {
    const world = { isAway: false, now: 0 };
    const gauge = new QueueGauge(
      { all: 2, perTenant: null, whenFull: 'refuse' },
      {
        count: () => (world.isAway ? Promise.reject(new Error('away')) : Promise.resolve(new Map([['a', 1]]))),
        warn: () => undefined,
        now: () => world.now,
      },
    );
    await gauge.admit('a');
    world.isAway = true;
    world.now += 5_000;
    await expect(gauge.admit('a')).rejects.toEqual(refused('QUEUE_FULL'));
  });
});
