/** What must be so of each database before anything of it is served: it answers, has the schema of this build, and nobody else's tenants. */
import { checkDatabase, StartError } from '@stepwell/postgres';
import { databaseOf, FIRST_DATABASE, type TenantPlacement } from '@stepwell/runtime';
import { isAwayAtStart, migrate, pgSql, SchemaTooNewError, tenantsHere } from '@stepwell/storage';
import pg from 'pg';
import { areSame } from './same-database.js';
import { BOUNDS, type NamedDatabase, type Shard, titleOf } from './shard.js';

/** @returns whether this says that a database is away, and not that a setting is wrong */
export function isAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // Each address of a host has failed in its own way.
  if ('errors' in error && Array.isArray(error.errors) && error.errors.some(isAway)) return true;
  if (isAwayAtStart(error)) return true;
  if ('cause' in error && error.cause !== undefined) return isAway(error.cause);
  return 'message' in error && /timeout|terminated unexpectedly/i.test(String(error.message));
}

/**
 * Brings a shard to the schema of this build, and looks whether it is one of its own.
 *
 * @param databases all of the installation
 * @param placement of this one
 * @throws StartError when it cannot be used, was written by a newer build, is another one of them, or has rows of tenants that are elsewhere
 */
export async function prepareShard(
  { name, databaseUrl, directUrl = databaseUrl }: Shard,
  databases: readonly NamedDatabase[],
  placement: TenantPlacement | undefined,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  await checkDatabase(databaseUrl, `the databaseUrl of shard "${name}"`);
  for (const other of databases) if (other.name !== name) await refuseSame(other, { name, url: directUrl });
  await migrate(directUrl, (migration) => say(`Migrating shard "${name}": ${migration}`), signal).catch((error: unknown) => {
    throw error instanceof SchemaTooNewError ? new StartError(`Shard "${name}": ${error.message}`, 'Nothing was changed.') : error;
  });
  if (placement) await refuseMisplaced(directUrl, placement);
}

/** @throws StartError when the database has rows of a tenant that belongs elsewhere: nobody would see them, and they would be worked off here */
export async function refuseMisplaced(url: string, placement: TenantPlacement): Promise<void> {
  const client = new pg.Client({ connectionString: url, ...BOUNDS });
  // A connection that is cut fails the next statement on it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const [tenant] = (await tenantsHere(pgSql(client))).filter((one) => databaseOf(placement, one) !== placement.database);
    if (tenant === undefined) return;
    const owner = databaseOf(placement, tenant);
    throw new StartError(
      `${titleOf(placement.database)} has rows of tenant "${tenant}", which belongs to ${owner === FIRST_DATABASE ? 'the first database' : `shard "${owner}"`}.`,
      'Correct STEPWELL_SHARDS_FILE: a tenant stays where it began (docs/reference/scale.md).',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** One that is away is passed by: whoever opens it asks again. */
async function refuseSame(...both: readonly [NamedDatabase, NamedDatabase]): Promise<void> {
  const isSame = await areSame(...both).catch((error: unknown) => {
    if (isAway(error)) return false;
    throw error;
  });
  if (!isSame) return;
  const [one, other] = both;
  throw new StartError(
    `${titleOf(one.name)} and shard "${other.name}" are one database under two addresses.`,
    'Give each a database of its own in STEPWELL_SHARDS_FILE.',
  );
}
