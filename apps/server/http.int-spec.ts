import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiApp, startApiApp } from '../../test/server/api-app.js';
import { askedAt } from '../../test/server/orders.module.js';

describe('the server over HTTP', () => {
  let api: ApiApp;
  let webDirectory: string;
  beforeAll(async () => {
    webDirectory = mkdtempSync(join(tmpdir(), 'stepwell-web-'));
    mkdirSync(join(webDirectory, 'assets'));
    writeFileSync(join(webDirectory, 'index.html'), '<!doctype html><title>Stepwell</title>');
    writeFileSync(join(webDirectory, 'assets', 'main-1a2b3c.js'), 'start()');
    api = await startApiApp({ webDirectory });
  });
  afterAll(async () => {
    await api.close();
    rmSync(webDirectory, { recursive: true, force: true });
  });

  describe('pages', () => {
    it.each(['/', '/inbox/01890000-0000-7000-8000-000000000000', '/runs/x?tab=journal'])(
      '%s is the page, asked for anew each time',
      async (path) => {
        const { text, headers } = await api.client().get(path).expect(200);
        expect(text).toContain('<title>Stepwell</title>');
        expect(headers['cache-control']).toBe('no-cache');
      },
    );

    it('files with a hash in their name are kept for ever', async () => {
      const { headers } = await api.client().get('/assets/main-1a2b3c.js').expect(200);
      expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    });

    it.each(['/auth/unknown', '/health/unknown', '/async-results/x', '/assets/gone.js'])('%s is none', async (path) => {
      await api.client().get(path).expect(404).expect('content-type', /json/);
    });

    it('run no script but our own, and stand in nobody’s frame', async () => {
      for (const path of ['/', '/graphql', '/health/live']) {
        const { headers } = await api.client().get(path);
        expect(headers['content-security-policy']).toBe(
          "default-src 'self';script-src 'self';style-src 'self' 'unsafe-inline';img-src 'self' data: blob:;connect-src 'self' ws: wss:;object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
        );
        expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'referrer-policy': 'no-referrer' });
        expect(headers['x-powered-by']).toBeUndefined();
      }
    });
  });

  it('says how it is', async () => {
    await api.client().get('/health/live').expect(200, { status: 'ok' });
    await api
      .client()
      .get('/health/ready')
      .expect(200, { status: 'ok', wakeUps: { name: 'postgres', isAway: false } });
  });

  describe('GraphiQL', () => {
    it('is not there', async () => {
      const { text } = await api.client().get('/graphql').set('accept', 'text/html');
      expect(text).not.toMatch(/graphiql|<html/i);
    });

    it('is in development, with a looser policy for its page alone', async () => {
      const development = await startApiApp({ hasGraphiql: true, webDirectory, roles: ['api'] });
      const { text, headers } = await development.client().get('/graphql').set('accept', 'text/html').expect(200);
      expect(text).toContain('graphiql');
      expect(headers['content-security-policy']).toContain('https://unpkg.com');
      expect((await development.client().get('/')).headers['content-security-policy']).not.toContain('unpkg');
      await development.close();
    });
  });

  describe('a callback of an outside service', () => {
    /** Path and query of a fresh callback URL, and the run that waits for it. */
    async function asked(): Promise<{
      path: string;
      runId: string;
      status: () => Promise<{ status: string; output: unknown; errorMessage: string }>;
    }> {
      const operator = await api.as('operator');
      const { run } = (await operator.ask('mutation { startRun(workflow: "asking") { run { id } } }')).data.startRun;
      const status = async () =>
        (await operator.ask('query ($id: ID!) { run(id: $id) { status output errorMessage } }', { id: run.id })).data.run;
      await api.until(async () => (await status()).status === 'waiting');
      const url = new URL(askedAt.at(-1) ?? '');
      expect(url.origin).toBe('http://stepwell.test');
      return { path: url.pathname + url.search, runId: run.id, status };
    }
    const deliver = (path: string, body: object) => api.client().post(path).send(body);

    it('delivers a result once, without a sign-in', async () => {
      const { path, status } = await asked();
      await deliver(path, { result: false }).expect(204);
      expect(await api.until(async () => (await status()).status === 'completed' && status())).toMatchObject({ output: false });
      expect((await deliver(path, { result: true }).expect(409)).body.code).toBe('RUN_ENDED');
    });

    it('delivers an error, which fails the attempt', async () => {
      const { path, status } = await asked();
      await deliver(path, { error: 'nobody at home' }).expect(204);
      expect((await api.until(async () => (await status()).status === 'failed' && status())).errorMessage).toContain('nobody at home');
    });

    it('needs the signature of this very result', async () => {
      const [{ path }, other] = [await asked(), await asked()];
      const [id] = path.split('?');
      const signature = other.path.split('?')[1];
      for (const forged of [
        `${id}?${signature}`,
        `${id}?signature=`,
        `${id}?signature=a.b`,
        `${id}`,
        `${path}x`,
        `${id}?signature=a&signature=b`,
      ]) {
        expect((await deliver(forged, { result: 1 }).expect(403)).body.code).toBe('SIGNATURE_INVALID');
      }
      expect((await other.status()).status).toBe('waiting');
    });

    it.each([{}, { result: 1, error: 'x' }, { resutl: 1 }, { error: 5 }, { result: 1, more: 2 }, [1]])('refuses %j', async (body) => {
      const { path } = await asked();
      expect((await deliver(path, body).expect(400)).body.code).toBe('INPUT_INVALID');
    });

    it('is refused when it is nested as deep as its size lets it be', async () => {
      const { path } = await asked();
      const nested = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
      const { body } = await api.client().post(path).type('json').send(`{"result":${nested}}`).expect(400);
      expect(body).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('nested deeper than 64 levels') });
    });

    it('is never read, and never comes from another site’s page or form', async () => {
      const { path } = await asked();
      await api.client().get(path).expect(404);
      await deliver(path, { result: 1 }).set('origin', 'https://evil.example').expect(403);
      await api.client().post(path).type('form').send('result=1').expect(415);
    });
  });
});
