import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealTenant } from '@stepwell/tasks';
import { person, TaskDesk, TENANT } from '../tasks/task-desk.js';

interface Ended {
  readonly code: number | null;
  readonly said: string;
  readonly warned: string;
}

async function verify(...words: readonly string[]): Promise<Ended> {
  const program = spawn(process.execPath, ['--enable-source-maps', 'dist/apps/server/verify-provenance.js', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, warned] = ['', ''];
  program.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  program.stderr.on('data', (chunk: Buffer) => (warned += chunk.toString()));
  const [code] = (await once(program, 'close')) as [number | null];
  return { code, said, warned };
}

describe('npm run provenance:verify', () => {
  let desk: TaskDesk;
  let directory: string;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'stepwell-provenance-'));
    desk = await TaskDesk.open();
    const { id } = await desk.seed();
    await desk.tasks.complete({ tenant: TENANT, id, actor: person('Ann'), expectedVersion: 1, answer: { verdict: 'yes' } });
    await sealTenant(desk.pool, TENANT, undefined);
  });
  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    await desk.close();
  });

  it('ends with 3 and a warning for a tenant of which nothing is sealed, for its name may be mistyped', async () => {
    const file = join(directory, 'decisions.jsonl');
    const of = (tenant: string) => ['--database-url', desk.url, '--tenant', tenant];
    expect(await verify(...of(TENANT))).toMatchObject({ code: 0, warned: '', said: expect.stringContaining('Every record is as it was') });
    const nothing = { code: 3, warned: expect.stringContaining('Nothing of the tenant "acne" is sealed') };
    expect(await verify(...of('acne'))).toMatchObject({ ...nothing, said: '' });
    expect(await verify(...of('acne'), '--export', file)).toMatchObject({ ...nothing, said: '' });
    expect(existsSync(file)).toBe(false);

    const start = { kind: 'export', format: 1, tenant: 'acne', from: null, until: null, workflow: null };
    const end = { kind: 'end', seals: 0, records: 0, forms: 0 };
    writeFileSync(file, [start, end].map((line) => `${JSON.stringify(line)}\n`).join(''));
    expect(await verify('--file', file)).toMatchObject(nothing);
  });
});
