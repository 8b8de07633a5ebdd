/** A failpoint by the environment, as somebody uses it who looks for what happens at one place: a worker of the suite, started by hand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, type TestDatabase } from '../../postgres/test-database.js';
import type { ProcessSettings } from '../processes/settings.js';

const WORKER = fileURLToPath(new URL('../processes/worker-process.ts', import.meta.url));

let database: TestDatabase;
beforeEach(async () => (database = await createTestDatabase()));
afterEach(() => database.drop());
/** A worker is compiled as it starts, which takes a busy machine a minute. */
const LONG_MS = 300_000;

/** @returns how it ended, and what it told */
async function runWorker(failpoint: string): Promise<{ readonly how: unknown; readonly lines: readonly string[] }> {
  const settings: ProcessSettings = {
    databaseUrl: database.url,
    queues: ['default'],
    leaseMs: 1_500,
    sweepMs: 300,
    port: 0,
    skewMs: 0,
    orders: [],
  };
  const worker = spawn(
    process.execPath,
    ['--no-warnings', '--import', '@swc-node/register/esm-register', WORKER, JSON.stringify(settings)],
    {
      env: { ...process.env, STEPWELL_FAILPOINT: failpoint, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const lines: string[] = [];
  createInterface(worker.stdout).on('line', (line) => lines.push(line));
  const [code, signal] = (await once(worker, 'close')) as [number | null, NodeJS.Signals | null];
  return { how: code ?? signal, lines };
}

const told = (lines: readonly string[]) => lines.filter((line) => line.startsWith('{"fired"')).map((line) => JSON.parse(line) as object);

describe('STEPWELL_FAILPOINT', () => {
  it(
    'has a worker end itself at the statement, place and time that it names, which the worker tells first',
    async () => {
      const { how, lines } = await runWorker('heartbeat:after:kill:3');
      expect(how).toBe('SIGKILL');
      expect(told(lines)).toEqual([{ fired: 'heartbeat:after:kill', pid: expect.any(Number) as unknown }]);
      // The third one was heard: the lease was made longer after the worker had come.
      const { rows } = await database.pool.query<{ beats: boolean }>(
        "SELECT expires_at - started_at > interval '2.7 s' AS beats FROM workers WHERE ended_at IS NULL",
      );
      expect(rows).toEqual([{ beats: true }]);
    },
    LONG_MS,
  );

  it(
    'has more than one, by commas',
    async () => {
      const { how, lines } = await runWorker('heartbeat:before:57014:1:2,heartbeat:before:kill:4');
      expect(how).toBe('SIGKILL');
      expect(told(lines)).toMatchObject([{ fired: 'heartbeat:before:57014' }, { fired: 'heartbeat:before:57014' }, { fired: 'heartbeat:before:kill' }]); // prettier-ignore
    },
    LONG_MS,
  );
});
