/**
 * Writes schema.graphql from the code, or compares (`--check`); run it in the project's folder: `node dist/apps/server/print-schema.js`.
 * `npm run check` compares, so the file that the pages are checked against is never another one than the server's.
 */
import 'reflect-metadata';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { printSchema } from '@stepwell/graphql';
import { unknownWord } from './words.js';

const FILE = 'schema.graphql';

const words = process.argv.slice(2);
const problem = unknownWord(words, ['--check']) ?? (await write(words.includes('--check')));
if (problem !== undefined) {
  console.error(problem);
  process.exitCode = 1;
}

async function write(onlyCompares: boolean): Promise<string | undefined> {
  const schema = await printSchema();
  if (!onlyCompares) writeFileSync(FILE, schema);
  else if (!existsSync(FILE)) return 'There is no schema.graphql here. Run it in the folder of the project.';
  else if (readFileSync(FILE, 'utf8') !== schema)
    return 'schema.graphql is not what libs/graphql says. Write it anew: npm run build:server && node dist/apps/server/print-schema.js';
  return undefined;
}
