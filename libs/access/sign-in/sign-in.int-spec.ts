import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Controller, Get, Req } from '@nestjs/common';
import { startTestApp, type TestApp } from '../../../test/access/test-app.js';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';
import { UserService } from '../people/user.service.js';
import { Policy } from '../policy/policy.decorator.js';
import { SessionService } from '../sessions/session.service.js';
import type { WithViewer } from '../viewer.js';
import { SignInThrottle } from './sign-in-throttle.js';

@Controller('who')
class WhoController {
  @Policy('reviewer')
  @Get()
  who(@Req() { viewer }: WithViewer): string {
    return `${viewer?.tenant}/${viewer?.name}`;
  }
}

describe('signing in', () => {
  let database: TestDatabase;
  let app: TestApp;
  let password: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    app = await startTestApp(database, { controllers: [WhoController] });
    const first = await app.app.get(UserService).makeFirstAdmin('default');
    password = first?.password ?? '';
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const signIn = (body: object) => app.client().post('/auth/sign-in').send(body);
  const cookieIn = (response: { headers: Record<string, unknown> }) => String((response.headers['set-cookie'] as string[])[0]);

  it('is possible as the first admin, who is made once and only where there is nobody', async () => {
    expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){3}$/);
    const users = app.app.get(UserService);
    expect(await users.makeFirstAdmin('default')).toBeUndefined();
    const both = await Promise.all([users.makeFirstAdmin('acme'), users.makeFirstAdmin('acme')]);
    expect(both.filter((made) => made !== undefined)).toHaveLength(1);
    const { rows } = await database.pool.query(
      `SELECT tenant, name, role, password_is_one_time FROM users WHERE name = 'admin' ORDER BY tenant`,
    );
    expect(rows).toEqual([
      { tenant: 'acme', name: 'admin', role: 'admin', password_is_one_time: true },
      { tenant: 'default', name: 'admin', role: 'admin', password_is_one_time: true },
    ]);
  });

  it('does not exist where there are no pages', async () => {
    const without = await startTestApp(database, { access: { hasSignIn: false, mayOfferDemo: true } });
    await without.client().post('/auth/sign-in').send({ name: 'admin', password }).expect(404);
    await without.client().get('/auth/demo-roles').expect(404);
    await without.close();
  });

  it('makes no first admin whose one-time password could not be told', async () => {
    const users = app.app.get(UserService);
    const killed = () => {
      throw new Error('killed before it was printed');
    };
    await expect(users.makeFirstAdmin('untold', killed)).rejects.toThrow('killed before');
    expect(await users.findByName('untold', 'admin')).toBeNull();
  });

  it('gives a cookie that no script reads and no other site sends, and signs out again', async () => {
    const response = await signIn({ name: 'admin', password }).expect(204);
    const cookie = cookieIn(response);
    expect(cookie).toMatch(/^stepwell=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);
    await app.client().get('/who').set('cookie', cookie).expect(200, 'default/admin');
    await app.client().post('/auth/sign-out').set('cookie', cookie).send({}).expect(204);
    await app.client().get('/who').set('cookie', cookie).expect(401);
    await app.client().post('/auth/sign-out').set('cookie', cookie).send({}).expect(204);
  });

  it('stores a hash of the token, never the token', async () => {
    const token = /^stepwell=([^;]+)/.exec(cookieIn(await signIn({ name: 'admin', password })))?.[1] ?? '';
    const { rows } = await database.pool.query<{ stored: string }>(`SELECT string_agg(sessions::text, ' ') AS stored FROM sessions`);
    expect(rows[0]?.stored).not.toContain(decodeURIComponent(token).split('.')[1]);
  });

  it('ends the session that this browser had before', async () => {
    const before = cookieIn(await signIn({ name: 'admin', password }));
    await signIn({ name: 'admin', password }).set('cookie', before).expect(204);
    await app.client().get('/who').set('cookie', before).expect(401);
  });

  it('does not tell a wrong name from a wrong password', async () => {
    const wrongName = await signIn({ name: 'nobody', password }).expect(401);
    const wrongPassword = await signIn({ name: 'admin', password: 'wrong' }).expect(401);
    expect(wrongName.body).toEqual({ code: 'SIGN_IN_FAILED', message: 'User name or password is wrong.' });
    expect(wrongPassword.body).toEqual(wrongName.body);
    expect(wrongName.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    {},
    { name: 'admin' },
    { name: 'admin', password: '' },
    { name: ['admin'], password: 'x' },
    { name: 'a\0', password: 'x' },
    { name: 'admin', password: 'x'.repeat(201) },
  ])('refuses %j', async (body) => {
    const { body: answer } = await signIn(body).expect(400);
    expect(answer.code).toBe('INPUT_INVALID');
  });

  it('knows the tenants apart', async () => {
    await signIn({ name: 'admin', password, tenant: 'acme' }).expect(401);
    await signIn({ name: 'admin', password, tenant: 'nowhere' }).expect(401);
  });

  it('is slowed down after five wrong passwords, with the time to wait', async () => {
    const throttle = app.app.get(SignInThrottle);
    const clock = throttle.now;
    throttle.now = () => 0;
    for (let index = 0; index < 5; index++) await signIn({ name: 'carol', password: 'wrong' }).expect(401);
    const refused = await signIn({ name: 'carol', password: 'wrong' }).expect(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect(refused.body.message).toBe('Too many failed sign-ins. Try again in 1 seconds.');
    await signIn({ name: 'admin', password }).expect(204);
    throttle.now = clock;
  });

  describe('a new password', () => {
    it('replaces the one-time one and ends the sessions on other devices', async () => {
      const [here, there] = [cookieIn(await signIn({ name: 'admin', password })), cookieIn(await signIn({ name: 'admin', password }))];
      const viewer = await app.app.get(SessionService).viewerOf(here);
      if (!viewer) throw new Error('Nobody is signed in.');
      const users = app.app.get(UserService);
      const change = (current: string, next: string) => users.changePassword(viewer, '127.0.0.1', current, next);
      await expect(change('wrong', 'correct horse battery')).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        fields: [{ path: 'current' }],
      });
      await expect(change(password, 'short')).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        fields: [{ path: 'next', message: 'Use at least 10 characters.' }],
      });
      await expect(change(password, password)).rejects.toMatchObject({ fields: [{ path: 'next' }] });
      await change(password, 'correct horse battery');
      await app.client().get('/who').set('cookie', there).expect(401);
      await app.client().get('/who').set('cookie', here).expect(200);
      await signIn({ name: 'admin', password }).expect(401);
      await signIn({ name: 'admin', password: 'correct horse battery' }).expect(204);
      expect((await app.app.get(SessionService).viewerOf(here))?.passwordIsOneTime).toBe(false);
    });
  });

  describe('from where and how', () => {
    it('refuses another site, whatever it sends', async () => {
      const refused = await signIn({ name: 'admin', password }).set('origin', 'https://evil.example').expect(403);
      expect(refused.body.code).toBe('ORIGIN_REFUSED');
      await signIn({ name: 'admin', password: 'correct horse battery' }).set('origin', app.url).expect(204);
    });

    it.each([
      'application/x-www-form-urlencoded',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/jsonp',
      'text/plain; application/json',
    ])('refuses what an HTML form can send: %s', async (type) => {
      const { body } = await app.client().post('/auth/sign-in').set('content-type', type).send('name=admin').expect(415);
      expect(body.code).toBe('CONTENT_TYPE_REFUSED');
    });

    it('answers broken and oversized JSON with a refusal, not with a bug', async () => {
      const post = (text: string) => app.client().post('/auth/sign-in').set('content-type', 'application/json').send(text);
      expect((await post('{"name":').expect(400)).body.message).toMatch(/JSON/);
      expect((await post(JSON.stringify({ name: 'x'.repeat(1_100_000) })).expect(413)).body.message).toMatch(/too large/);
    });
  });

  it('says that the database is away, and that this will pass', async () => {
    const { hostname, port } = new URL(database.url);
    const sockets = new Set<Socket>();
    const wire = createServer((near) => {
      const far = connect(Number(port || 5432), hostname);
      for (const end of [near, far]) sockets.add(end.on('error', () => undefined));
      near.pipe(far).pipe(near);
    });
    await once(wire.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(database.url);
    url.host = `127.0.0.1:${(wire.address() as AddressInfo).port}`;
    const other = await startTestApp({ ...database, url: url.href });
    await other.client().post('/auth/sign-in').send({ name: 'nobody', password }).expect(401);
    wire.close();
    const cut = Promise.all([...sockets].filter(({ closed }) => !closed).map((socket) => once(socket, 'close')));
    sockets.forEach((socket) => socket.destroy());
    await cut;
    const { body } = await other.client().post('/auth/sign-in').send({ name: 'nobody', password }).expect(503).expect('Retry-After', '2');
    expect(body).toEqual({
      code: 'DATABASE_UNAVAILABLE',
      message: 'The database does not answer, or takes nothing in. Try again in a moment.',
      seconds: 2,
    });
    await other.close();
  });

  it('sends a Secure, host-bound cookie where people come by https', async () => {
    const other = await startTestApp(database, { access: { publicUrl: 'https://flows.example' } });
    const { headers } = await other
      .client()
      .post('/auth/sign-in')
      .set('origin', 'https://flows.example')
      .send({ name: 'admin', password: 'correct horse battery' })
      .expect(204);
    expect(headers['set-cookie']?.[0]).toMatch(/^__Host-stepwell=[^;]+; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/);
    await other.close();
  });
});
