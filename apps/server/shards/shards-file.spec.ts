import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readShards } from './shards-file.js';

const EU = {
  databaseUrl: 'postgresql://stepwell:pass-word@eu/stepwell',
  publicUrl: 'https://eu.example.com/',
  tenants: ['acme', 'globex'],
};
const US = { databaseUrl: 'postgresql://stepwell:pass-word@us/stepwell', publicUrl: 'https://us.example.com', tenants: ['initech'] };
const FIRST = { databaseUrl: 'postgres://somebody@first:5432/stepwell', publicUrl: 'https://example.com' };

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'stepwell-shards-file-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: unknown): unknown {
  const file = join(folder, 'shards.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readShards(file, FIRST);
}

it('has a shard for each field', () => {
  expect(read({ eu: { ...EU, databaseDirectUrl: 'postgresql://eu-direct/stepwell' }, us: US })).toEqual([
    { name: 'eu', ...EU, publicUrl: 'https://eu.example.com', directUrl: 'postgresql://eu-direct/stepwell' },
    { name: 'us', ...US, directUrl: undefined },
  ]);
});

it.each<[unknown, string | RegExp]>([
  ['{', 'The file in STEPWELL_SHARDS_FILE is no JSON.'],
  [[], 'is not an object with a field for each shard.'],
  [{}, 'is not an object with a field for each shard.'],
  [{ eu: 1 }, 'Shard "eu" is no object.'],
  [{ 'E U': EU }, 'Shard "E U" has a name that is not made of up to 40 small letters, digits and "-".'],
  [{ first: EU }, 'Shard "first" has the name of the database in DATABASE_URL.'],
  [{ eu: { ...EU, tenant: 'acme' } }, 'Shard "eu" has a field "tenant"; it has databaseUrl, databaseDirectUrl, publicUrl, tenants.'],
  [{ eu: { ...EU, databaseUrl: 'mysql://x' } }, /Shard "eu" has a databaseUrl that is not of the form/],
  [{ eu: { ...EU, databaseDirectUrl: 7 } }, /Shard "eu" has a databaseDirectUrl that is not of the form/],
  [{ eu: { ...EU, publicUrl: 'eu.example.com' } }, /Shard "eu" has a publicUrl that is not of the form/],
  [{ eu: { ...EU, tenants: [] } }, /Shard "eu" has no list of tenants/],
  [{ eu: { ...EU, tenants: 'acme' } }, /Shard "eu" has no list of tenants/],
  [{ eu: { ...EU, tenants: [''] } }, /Shard "eu" has no list of tenants/],
  [{ eu: EU, us: { ...US, tenants: ['acme'] } }, 'Shard "us" has the tenant "acme" of shard "eu".'],
  [{ eu: { ...EU, tenants: ['default'] } }, 'Shard "eu" has the tenant "default" of the first database.'],
  [
    { eu: EU, us: { ...US, databaseUrl: 'postgres://other@eu:5432/stepwell' } },
    'Shard "us" has the database eu:5432/stepwell of shard "eu".',
  ],
  [{ eu: { ...EU, databaseUrl: 'postgresql://first/stepwell' } }, 'Shard "eu" has the database first:5432/stepwell of DATABASE_URL.'],
  [{ eu: EU, us: { ...US, publicUrl: 'http://EU.example.com:8080' } }, 'Shard "us" has the host eu.example.com of shard "eu".'],
  [{ eu: { ...EU, publicUrl: 'http://example.com' } }, 'Shard "eu" has the host example.com of STEPWELL_PUBLIC_URL.'],
])('refuses %j', (content, sentence) => {
  expect(() => read(content)).toThrow(sentence);
});

it('tells everything at once, what to write, and no password', () => {
  const wrong = () => read({ eu: { ...EU, databaseUrl: 'mysql://a:pass-word@x/y' }, us: { ...US, tenants: [] } });
  expect(wrong).toThrow(/Shard "eu" has a databaseUrl.*Shard "us" has no list of tenants.*Correct STEPWELL_SHARDS_FILE: \{ "eu"/s);
  expect(wrong).not.toThrow(/pass-word/);
});

it('says that there is no such file', () => {
  expect(() => readShards(join(folder, 'none.json'), FIRST)).toThrow('The file in STEPWELL_SHARDS_FILE cannot be read (ENOENT).');
});
