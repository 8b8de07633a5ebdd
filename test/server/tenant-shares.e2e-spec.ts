/** `npm run tenants` and the other commands that name a tenant: each works on the database that has it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';

let first: TestDatabase;
let shard: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'stepwell-tenants-'));
const file = join(folder, 'shards.json');
beforeAll(async () => {
  first = await createTestDatabase();
  shard = await createTestDatabase();
  writeFileSync(file, JSON.stringify({ eu: { databaseUrl: shard.url, publicUrl: 'https://eu.example.com', tenants: ['acme'] } }));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await first.drop();
  await shard.drop();
});

async function run(program: string, ...words: string[]): Promise<{ readonly code: number | null; readonly printed: string }> {
  const child = spawn(process.execPath, ['--enable-source-maps', `dist/apps/server/${program}.js`, ...words], {
    env: { ...process.env, DATABASE_URL: first.url, STEPWELL_SHARDS_FILE: file },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed };
}

const sharesIn = async ({ pool }: TestDatabase) =>
  (await pool.query<{ tenant: string }>('SELECT tenant FROM tenant_shares ORDER BY tenant')).rows.map(({ tenant }) => tenant);

it('sets a share where the tenant is, lists those of all databases, and takes it away again', async () => {
  expect(await run('tenant-shares', 'acme', '--weight', '3')).toEqual({ code: 0, printed: 'acme: weight 3, no limit\n' });
  expect(await run('tenant-shares', 'other', '--at-work', '5')).toEqual({
    code: 0,
    printed: 'other: weight 1, at most 5 runs at work\n',
  });
  expect([await sharesIn(first), await sharesIn(shard)]).toEqual([['other'], ['acme']]);
  expect(await run('tenant-shares', 'acme')).toEqual({ code: 0, printed: 'acme: weight 3, no limit\n' });
  const all = await run('tenant-shares');
  expect([all.code, all.printed.trim().split('\n')]).toEqual([0, ['other: weight 1, at most 5 runs at work', 'acme: weight 3, no limit']]);
  expect((await run('tenant-shares', 'other', '--reset')).code).toBe(0);
  expect(await run('tenant-shares')).toEqual({ code: 0, printed: 'acme: weight 3, no limit\n' });
  expect((await run('tenant-shares', 'acme', '--reset')).code).toBe(0);
  expect([await sharesIn(first), await sharesIn(shard)]).toEqual([[], []]);
  expect(await run('tenant-shares')).toEqual({ code: 0, printed: 'Every tenant has weight 1 and no limit.\n' });
});

it.each([
  [['acme', '--weight', '0'], 'The weight is a whole number'],
  [['acme', '--at-work', 'many'], 'The limit of runs at work is a whole number'],
  [['--weight', '3'], 'Of which tenant?'],
  [['acme', 'other'], 'One tenant at a time'],
])('refuses %j', async (words, sentence) => {
  const { code, printed } = await run('tenant-shares', ...words);
  expect([code, printed]).toEqual([1, expect.stringContaining(sentence)]);
  expect(await sharesIn(shard)).toEqual([]);
});

it('verifies the decisions of a tenant where they are', async () => {
  // A seal of nothing: there is something to look at, and it is wrong.
  await shard.pool.query(
    "INSERT INTO decision_seals (tenant, id, task_id, seq, content, hash, sealed_at) VALUES ('acme', new_id(), new_id(), 1, 'x', 'x', now())",
  );
  expect((await run('verify-provenance', '--tenant', 'acme')).code).toBe(1);
  expect((await run('verify-provenance', '--tenant', 'acme', '--database-url', first.url)).code).toBe(3);
});
