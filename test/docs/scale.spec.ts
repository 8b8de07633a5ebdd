/** The tables of docs/reference/scale.md that are simulated are those that the simulation prints. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const simulate = (...words: string[]) =>
  execFileSync(process.execPath, [join(ROOT, 'bench/scale/simulate.mjs'), ...words], { encoding: 'utf8', stdio: 'pipe' });
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('| '));

it('docs/reference/scale.md has what bench/scale/simulate.mjs prints', () => {
  const [, section = ''] = readFileSync(join(ROOT, 'docs/reference/scale.md'), 'utf8').split('\n## Past one machine\n');
  const printed = rowsOf(simulate('--tables'));
  expect(printed.length).toBeGreaterThan(8);
  expect(rowsOf(section)).toEqual(expect.arrayContaining(printed));
});

it('says what a word cannot be', () => {
  for (const [words, sentence] of [
    [['--cores', 'many'], /--cores wants whole numbers from 1 to 1024, not "many"\./],
    [['--wal-mb', '0'], /--wal-mb wants a number of at least 0\.001, not "0"\./],
    [['--speed', '3'], /Unknown option '--speed'/],
  ] as const)
    expect(() => simulate(...words)).toThrow(sentence);
});
