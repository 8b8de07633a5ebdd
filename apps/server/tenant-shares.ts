/** `npm run tenants`: the weights and limits of tenants, over the database that has the tenant, or the one that is named. A server may run on it. */
import { attachEmbeddedPostgres } from '@stepwell/postgres';
import { listTenantShares, pgSql, resetTenantShare, setTenantShare, type Sql, type TenantShare } from '@stepwell/storage';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { type Config, readConfig } from './config.js';
import { shardOfTenant, shardsOf } from './shards/shards-file.js';

const text = { type: 'string' } as const;
const OPTIONS = { 'database-url': text, weight: text, 'at-work': text, reset: { type: 'boolean' } } as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  if (positionals.length > 1) throw new Error(`One tenant at a time, not "${positionals.join(' ').slice(0, 100)}".`);
  const [tenant] = positionals;
  if (isChange(values) && tenant === undefined)
    throw new Error('Of which tenant? Its name comes first: npm run tenants -- acme --weight 3');
  if (values.reset === true && (values.weight !== undefined || values['at-work'] !== undefined))
    throw new Error('--reset takes weight and limit away; it does not go together with --weight and --at-work.');
  const config = readConfig(process.env);
  const shares: TenantShare[] = [];
  for (const url of urlsFor(tenant, values['database-url'], config)) shares.push(...(await over(url, tenant, values)));
  print(shares, tenant);
}

/** Of the database that has the tenant, or of all of them. */
function urlsFor(tenant: string | undefined, named: string | undefined, config: Config): string[] {
  if (named !== undefined) return [named];
  const shard = tenant === undefined ? undefined : shardOfTenant(config, tenant);
  if (shard) return [shard.databaseUrl];
  const first = config.databaseUrl ?? attachEmbeddedPostgres(config.dataDirectory ?? '.stepwell')?.url;
  if (!first) throw new Error('No database is named, and no embedded one runs here: start the server, or say --database-url.');
  return [first, ...(tenant === undefined ? shardsOf(config).map(({ databaseUrl }) => databaseUrl) : [])];
}

/** @returns the shares there, of the tenant or of all, after the change */
async function over(url: string, tenant: string | undefined, values: Values): Promise<TenantShare[]> {
  const client = new pg.Client({ connectionString: url });
  // A connection that is cut fails the next statement on it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const sql = pgSql(client);
    if (tenant !== undefined) await change(sql, tenant, values);
    return (await listTenantShares(sql)).filter((one) => tenant === undefined || one.tenant === tenant);
  } finally {
    await client.end();
  }
}

type Values = { readonly [name in 'weight' | 'at-work']?: string | undefined } & { readonly reset?: boolean | undefined };

function isChange(values: Values): boolean {
  return values.weight !== undefined || values['at-work'] !== undefined || values.reset === true;
}

/** Nothing, when it is only asked how the tenant stands. */
async function change(sql: Sql, tenant: string, values: Values): Promise<void> {
  if (!isChange(values)) return;
  if (values.reset === true) return resetTenantShare(sql, tenant);
  const before = (await listTenantShares(sql)).find((one) => one.tenant === tenant);
  const atWork = values['at-work'];
  await setTenantShare(sql, {
    tenant,
    weight: values.weight === undefined ? (before?.weight ?? 1) : numberOf(values.weight),
    atWork: atWork === undefined ? (before?.atWork ?? null) : atWork === 'off' ? null : numberOf(atWork),
  });
}

function print(shares: readonly TenantShare[], tenant: string | undefined): void {
  if (shares.length === 0) console.log(tenant === undefined ? 'Every tenant has weight 1 and no limit.' : `${tenant}: weight 1, no limit`);
  for (const { tenant: name, weight, atWork } of shares)
    console.log(`${name}: weight ${weight}, ${atWork === null ? 'no limit' : `at most ${atWork} runs at work`}`);
}

/** What is no number is refused as one. */
function numberOf(word: string): number {
  return /^\d{1,10}$/.test(word) ? Number(word) : Number.NaN;
}

main().catch((error: unknown) => {
  console.error(`Nothing was done: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
