import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '../postgres/test-database.js';
import { startServer } from './start-server.js';

describe('the server process', () => {
  it('starts on nothing, brings tasks to the inbox, stops on SIGTERM and starts again on the same data', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'stepwell-again-'));
    const first = await startServer({ dataDirectory });
    expect(first.adminPassword).toMatch(/^[a-z0-9-]{10,}$/);
    expect((await fetch(`${first.url}/health/ready`)).status).toBe(200);
    const page = await fetch(`${first.url}/inbox/some-task`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await first.stop()).toBe(0);

    const second = await startServer({ dataDirectory });
    expect(second.adminPassword).toBe('');
    second.process.kill('SIGKILL');
    await new Promise((resolve) => second.process.once('exit', resolve));

    const third = await startServer({ dataDirectory });
    expect((await fetch(`${third.url}/health/ready`)).status).toBe(200);
    expect(await third.stop()).toBe(0);
    rmSync(dataDirectory, { recursive: true, force: true });
  }, 240_000);

  it('says in one line what is wrong and what to do', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => busy.once('listening', resolve));
    const port = (busy.address() as AddressInfo).port;
    const refusals = [
      [
        { PORT: String(port) },
        /^.*\nStepwell did not start: Port \d+ of 127\.0\.0\.1 is busy\. Stop what uses it, or choose another: PORT=\d+ npm start\.\n$/s,
      ],
      [{ DATABASE_URL: 'postgresql://nobody:wrong@127.0.0.1:1/none' }, /Stepwell did not start: .*127\.0\.0\.1:1/],
      [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL is not of the form/],
      [{ STEPWELL_ROLES: 'cook' }, /the roles are api, worker, scheduler/],
    ] as const;
    await Promise.all(refusals.map(([environment, words]) => expect(startServer({ environment })).rejects.toThrow(words)));
    busy.close();
  }, 180_000);

  it('refuses a database of a newer version', async () => {
    const database = await createTestDatabase();
    await database.pool.query("INSERT INTO migrations (timestamp, name) VALUES (9999, 'FromTheFuture9999')");
    await expect(startServer({ environment: { DATABASE_URL: database.url } })).rejects.toThrow(
      /did not start: .*FromTheFuture9999.*newer version/,
    );
    await database.drop();
  }, 180_000);
});
