import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WorkerProcess, type WorkerSettings } from './worker-process.js';

/** Leaves a program behind that goes on with its output, and says which. */
const LEAVES_ONE = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
const left = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1_000)'], { stdio: ['ignore', 'inherit', 'inherit'], detached: true });
writeFileSync(new URL('left', import.meta.url), String(left.pid));
process.exit(0);`;

describe('a worker process', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-worker-'));
  const left = () => Number(readFileSync(join(folder, 'left'), 'utf8'));
  afterAll(() => {
    process.kill(left(), 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('is closed soon after its end, also when a program that a step has started still has its output', async () => {
    const entry = join(folder, 'leaves-one.mjs');
    writeFileSync(entry, LEAVES_ONE);
    const worker = new WorkerProcess('worker 1', entry, {} as WorkerSettings);
    await worker.closed;
    expect(await worker.ended).toEqual({ reason: 'exit code 0', wasAsked: false });
    expect(process.kill(left(), 0)).toBe(true);
  }, 20_000);
});
