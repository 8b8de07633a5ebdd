/** The conditions of the demo sign-in that are decided when the process starts; those of each request are tested in libs/access/demo. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase } from '../postgres/test-database.js';
import { startServer } from './start-server.js';

describe('the demo sign-in of a server process', () => {
  // One after another they have the same data: how it was made is no condition.
  const dataDirectory = mkdtempSync(join(tmpdir(), 'stepwell-demo-'));
  afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

  async function statuses(
    environment: Record<string, string>,
    path = '/auth/demo-roles',
  ): Promise<{ demo: number; unknown: number; output: string }> {
    const server = await startServer({ dataDirectory, environment: { STEPWELL_ROLES: 'api', ...environment } });
    // Listening on every address, it answers on loopback, too.
    const url = server.url.replace('localhost', '127.0.0.1');
    const status = async (at: string) => (await fetch(`${url}${at}`)).status;
    const found = { demo: await status(path), unknown: await status('/auth/never-written'), output: server.output() };
    await server.stop();
    return found;
  }

  it('is offered with the embedded database on loopback', async () => {
    const { demo, output } = await statuses({ STEPWELL_ROLES: 'api,worker,scheduler' });
    expect(demo).toBe(200);
    expect(output).toContain('demo roles');
  });

  it('does not exist in production', async () => {
    const { demo, unknown, output } = await statuses({ NODE_ENV: 'production' });
    expect([demo, unknown]).toEqual([404, 404]);
    expect(output).not.toContain('demo roles');
  });

  it('does not exist with a database of one’s own', async () => {
    const database = await createTestDatabase();
    expect(await statuses({ DATABASE_URL: database.url })).toMatchObject({ demo: 404, unknown: 404 });
    await database.drop();
  });

  it('does not exist without pages; the start says so and where the health is', async () => {
    const { demo, unknown, output } = await statuses({ STEPWELL_ROLES: 'worker,scheduler' });
    expect([demo, unknown]).toEqual([404, 404]);
    expect(output).toMatch(/\nStepwell is ready as worker and scheduler, without pages\. Its health: http:\S+\/health\/ready\n/);
    expect(output).not.toMatch(/[Ss]ign/);
    expect(await statuses({ STEPWELL_ROLES: 'worker' }, '/health/ready')).toMatchObject({ demo: 200 });
  });

  it('does not exist for a server that others can reach', async () => {
    const { demo, unknown, output } = await statuses({ STEPWELL_HOST: '0.0.0.0' });
    expect([demo, unknown]).toEqual([404, 404]);
    expect(output).not.toContain('demo roles');
  });
});
