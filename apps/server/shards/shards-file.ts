/** The file in `STEPWELL_SHARDS_FILE`, read once. All that is wrong with it is told at once, and no password with it. */
import { readFileSync } from 'node:fs';
import { DEFAULT_TENANT } from '@stepwell/access';
import { StartError } from '@stepwell/postgres';
import { FIRST_DATABASE } from '@stepwell/runtime';
import type { Shard } from './shard.js';

const FIELDS = ['databaseUrl', 'databaseDirectUrl', 'publicUrl', 'tenants'];
const REMEDY =
  'Correct STEPWELL_SHARDS_FILE: { "eu": { "databaseUrl": "postgresql://...", "publicUrl": "https://eu.example.com", "tenants": ["acme"] } }.';

/** The other settings that a shard must not repeat. */
export interface FirstDatabase {
  /** `undefined`: the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly publicUrl: string | undefined;
}

/** @throws StartError naming everything that is wrong */
export function readShards(file: string, first: FirstDatabase): readonly Shard[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
    throw new StartError(`The file in STEPWELL_SHARDS_FILE ${code === undefined ? 'is no JSON' : `cannot be read (${code})`}.`, REMEDY);
  }
  const problems: string[] = [];
  if (!isObject(content) || Object.keys(content).length === 0)
    throw new StartError('The file in STEPWELL_SHARDS_FILE is not an object with a field for each shard.', REMEDY);
  const shards = Object.entries(content).map(([name, value]) => shardOf(name, value, (problem) => problems.push(problem)));
  const told = shards.filter((shard) => shard !== undefined);
  problems.push(...repeated(told, first));
  if (problems.length > 0) throw new StartError(problems.join(' '), REMEDY);
  return told;
}

/**
 * For commands that work on one tenant.
 *
 * @returns the shard that has the tenant; `undefined`: the first database has it
 * @throws StartError as readShards does
 */
export function shardOfTenant(config: FirstDatabase & { readonly shardsFile: string | undefined }, tenant: string): Shard | undefined {
  return shardsOf(config).find(({ tenants }) => tenants.includes(tenant));
}

/** @returns none where there is one database */
export function shardsOf(config: FirstDatabase & { readonly shardsFile: string | undefined }): readonly Shard[] {
  return config.shardsFile === undefined ? [] : readShards(config.shardsFile, config);
}

function shardOf(name: string, value: unknown, tell: (problem: string) => void): Shard | undefined {
  const at = `Shard "${name}"`;
  let isRight = true;
  const check = (ok: boolean, problem: string): void => {
    if (ok) return;
    isRight = false;
    tell(`${at} ${problem}`);
  };
  check(/^[a-z][a-z0-9-]{0,39}$/.test(name), 'has a name that is not made of up to 40 small letters, digits and "-".');
  check(name !== FIRST_DATABASE, 'has the name of the database in DATABASE_URL.');
  if (!isObject(value)) {
    check(false, 'is no object.');
    return undefined;
  }
  for (const field of Object.keys(value)) check(FIELDS.includes(field), `has a field "${field}"; it has ${FIELDS.join(', ')}.`);
  const { databaseUrl, databaseDirectUrl, publicUrl, tenants } = value;
  check(isUrl(databaseUrl, /^postgres(ql)?:$/), 'has a databaseUrl that is not of the form postgresql://user:password@host:5432/database.');
  check(
    databaseDirectUrl === undefined || isUrl(databaseDirectUrl, /^postgres(ql)?:$/),
    'has a databaseDirectUrl that is not of the form postgresql://user:password@host:5432/database.',
  );
  check(isUrl(publicUrl, /^https?:$/), 'has a publicUrl that is not of the form https://eu.example.com.');
  const names = Array.isArray(tenants) ? tenants : [];
  check(
    names.length > 0 && names.every((tenant) => typeof tenant === 'string' && /^[^\0]{1,200}$/.test(tenant)),
    'has no list of tenants, each a text of up to 200 characters.',
  );
  if (!isRight) return undefined;
  return {
    ...{ name, databaseUrl: databaseUrl as string, directUrl: databaseDirectUrl as string | undefined },
    ...{ publicUrl: (publicUrl as string).replace(/\/+$/, ''), tenants: names as [string, ...string[]] },
  };
}

/** What two databases have that only one can have. Another spelling of one address is found when they are there (same-database.ts). */
function repeated(shards: readonly Shard[], first: FirstDatabase): string[] {
  const problems: string[] = [];
  const seen = (what: string, start: readonly (readonly [key: string, owner: string])[]) => {
    const owners = new Map(start);
    return (key: string, name: string, shown = key): void => {
      const owner = owners.get(key);
      if (owner === undefined) owners.set(key, `shard "${name}"`);
      else problems.push(`Shard "${name}" has ${what} ${shown} of ${owner}.`);
    };
  };
  const ofFirst = (value: string | undefined, key: (text: string) => string, owner: string) =>
    value === undefined ? [] : [[key(value), owner] as const];
  const database = seen('the database', ofFirst(first.databaseUrl, addressOf, 'DATABASE_URL'));
  const host = seen('the host', ofFirst(first.publicUrl, hostOf, 'STEPWELL_PUBLIC_URL'));
  const tenant = seen('the tenant', [[DEFAULT_TENANT, 'the first database']]);
  for (const { name, databaseUrl, publicUrl, tenants } of shards) {
    database(addressOf(databaseUrl), name);
    host(hostOf(publicUrl), name);
    for (const one of tenants) tenant(one, name, `"${one}"`);
  }
  return problems;
}

/** Without user and password. */
function addressOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
}

/** By which requests are told apart: without a port, which a balancer may change. */
export function hostOf(url: string): string {
  return new URL(url).hostname.toLowerCase();
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isUrl(value: unknown, protocol: RegExp): boolean {
  return typeof value === 'string' && URL.canParse(value) && protocol.test(new URL(value).protocol);
}
