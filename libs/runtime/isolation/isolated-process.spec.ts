import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
});
