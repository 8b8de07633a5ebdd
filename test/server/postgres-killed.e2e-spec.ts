import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { startServer } from './start-server.js';

describe('a server whose embedded PostgreSQL is killed', () => {
  it('ends, and says in few lines that it had been serving and what to do', async () => {
    // Nothing flows in: each run that is at work then says so itself.
    const server = await startServer({ environment: { STEPWELL_ROLES: 'api,worker' } });
    const before = server.output();
    const postmaster = Number(readFileSync(join(server.dataDirectory, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(postmaster, 'SIGKILL');
    await once(server.process, 'close');
    const after = server.output().slice(before.length).trim().split('\n');
    expect(await server.stop()).toBe(1);
    expect(after).toContain(
      'Stepwell has stopped: The embedded PostgreSQL has ended by itself. Start Stepwell again; what was accepted is kept.',
    );
    // The drain adds nothing.
    expect(after.length).toBeLessThan(15);
  });
});
