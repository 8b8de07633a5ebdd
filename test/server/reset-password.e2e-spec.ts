import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmptyDatabase } from '../postgres/test-database.js';
import { startServer } from './start-server.js';

interface Reset {
  readonly code: number | null;
  readonly printed: string;
  readonly password: string;
}

async function reset(name: string, dataDirectory: string, databaseUrl = ''): Promise<Reset> {
  const program = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/server/reset-password.js', name], {
    env: { ...process.env, STEPWELL_DATA_DIR: dataDirectory, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [program.stdout, program.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(program, 'close')) as [number | null];
  return { code, printed, password: /one-time password (\S+)/.exec(printed)?.[1] ?? '' };
}

function signIn(url: string, password: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', origin: url };
  return fetch(`${url}/auth/sign-in`, { method: 'POST', headers, body: JSON.stringify({ name: 'admin', password }) });
}

describe('who has lost the one-time password', () => {
  let dataDirectory: string;
  beforeAll(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'stepwell-reset-'));
    chmodSync(dataDirectory, 0o755);
  });
  afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

  it('gets another, beside the running server and without it, which ends the sessions', async () => {
    expect(await reset('admin', dataDirectory)).toMatchObject({
      code: 1,
      printed: `No password was reset: There is no database of Stepwell in ${dataDirectory} yet. npm start makes it, and prints a one-time password.\n`,
    });

    const first = await startServer({ dataDirectory });
    const signOf = async (url: string, cookie: string) => {
      const headers = { 'content-type': 'application/json', 'x-stepwell-csrf': '1', origin: url, cookie };
      const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{"query":"{ viewer { name } }"}' });
      return (await answer.text()).includes('"admin"');
    };
    const session = (await signIn(first.url, first.adminPassword)).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(await signOf(first.url, session)).toBe(true);
    const beside = await reset('admin', dataDirectory);
    expect([beside.code, beside.printed]).toEqual([0, `Sign in as admin with the one-time password ${beside.password}\n`]);
    expect(await signOf(first.url, session)).toBe(false);
    expect((await signIn(first.url, first.adminPassword)).status).toBe(401);
    expect((await signIn(first.url, beside.password)).status).toBe(204);
    const nobody = await reset('demo-admin', dataDirectory);
    expect(nobody).toMatchObject({ code: 1, password: '' });
    expect(nobody.printed).toMatch(/^No password was reset: Nobody named "demo-admin" signs in by password\. .+\n$/);
    await first.stop();

    const without = await reset('admin', dataDirectory);
    expect(without.code).toBe(0);
    const second = await startServer({ dataDirectory });
    expect((await signIn(second.url, without.password)).status).toBe(204);
    await second.stop();
  });

  it('gets another over a database of one’s own', async () => {
    const database = await createEmptyDatabase();
    expect((await reset('admin', dataDirectory, database.url)).printed).toMatch(
      /^No password was reset: There is no database of Stepwell in/,
    );
    const server = await startServer({ environment: { DATABASE_URL: database.url, STEPWELL_ROLES: 'api' } });
    const { password } = await reset('admin', dataDirectory, database.url);
    expect((await signIn(server.url, password)).status).toBe(204);
    await server.stop();
    await database.drop();
  });
});
