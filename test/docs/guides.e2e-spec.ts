/** The code in the guides is code: what stands in one document is type-checked together, as one file of an author would be. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
/** What an author imports beside the sdk. */
const CLASSES = ['class-validator', 'class-validator-jsonschema', 'class-transformer', '@opentelemetry/api'];
const GUIDES = join(ROOT, 'docs/guides');

const codeOf = (document: string): string =>
  [...readFileSync(document, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code).join('\n');

describe('the code in the guides', () => {
  const guides = readdirSync(GUIDES).filter((name) => name.endsWith('.md') && name !== 'README.md');

  it('is there', () => {
    expect(guides.filter((name) => codeOf(join(GUIDES, name)) === '')).toEqual([]);
  });

  it('compiles', () => {
    expect(complaintsOf(new Map(guides.map((name) => [name, codeOf(join(GUIDES, name))])))).toBe('');
  });

  it('would not compile if it asked for what is not there', () => {
    const wrong = "import { workflow } from '@stepwell/sdk';\nexport const x = workflow('x', { version: 1 }).thenn();";
    expect(complaintsOf(new Map([['wrong.md', wrong]]))).toContain('thenn');
  });
});

/** @returns what the compiler says of the documents' code; nothing when all is well */
function complaintsOf(documents: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-guides-'));
  try {
    for (const [name, code] of documents) writeFileSync(join(folder, name.replace('.md', '.ts')), code);
    const compilerOptions = {
      noEmit: true,
      rootDir: '/',
      typeRoots: [join(ROOT, 'node_modules/@types')],
      types: ['node', 'jest'],
      // Packages are found from the folder of the file; these files lie elsewhere.
      paths: {
        '@stepwell/sdk/testing': [join(ROOT, 'libs/testing/index.ts')],
        '@stepwell/*': [join(ROOT, 'libs/*/index.ts')],
        ...Object.fromEntries(CLASSES.map((name) => [name, [join(ROOT, 'node_modules', name)]])),
      },
      noUnusedLocals: false,
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['*.ts'], exclude: [] }),
    );
    execFileSync(process.execPath, [join(ROOT, 'node_modules/ts7/bin/tsc'), '-p', folder], { encoding: 'utf8' });
    return '';
  } catch (error) {
    return (error as { stdout?: string }).stdout ?? String(error);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
