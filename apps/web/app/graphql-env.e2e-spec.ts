import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

it('types the pages by the schema as it is: graphql-env.d.ts is what schema.graphql generates', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-graphql-env-'));
  try {
    const output = join(folder, 'graphql-env.d.ts');
    const words = ['node_modules/gql.tada/bin/cli.js', 'generate-output', '-c', 'apps/web/tsconfig.json', '-o', output];
    await promisify(execFile)(process.execPath, words);
    // When this fails: npx gql.tada generate-output -c apps/web/tsconfig.json -o apps/web/app/graphql-env.d.ts
    expect(readFileSync('apps/web/app/graphql-env.d.ts', 'utf8')).toBe(readFileSync(output, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
