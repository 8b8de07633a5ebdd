/** What ARCHITECTURE.md says of the guarantees: the tests that it names are there, and the auditor looks at those that it is said to look at. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKS } from '../../apps/auditor/checks/index.js';

const ROOT = join(import.meta.dirname, '../..');
const [, SECTION = ''] = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8').split('\n## Guarantees\n');
const ROWS = SECTION.split('\n## ')[0]?.split('\n').filter((line) => line.startsWith('| G')) ?? []; // prettier-ignore
const guaranteesIn = (text: string): string[] => [...text.matchAll(/\bG\d+\b/g)].map(([name]) => name);
const guarantees = ROWS.map((row) => guaranteesIn(row)[0]);

describe('the guarantees in ARCHITECTURE.md', () => {
  it('name tests that are there', () => {
    expect(guarantees.length).toBeGreaterThan(20);
    for (const row of ROWS) {
      const tests = [...row.matchAll(/`([\w./-]+spec\.ts)`/g)].map(([, file = '']) => file);
      expect([row.slice(0, 60), tests.length > 0, tests.filter((file) => !existsSync(join(ROOT, file)))]).toEqual([
        row.slice(0, 60),
        true,
        [],
      ]);
    }
  });

  it('say which of them the auditor looks at, and of each other one why it does not', () => {
    const [, looked = '', others = ''] = /There are checks of (.*?)\. (Of the others .*)/.exec(SECTION) ?? [];
    const checked = new Set<string>(CHECKS.map(({ guarantee }) => guarantee));
    expect(guaranteesIn(looked)).toEqual(guarantees.filter((one) => checked.has(one ?? '')));
    const explained = guaranteesIn(others.split(' Of G14 a campaign')[0] ?? '');
    expect(explained.toSorted()).toEqual(guarantees.filter((one) => !checked.has(one ?? '')).toSorted());
  });
});
