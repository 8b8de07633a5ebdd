import { describeWithRedis } from '../../../test/redis/describe-with-redis.js';
import { RedisServer } from '../../../test/redis/redis-server.js';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const PATH = '/admin/queues';

describe('the page of the queues', () => {
  let api: ApiApp;
  beforeAll(async () => {
    api = await startApiApp({ roles: ['api'] });
  });
  afterAll(() => api.close());

  it('is for admins only, to look at only, and says so when Redis is not used', async () => {
    await api.client().get(PATH).expect(401);
    for (const role of ['reviewer', 'operator'] as const)
      await api
        .client()
        .get(PATH)
        .set('cookie', (await api.as(role)).cookie)
        .expect(403);
    const { cookie } = await api.as('admin');
    const { text } = await api.client().get(PATH).set('cookie', cookie).expect(200).expect('content-type', /html/);
    expect(text).toContain('Wake-ups go by PostgreSQL here');
    await api.client().post(PATH).set({ cookie, 'x-stepwell-csrf': '1' }).send({}).expect(404);
  });
});

describeWithRedis('the page of the queues, where hints go by Redis', () => {
  let redis: RedisServer;
  let api: ApiApp;
  let admin: ApiUser;
  beforeAll(async () => {
    redis = await RedisServer.start();
    await redis.client.xadd('stepwell:far-away:events', '*', 'event', 'wake', 'origin', 'somebody');
    api = await startApiApp({ roles: ['api', 'worker'], redisUrl: redis.url });
    admin = await api.as('admin');
  });
  afterAll(async () => {
    await api.close();
    await redis.stop();
  });
  const get = (path: string, cookie = admin.cookie) => api.client().get(`${PATH}${path}`).set('cookie', cookie);

  it('is bull-board, with its files, under a policy that lets it name its own folder and ask nobody else', async () => {
    const { text, headers } = await get('').expect(200);
    expect(text).toContain(`<base href="${PATH}/`);
    expect(headers['content-security-policy']).toContain("script-src 'self';");
    expect(headers['content-security-policy']).toContain("base-uri 'self'");
    const [script] = /static\/js\/main\.[^"]+/.exec(text) ?? [];
    await get(`/${script}`)
      .expect(200)
      .expect('content-type', /javascript/);
    const elsewhere = await api.client().get('/admin/queues-of-others');
    expect(elsewhere.headers['content-security-policy']).toContain("base-uri 'none'");
  });

  it('shows the queues that the installation knows and those that Redis has, all read only, and writes nothing', async () => {
    const { body } = await get('/api/queues').expect(200);
    const shown = (body as { queues: { name: string; readOnlyMode: boolean }[] }).queues;
    expect(shown.map(({ name }) => name).sort()).toEqual(['default', 'events', 'far-away']);
    expect(shown.every(({ readOnlyMode }) => readOnlyMode)).toBe(true);
    expect(await redis.client.keys('*')).not.toContain('stepwell:default:meta');
  });

  it('hides its data and files from everybody else, and takes no order from an admin either', async () => {
    const operator = await api.as('operator');
    for (const path of ['', '/api/queues', '/api/redis/stats', '/static/js/main.js']) {
      await api.client().get(`${PATH}${path}`).expect(401);
      await get(path, operator.cookie).expect(403);
    }
    for (const path of ['/api/queues/default/pause', '/api/queues/default/empty', '/api/queues/default/obliterate'])
      await api.client().put(`${PATH}${path}`).set({ cookie: admin.cookie, 'x-stepwell-csrf': '1' }).send({}).expect(404);
  });

  it('says so while Redis is away, and is there again when it is back', async () => {
    await redis.kill();
    const away = async () => (await get('')).status === 503;
    while (!(await away()));
    expect((await get('').expect(503)).text).toContain('Redis is away');
    await redis.startAgain();
    while (await away());
    while ((await get('/api/queues')).status !== 200);
  });
});
