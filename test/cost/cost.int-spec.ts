/**
 * The cost budget: what each unit of work costs the database, counted by the database itself and independent of the clock and of the
 * machine's load. Held still, because they come by the clock and not by the work: heartbeats, sweeps and the watch over long steps (an
 * hour apart here), the question who else listens, checkpoints and autovacuum. Not part of a unit: what pages read, and hints to other
 * processes, of which there are none.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Budget, BUDGETS } from './budget.js';
import { House } from './house.js';
import type { Cost, TableCost } from './meter.js';

/** So many batches are counted together: enough that a page that happens to split does not show. */
const BATCHES = { 1: 100, 100: 5 } as const;
const WARM_UP = { 1: 10, 100: 1 } as const;

let house: House;
beforeAll(async () => {
  house = await House.open();
  // Connections, prepared statements and the first pages of each table.
  for (const { unit, batch } of BUDGETS) for (let index = 0; index < WARM_UP[batch]; index++) await house.run(unit, batch);
});
afterAll(() => house.close());

describe.each(BUDGETS)('$unit, $batch at once', (budget) => {
  const { batch } = budget;
  const batches = BATCHES[batch];
  const units = batches * batch;
  let cost: Cost;

  beforeAll(async () => {
    cost = await house.meter.costOf(async () => {
      for (let index = 0; index < batches; index++) await house.run(budget.unit, batch);
    });
  });

  it('takes exactly these statements', () => {
    expect(cost.statements).toEqual(scaled(budget.statements, batches));
  });

  it('waits for the disk so often', () => {
    expect(cost.commits).toBe(budget.commits * batches);
  });

  it('writes exactly these rows', () => {
    const written = Object.entries(cost.tables).map(([table, { inserted, updated, deleted }]) => [table, { inserted, updated, deleted }]);
    const allowed = Object.entries(budget.rows).map(([table, rows]) => [table, scaled(rows, units)]);
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(allowed));
  });

  it('changes no index in so many updates of runs', () => {
    const { hot, updated } = cost.tables['runs'] as TableCost;
    expect(hot / updated).toBeGreaterThanOrEqual(budget.hotShare);
  });

  it('writes no more WAL', () => {
    expect(cost.walBytes / units).toBeLessThanOrEqual(budget.walBytes);
  });
});

describe('docs/reference/performance.md', () => {
  it.each(BUDGETS)('says what this may cost: $unit, $batch at once', (budget) => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/reference/performance.md'), 'utf8');
    expect(text.split('\n').filter((line) => line.startsWith(`| ${budget.unit} | ${budget.batch} |`))).toEqual([
      expect.stringContaining(lineOf(budget)),
    ]);
  });
});

/** A line of the table there; a column with what was seen follows. */
function lineOf({ unit, batch, statements, commits, rows, hotShare, walBytes }: Budget): string {
  const sum = (numbers: readonly number[]) => Math.round(numbers.reduce((total, one) => total + one, 0) * 100) / 100;
  const count = (key: 'inserted' | 'updated' | 'deleted') => sum(Object.values(rows).map((one) => one[key]));
  const cells = [
    unit,
    batch,
    Math.round((sum(Object.values(statements)) / batch) * 100) / 100,
    commits / batch,
    `${count('inserted')} / ${count('updated')} / ${count('deleted')}`,
    `${Math.round(hotShare * 100)} %`,
    walBytes.toLocaleString('en'),
  ];
  return `| ${cells.join(' | ')} |`;
}

function scaled<Key extends string>(numbers: Readonly<Record<Key, number>>, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries<number>(numbers).map(([name, number]) => [name, Math.round(number * by)]));
}
