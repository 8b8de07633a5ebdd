import http from 'node:http';
import { startTestApp, type TestApp } from '../../../test/access/test-app.js';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/test-database.js';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** As plain as a request can be, so that every header is the test's own choice. */
function send(app: TestApp, method: 'GET' | 'POST', path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port } = new URL(app.url);
  return new Promise((answer, fail) => {
    const json = method === 'POST' ? { 'content-type': 'application/json' } : {};
    const request = http.request({ hostname, port, path, method, headers: { ...json, ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => answer({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', fail);
    request.end(method === 'POST' ? '{"role":"reviewer"}' : undefined);
  });
}

describe('the demo sign-in', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  describe('on a machine of one’s own', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp(database, { access: { mayOfferDemo: true } });
    });
    afterAll(() => app.close());

    it('offers the three roles and signs in as each by one click', async () => {
      await app
        .client()
        .get('/auth/demo-roles')
        .expect(200, { roles: ['reviewer', 'operator', 'admin'] });
      for (const role of ['reviewer', 'operator', 'admin', 'admin']) {
        const { headers } = await app.client().post('/auth/demo-sign-in').send({ role }).expect(204);
        expect(headers['set-cookie']?.[0]).toMatch(/HttpOnly; SameSite=Strict$/);
      }
      await app.client().post('/auth/demo-sign-in').send({ role: 'root' }).expect(400);
      const { rows } = await database.pool.query('SELECT name, role FROM users ORDER BY role');
      expect(rows).toEqual(['admin', 'operator', 'reviewer'].map((role) => ({ name: `demo-${role}`, role })));
    });

    it('makes accounts that no password opens', async () => {
      for (const password of ['!', 'demo', 'demo-admin'])
        await app.client().post('/auth/sign-in').send({ name: 'demo-admin', password }).expect(401);
    });

    it.each(['localhost', '127.0.0.1:3000', '[::1]:80'])('is there for Host %s', async (host) => {
      expect((await send(app, 'GET', '/auth/demo-roles', { host })).status).toBe(200);
    });

    it.each([
      ['a Host that is not loopback', { host: 'stepwell.example' }],
      ['a Host that was rebound to loopback', { host: 'rebound.example:3000' }],
      ['Forwarded', { forwarded: 'for=10.0.0.1' }],
      ['X-Forwarded-For', { 'x-forwarded-for': '127.0.0.1' }],
      ['X-Forwarded-Host', { 'x-forwarded-host': 'localhost' }],
      ['X-Forwarded-Proto', { 'x-forwarded-proto': 'https' }],
      ['X-Real-IP', { 'x-real-ip': '127.0.0.1' }],
      ['Via', { via: '1.1 proxy' }],
      ['X-Envoy-External-Address', { 'x-envoy-external-address': '10.0.0.1' }],
      ['Fly-Client-IP', { 'fly-client-ip': '10.0.0.1' }],
      ['Client-IP', { 'client-ip': '10.0.0.1' }],
      ['CF-Visitor', { 'cf-visitor': '{"scheme":"https"}' }],
      ['Tailscale-User-Login', { 'tailscale-user-login': 'somebody@example.com' }],
    ])('does not exist with %s', (_what, headers) => expectUnknown(app, headers));
  });

  it('does not exist when it may not be offered (another database, or production)', async () => {
    const app = await startTestApp(database, { access: { mayOfferDemo: false } });
    await expectUnknown(app);
    await app.close();
  });

  it('does not exist when the server listens on more than loopback, even for a request over loopback', async () => {
    const app = await startTestApp(database, { access: { mayOfferDemo: true }, host: '0.0.0.0' });
    await expectUnknown(app);
    await app.close();
  });
});

/** The answer is that of a route that nobody ever wrote. */
async function expectUnknown(app: TestApp, headers: Record<string, string> = {}): Promise<void> {
  for (const [method, path] of [
    ['GET', '/auth/demo-roles'],
    ['POST', '/auth/demo-sign-in'],
  ] as const) {
    const answer = await send(app, method, path, headers);
    const unknown = await send(app, method, '/auth/never-written', headers);
    expect(answer.status).toBe(404);
    expect({ ...answer, text: answer.text.replace(path, '') }).toEqual({
      ...unknown,
      text: unknown.text.replace('/auth/never-written', ''),
    });
  }
}
