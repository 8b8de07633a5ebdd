/** A database of the installation beside the first one, as the file in `STEPWELL_SHARDS_FILE` names it. */
import { FIRST_DATABASE, type RuntimeOptions, type TenantClients, type TenantPlacement } from '@stepwell/runtime';

export interface Shard {
  readonly name: string;
  readonly databaseUrl: string;
  /** For LISTEN and migrations, when `databaseUrl` goes through a transaction pooler. */
  readonly directUrl: string | undefined;
  /** Where its tenants reach it: requests come to it by the host of this address. Without a slash at its end. */
  readonly publicUrl: string;
  /** The sign-in page has the people of the first of them. */
  readonly tenants: readonly [string, ...string[]];
}

/** Where a database can be asked directly. */
export interface NamedDatabase {
  readonly name: string;
  readonly url: string;
}

/** Of a connection that looks at a database before it is opened: one that takes connections and answers nothing is as good as away. */
export const BOUNDS = { connectionTimeoutMillis: 5_000, query_timeout: 5_000 };

/** @returns for a process on the database of this name: which one it is, and who is in the others; `undefined` where there are none */
export function placementIn(database: string, shards: readonly Shard[]): TenantPlacement | undefined {
  if (shards.length === 0) return undefined;
  return { database, databaseOf: Object.fromEntries(shards.flatMap(({ name, tenants }) => tenants.map((tenant) => [tenant, name]))) };
}

/**
 * @param first the options of the first database, in the same process
 * @param clients of all databases in this process
 */
export function optionsOf(shard: Shard, first: RuntimeOptions, shards: readonly Shard[], clients: TenantClients): RuntimeOptions {
  const { name, databaseUrl, directUrl = databaseUrl, publicUrl, tenants } = shard;
  return { ...first, databaseUrl, directUrl, publicUrl, tenants, placement: placementIn(name, shards), clients };
}

export function databasesOf(first: Pick<RuntimeOptions, 'databaseUrl' | 'directUrl'>, shards: readonly Shard[]): NamedDatabase[] {
  return [{ ...first, name: FIRST_DATABASE }, ...shards].map(({ name, databaseUrl, directUrl }) => ({
    name,
    url: directUrl ?? databaseUrl,
  }));
}

/** For people. */
export function titleOf(database: string): string {
  return database === FIRST_DATABASE ? 'The first database' : `Shard "${database}"`;
}
