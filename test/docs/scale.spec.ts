/**
 * The tables of docs/reference/scale.md: those that are simulated are what the simulation prints; what a run costs is what the cost budget
 * allows, and what the simulation is made of.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Budget, BUDGETS } from '../cost/budget.js';

const ROOT = join(import.meta.dirname, '../..');
const PRINT_COST = `const { COST } = await import(process.argv[1]); console.log(JSON.stringify(COST));`;
const simulate = (...words: string[]) =>
  execFileSync(process.execPath, [join(ROOT, 'bench/scale/simulate.mjs'), ...words], { encoding: 'utf8', stdio: 'pipe' });
const rowsOf = (text: string) => text.split('\n').filter((line) => line.startsWith('| '));
/** What the simulation is made of: it is no TypeScript, and this package does not import it. */
const COST = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '-e', PRINT_COST, join(ROOT, 'bench/scale/measured.mjs')], { encoding: 'utf8' }),
) as Readonly<Record<'commits' | 'nodeMs' | 'postgresMs' | 'walBytes', number>>;
const [, SECTION = ''] = readFileSync(join(ROOT, 'docs/reference/scale.md'), 'utf8').split('\n## Past one machine\n');

it('docs/reference/scale.md has what bench/scale/simulate.mjs prints', () => {
  const printed = rowsOf(simulate('--tables'));
  expect(printed.length).toBeGreaterThan(8);
  expect(rowsOf(SECTION)).toEqual(expect.arrayContaining(printed));
});

it('has the statements, commits and log of a three-step run from the cost budget', () => {
  const [alone, together] = [budgetOf(1), budgetOf(100)];
  const log = [alone, together].map(({ walBytes }) => walBytes.toLocaleString('en'));
  expect(rowsOf(SECTION)).toEqual(
    expect.arrayContaining([
      `| statements, commits | ${calls(alone)} one at a time; ${calls(together)} when a hundred go together | the cost budget |`,
      `| log (WAL) | at most ${log[0]} bytes one at a time and ${log[1]} when a hundred go together, without images of whole pages; about ${COST.walBytes.toLocaleString('en')} with them | the cost budget; the bench |`,
    ]),
  );
});

it('simulates what the cost budget and the table say', () => {
  expect(COST.commits).toBe(budgetOf(1).commits);
  // With images of whole pages it is more than what the budget counts, and not by much: the next checkpoint is minutes away.
  expect(COST.walBytes).toBeGreaterThanOrEqual(budgetOf(100).walBytes);
  expect(COST.walBytes).toBeLessThan(1.2 * budgetOf(100).walBytes);
  const cpu = (who: string) => rowsOf(SECTION).find((line) => line.startsWith(`| CPU, ${who} | `));
  expect([cpu('Node'), cpu('PostgreSQL')]).toEqual([
    expect.stringContaining(` ${COST.nodeMs} ms (`),
    expect.stringContaining(` ${COST.postgresMs} ms (`),
  ]);
});

it('says what a word cannot be', () => {
  for (const [words, sentence] of [
    [['--cores', 'many'], /--cores wants whole numbers from 1 to 1024, not "many"\./],
    [['--wal-mb', '0'], /--wal-mb wants a number of at least 0\.001, not "0"\./],
    [['--speed', '3'], /Unknown option '--speed'/],
  ] as const)
    expect(() => simulate(...words)).toThrow(sentence);
});

function budgetOf(batch: Budget['batch']): Budget {
  const budget = BUDGETS.find((one) => one.unit === 'three-step run' && one.batch === batch);
  if (!budget) throw new Error(`There is no budget of three-step runs, ${batch} at once.`);
  return budget;
}

/** Of one run: statements and commits, as one number when they are the same. */
function calls({ statements, commits, batch }: Budget): string {
  const all = Object.values(statements).reduce((sum, one) => sum + one, 0);
  return [...new Set([all / batch, commits / batch])].join(' and ');
}
