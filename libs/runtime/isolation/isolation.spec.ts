import type { Sql } from '@stepwell/storage';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IN_ORDER, IsolatedProcess } from './isolated-process.js';
import type { IsolatedSettings } from './isolated-settings.js';
import { Isolation } from './isolation.js';

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

it('gives back at once what a process held that ended before it had called any code, and takes that for no proof', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-isolation-'));
  const entries = [`process.send({ worker: 'first' }, () => process.exit(1));`, `process.exit(${IN_ORDER});`].map((text, index) => {
    const entry = join(folder, `${index}.mjs`);
    writeFileSync(entry, text);
    return entry;
  });
  const recorded: unknown[][] = [];
  const query = async (_statement: unknown, values: unknown[]) => {
    recorded.push(values);
    return [];
  };
  const sql = { query } as unknown as Sql;
  const ended = new Promise<void>((resolve) => {
    const start = () => {
      const process = new IsolatedProcess(entries.shift() ?? '', undefined, {} as IsolatedSettings);
      if (entries.length === 0) void process.ended.then(() => resolve());
      return process;
    };
    new Isolation({ sql, start, wake: () => undefined, log: quiet }).look();
  });
  await ended;
  expect(recorded).toEqual([
    ['first', null, null, 'null'],
    ['first', null, null, 'null'],
  ]);
  rmSync(folder, { recursive: true });
});
