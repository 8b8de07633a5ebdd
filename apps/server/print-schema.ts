/**
 * Writes schema.graphql from the code, or compares (`--check`); run it in the project's folder: `node dist/apps/server/print-schema.js`.
 * `npm run check` compares, so the file that the pages are checked against is never another one than the server's.
 */
import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { printSchema } from '@stepwell/graphql';

const FILE = 'schema.graphql';

const schema = await printSchema();
if (!process.argv.includes('--check')) writeFileSync(FILE, schema);
else if (readFileSync(FILE, 'utf8') !== schema) {
  console.error(
    'schema.graphql is not what libs/graphql says. Write it anew: npm run build:server && node dist/apps/server/print-schema.js',
  );
  process.exitCode = 1;
}
