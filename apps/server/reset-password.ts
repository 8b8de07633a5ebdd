/** `npm run reset-password -- <name> [<tenant>]`: over the database that has the tenant, whether or not a server runs on it. */
import 'reflect-metadata';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_TENANT, resetPassword } from '@stepwell/access';
import {
  attachEmbeddedPostgres,
  checkDatabase,
  hasEmbeddedPostgres,
  isStartError,
  startEmbeddedPostgres,
  StartError,
} from '@stepwell/postgres';
import pg from 'pg';
import { readConfig } from './config.js';
import { shardOfTenant } from './shards/shards-file.js';

const PROJECT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
/** PostgreSQL's code for a table that is not there. */
const UNDEFINED_TABLE = '42P01';

async function main(name: string, tenant: string): Promise<void> {
  const config = readConfig(process.env);
  const shard = shardOfTenant(config, tenant);
  if (shard) {
    await checkDatabase(shard.databaseUrl, `the databaseUrl of shard "${shard.name}"`);
    return resetOver(shard.databaseUrl, name, tenant);
  }
  if (config.databaseUrl) {
    await checkDatabase(config.databaseUrl);
    return resetOver(config.databaseUrl, name, tenant);
  }
  const directory = config.dataDirectory ?? join(PROJECT, '.stepwell');
  const running = attachEmbeddedPostgres(directory);
  if (running) return resetOver(running.url, name, tenant);
  if (!hasEmbeddedPostgres(directory)) throw nobodyYet(directory);
  const postgres = await startEmbeddedPostgres({ directory });
  try {
    await resetOver(postgres.url, name, tenant);
  } finally {
    await postgres.stop();
  }
}

async function resetOver(url: string, name: string, tenant: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  // A connection that is cut fails the next statement on it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const password = await resetPassword(client, tenant, name);
    if (password === undefined)
      throw new StartError(`Nobody named "${name}" signs in by password.`, 'Check the name; the first person is named admin.');
    console.log(`Sign in as ${name} with the one-time password ${password}`);
  } catch (error) {
    throw error instanceof pg.DatabaseError && error.code === UNDEFINED_TABLE ? nobodyYet('this place') : error;
  } finally {
    await client.end();
  }
}

function nobodyYet(where: string): StartError {
  return new StartError(`There is no database of Stepwell in ${where} yet.`, 'npm start makes it, and prints a one-time password.');
}

main(process.argv[2] ?? '', process.argv[3] ?? DEFAULT_TENANT).catch((error: unknown) => {
  console.error(isStartError(error) ? `No password was reset: ${error.message.replace(/\s+/g, ' ')}` : error);
  process.exitCode = 1;
});
