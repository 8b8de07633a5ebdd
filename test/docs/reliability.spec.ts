/** What reliability.md says is done, is what the suite does; and no fault stands there without a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_STATEMENTS, WORKER_STATEMENTS } from '../faults/failpoints/order.js';
import { FAULTS } from '../faults/faults.js';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/reference/reliability.md'), 'utf8');
const section = (title: string): string => DOCUMENT.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
const rows = (title: string): string[][] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
const inTicks = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

describe('docs/reference/reliability.md', () => {
  it('tells of every fault of the suite, and of no other', () => {
    expect(rows('Faults').map(([fault = '']) => inTicks(fault)[0])).toEqual([...FAULTS]);
  });

  it('names for each a test that is there', () => {
    const tests = new Set(['apps', 'libs', 'test'].flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('spec.ts')).map((file) => `${folder}/${file}`))); // prettier-ignore
    for (const row of rows('Faults')) {
      const named = inTicks(row.at(-1) ?? '');
      expect([row[0], named.length > 0, named.filter((file) => !tests.has(file))]).toEqual([row[0], true, []]);
    }
  });

  it('names every statement that has a failpoint, and each is one of the product', () => {
    const line = (who: string): string[] => inTicks(new RegExp(`^Of ${who}: (.*)$`, 'm').exec(section('Failpoints'))?.[1] ?? '');
    expect([line('a worker'), line('the server')]).toEqual([[...WORKER_STATEMENTS], [...SERVER_STATEMENTS]]);
    const sources = readdirSync(join(ROOT, 'libs/storage/queries')).map((file) => readFileSync(join(ROOT, 'libs/storage/queries', file), 'utf8')); // prettier-ignore
    const declared = new Set(sources.flatMap((text) => [...text.matchAll(/\bstatement\(\s*'([^']+)'/g)].map((match) => match[1] ?? '')));
    expect([...WORKER_STATEMENTS, ...SERVER_STATEMENTS].filter((name) => name !== 'commit' && !declared.has(name))).toEqual([]);
  });
});
