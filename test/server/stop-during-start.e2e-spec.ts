/** Who presses Ctrl-C while the server still starts: it ends in silence, its PostgreSQL with it, and the next start goes on from there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Ended {
  readonly code: number | null;
  readonly printed: string;
}

/**
 * Presses Ctrl-C in the server itself, before it does anything else: who reads what it prints may do so when it is long past that, and then
 * the next start has no such moment any more.
 */
const pressesAt = (moment: string) => `data:text/javascript,${encodeURIComponent(`
  const { write } = process.stdout;
  let isPressed = false;
  process.stdout.write = function (text, ...more) {
    const isWritten = write.call(this, text, ...more);
    if (!isPressed && String(text).includes(${JSON.stringify(moment)})) isPressed = process.kill(process.pid, 'SIGINT');
    return isWritten;
  };`)}`; // prettier-ignore

/** Starts over `dataDirectory` and presses Ctrl-C as soon as `moment` has been printed. */
async function startAndStopAt(moment: string, dataDirectory: string): Promise<Ended> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const server = spawn(process.execPath, ['--enable-source-maps', '--import', pressesAt(moment), 'dist/apps/server/main.js'], {
    env: { ...environment, NODE_ENV: '', PORT: '0', STEPWELL_DATA_DIR: dataDirectory },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let printed = '';
  for (const stream of [server.stdout, server.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(server, 'close')) as [number | null];
  return { code, printed };
}

describe('Ctrl-C while the server starts', () => {
  let dataDirectory: string;
  beforeAll(() => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'stepwell-stopped-'));
    chmodSync(dataDirectory, 0o755);
  });
  afterAll(() => rmSync(dataDirectory, { recursive: true, force: true }));

  const passwords: string[] = [];

  // In this order over the same data: each start goes on where the one before was stopped.
  it.each(['Making a database', 'Foundation1763700000000', 'ChildRuns1763800100000', 'Stepwell is ready'])(
    'at "%s" ends it with code 0, without a stack trace and without a PostgreSQL left running',
    async (moment) => {
      const { code, printed } = await startAndStopAt(moment, dataDirectory);
      passwords.push(...[...printed.matchAll(/one-time password (\S+)/g)].map(([, password]) => password ?? ''));
      expect(printed).toContain(moment);
      expect(printed).toContain('Ctrl-C: finishing what is under way ...');
      expect(printed).not.toMatch(/^ {4}at |error|did not start/im);
      expect(code).toBe(0);
      expect(existsSync(join(dataDirectory, 'postgres/data/postmaster.pid'))).toBe(false);
      expect(existsSync(join(dataDirectory, 'postgres/owner.json'))).toBe(false);
    },
  );

  it('loses no one-time password: the start that made the admin printed it', () => {
    expect(passwords).toHaveLength(1);
  });
});
