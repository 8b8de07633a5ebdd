import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IN_ORDER, IsolatedProcess } from './isolated-process.js';
import type { IsolatedSettings } from './isolated-settings.js';

describe('a process in isolation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-isolated-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const endOf = async (code: number): Promise<string | null> => {
    const entry = join(folder, `exit-${code}.mjs`);
    writeFileSync(entry, `process.exit(${code});`);
    return (await new IsolatedProcess(entry, undefined, {} as IsolatedSettings).ended).reason;
  };

  it('ends in order only when it says so itself: a step that ends it with 0 has ended it, too', async () => {
    expect(await Promise.all([endOf(IN_ORDER), endOf(0), endOf(1)])).toEqual([null, 'exit code 0', 'exit code 1']);
  });

  it('has ended also when a process that it started keeps its output open', async () => {
    const entry = join(folder, 'leaves-one.mjs');
    const pidFile = join(folder, 'left.pid');
    const lasting = `setTimeout(() => undefined, 600_000)`;
    writeFileSync(
      entry,
      `import { spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const left = spawn(process.execPath, ['-e', ${JSON.stringify(lasting)}], { stdio: ['ignore', 'ignore', 'inherit'], detached: true });
      writeFileSync(${JSON.stringify(pidFile)}, String(left.pid));
      process.exit(3);`,
    );
    try {
      expect((await new IsolatedProcess(entry, undefined, {} as IsolatedSettings).ended).reason).toBe('exit code 3');
    } finally {
      process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
    }
  });
});
