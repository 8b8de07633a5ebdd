/** `npm run provenance:verify`: over the database of the settings, or the one that is named, or a file. Of the database it only reads. */
import { DEFAULT_TENANT } from '@stepwell/access';
import { attachEmbeddedPostgres } from '@stepwell/postgres';
import { pgSql, sealAt, type Sql } from '@stepwell/storage';
import { type Anchor, type ChainVerdict, exportChain, exportFilterOf, linesOf, sealKeys, verifyChain, verifyExport } from '@stepwell/tasks';
import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readConfig } from './config.js';
import { shardOfTenant } from './shards/shards-file.js';

const text = { type: 'string' } as const;
/** Exit code: there was nothing to look at. Neither 0, for nothing was seen to be right, nor 1, for nothing is wrong. */
const NOTHING_SEALED = 3;
const OPTIONS = { 'database-url': text, tenant: text, anchor: text, file: text, export: text, from: text, until: text, workflow: text };

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  for (const [one, other] of [
    ['file', 'export'],
    ['file', 'database-url'],
    ['file', 'tenant'],
    ['export', 'anchor'],
  ] as const)
    // prettier-ignore
    if (values[one] !== undefined && values[other] !== undefined) throw new Error(`--${one} and --${other} do not go together.`);
  for (const name of ['from', 'until', 'workflow'] as const)
    if (values[name] !== undefined && values.export === undefined)
      throw new Error(`--${name} says what --export writes, which is not there.`);
  const config = readConfig(process.env);
  const keys = sealKeys(config.provenanceKey);
  const anchor = anchorOf(values.anchor);
  if (values.file !== undefined) return verifyFile(pathOf(values.file), keys, anchor);

  const { tenant = DEFAULT_TENANT } = values;
  const known = shardOfTenant(config, tenant)?.databaseUrl ?? config.databaseUrl;
  const url = values['database-url'] ?? known ?? attachEmbeddedPostgres(config.dataDirectory ?? '.stepwell')?.url;
  if (!url) throw new Error('No database is named, and no embedded one runs here: start the server, or say --database-url.');
  const filter = exportFilterOf(values);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    if (values.export !== undefined) return await writeExport(pgSql(client), tenant, filter, pathOf(values.export));
    return told(tenant, await verifyChain(pgSql(client), tenant, keys, anchor));
  } finally {
    await client.end();
  }
}

async function verifyFile(path: string, ...how: readonly [ReturnType<typeof sealKeys>, Anchor | undefined]): Promise<number> {
  const file = await open(path).catch((cause: Error) => {
    throw new Error(`--file cannot be read: ${cause.message}`, { cause });
  });
  const verdict = await verifyExport(linesOf(file.createReadStream({ encoding: 'utf8' })), ...how);
  console.log(`The file has the decisions of the tenant ${verdict.tenant}; its filter left the records of ${verdict.filtered} out.`);
  if (verdict.before !== null)
    console.log(
      `It ends before seal ${verdict.before}: that task was still being answered by people who are not to see each other's answers.`,
    );
  return told(verdict.tenant, verdict);
}

/** Only its owner may read it: it has what reviewers saw. @returns the exit code */
async function writeExport(sql: Sql, tenant: string, filter: Parameters<typeof exportChain>[2], path: string): Promise<number> {
  if ((await sealAt(sql, tenant, 0)).last === 0) return nothingSealed(tenant, 'No file was written.');
  const file = await open(path, 'wx', 0o600);
  try {
    await pipeline(exportChain(sql, tenant, filter), file.createWriteStream());
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  console.log(`Written: ${path}. Look at it with: npm run provenance:verify -- --file ${path}`);
  return 0;
}

/** @returns the exit code */
function told(tenant: string, { sealed, keyed, dropped, head, problems }: ChainVerdict): number {
  if (sealed === 0 && problems.length === 0) return nothingSealed(tenant, 'Nothing was verified.');
  for (const problem of problems) console.error(problem);
  console.log(`${sealed} seals, ${keyed} of them made with a key; the records of ${dropped} went with their months.`);
  console.log(`Head: ${head ? `${head.seq}:${head.hash}` : 'none'}`);
  console.log(problems.length === 0 ? 'Every record is as it was sealed.' : `${problems.length} problems.`);
  return problems.length === 0 ? 0 : 1;
}

function nothingSealed(tenant: string, so: string): number {
  console.error(
    `Nothing of the tenant "${tenant}" is sealed: either nobody has decided anything there yet, or this is not its name. ${so}`,
  );
  return NOTHING_SEALED;
}

/** From where the command was given, which npm does not run it in. */
function pathOf(path: string): string {
  return resolve(process.env.INIT_CWD ?? '.', path);
}

function anchorOf(text: string | undefined): Anchor | undefined {
  if (text === undefined) return undefined;
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seq || !hash) throw new Error(`The anchor is "${text}", but it is a head as this command prints it: 12:<64 hexadecimal digits>.`);
  return { seq: Number(seq), hash };
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(`Nothing was done: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
