/** What the documents say is there: every path they name, every fact and every table. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const DOCUMENTS = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md')).map((file) => `docs/${file}`)]; // prettier-ignore

/** Words in backticks that begin with one of our folders. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/`((?:apps|libs|test|workflows|migrations|bench|docs)\/[^`\s]+)`/g)].map((match) => match[1] ?? '');
}

describe.each(DOCUMENTS)('%s', (document) => {
  it('names files and folders that are there', () => {
    expect(pathsIn(read(document)).filter((path) => !path.includes('*') && !path.includes('<') && !existsSync(join(ROOT, path)))).toEqual(
      [],
    );
  });

  it('links to what is there', () => {
    const links = [...read(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(document), link)))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const section = (title: string): string => read('ARCHITECTURE.md').split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
  /** The words in backticks of the first column of a section's tables. */
  const firstColumn = (title: string): string[] =>
    section(title)
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));

  it('lists every table, and no other', () => {
    const migrations = readdirSync(join(ROOT, 'migrations')).map((file) => read(`migrations/${file}`));
    // A workflow's own tables stand in a schema of its own.
    const tables = migrations.flatMap((text) => [...text.matchAll(/^ *CREATE TABLE (\w+) /gm)].map((match) => match[1]));
    expect(firstColumn('Tables').sort()).toEqual(tables.sort());
  });

  it('lists every type of fact, and no other', () => {
    const facts = readdirSync(join(ROOT, 'libs/engine/facts')).filter((file) => file.endsWith('.facts.ts'));
    const types = facts.flatMap((file) =>
      [...read(`libs/engine/facts/${file}`).matchAll(/: FactType = \{\s+type: '([^']+)'/g)].map((match) => match[1]),
    );
    expect(firstColumn('What is in a journal').sort()).toEqual(types.sort());
  });
});
