/** `npm run provenance:verify`: over the database of the settings, or the one that is named. It only reads. */
import { DEFAULT_TENANT } from '@stepwell/access';
import { attachEmbeddedPostgres } from '@stepwell/postgres';
import { pgSql } from '@stepwell/storage';
import { type Anchor, sealKeys, verifyChain } from '@stepwell/tasks';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { readConfig } from './config.js';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { 'database-url': { type: 'string' }, tenant: { type: 'string', default: DEFAULT_TENANT }, anchor: { type: 'string' } },
  });
  const config = readConfig(process.env);
  const url = values['database-url'] ?? config.databaseUrl ?? attachEmbeddedPostgres(config.dataDirectory ?? '.stepwell')?.url;
  if (!url) throw new Error('No database is named, and no embedded one runs here: start the server, or say --database-url.');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const verdict = await verifyChain(pgSql(client), values.tenant, sealKeys(config.provenanceKey), anchorOf(values.anchor));
    for (const problem of verdict.problems) console.error(problem);
    const { sealed, keyed, dropped, head, problems } = verdict;
    console.log(`${sealed} seals, ${keyed} of them made with a key; the records of ${dropped} went with their months.`);
    console.log(`Head: ${head ? `${head.seq}:${head.hash}` : 'none'}`);
    console.log(problems.length === 0 ? 'Every record is as it was sealed.' : `${problems.length} problems.`);
    return problems.length === 0 ? 0 : 1;
  } finally {
    await client.end();
  }
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
    console.error(`Nothing was verified: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 2;
  },
);
