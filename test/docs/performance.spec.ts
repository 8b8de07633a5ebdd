/** The figures of docs/reference/performance.md are those of the published runs, as bench/published/tables.mjs prints them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const PUBLISHED = join(ROOT, 'bench/published');
const DOCUMENT = readFileSync(join(ROOT, 'docs/reference/performance.md'), 'utf8');
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('| '));
/** Without the heads of tables. */
const figuresOf = (text: string) => rowsOf(text.replace(/^\| .*\n\| --- .*$/gm, ''));
const PRINTED = execFileSync(process.execPath, [join(PUBLISHED, 'tables.mjs')], { encoding: 'utf8' });

it('has what became of every aim of the published runs', () => {
  const aims = rowsOf(PRINTED).filter((row) => /\| (met|missed|not measured)/.test(row));
  expect(aims.length).toBeGreaterThan(8);
  expect(rowsOf(DOCUMENT)).toEqual(expect.arrayContaining(aims));
});

it.each(['Beside others', 'What it aims at', 'What only Stepwell was asked'])('has no other figure under "%s"', (title) => {
  const [, section = ''] = DOCUMENT.split(`\n## ${title}\n`);
  const rows = figuresOf(section.split('\n## ')[0] as string);
  expect(rows.length).toBeGreaterThan(2);
  expect(rowsOf(PRINTED)).toEqual(expect.arrayContaining(rows));
});

it('names every published run', () => {
  for (const file of readdirSync(PUBLISHED).filter((name) => name.endsWith('.json'))) expect(DOCUMENT).toContain(`bench/published/${file}`);
});
