/** Each statement of the product has a failpoint, or a reason to have none. */
import { readdirSync, readFileSync } from 'node:fs';
import { COLD_FILES, COLD_STATEMENTS } from './cold-statements.js';
import { SERVER_STATEMENTS, WORKER_STATEMENTS } from './order.js';

const QUERIES = new URL('../../../libs/storage/queries/', import.meta.url);
/** `expiring` is a statement, too. */
const DECLARED = /\b(?:statement|expiring)\(\s*['"`]([^'"`]+)['"`]/g;

const files = readdirSync(QUERIES).flatMap((name) => {
  const [, file] = /^(.*)\.query\.ts$/.exec(name) ?? [];
  if (file === undefined) return [];
  const names = [...readFileSync(new URL(name, QUERIES), 'utf8').matchAll(DECLARED)].map(([, statement = '']) => statement);
  return [{ file, names }];
});
const hot: readonly string[] = [...WORKER_STATEMENTS, ...SERVER_STATEMENTS];

describe('the statements of the product', () => {
  it.each(files.flatMap(({ file, names }) => names.map((name) => [name, file])))(
    '%s of %s.query.ts has a failpoint, or a reason to have none',
    (name, file) =>
      expect([hot.includes(name), file in COLD_FILES || name in COLD_STATEMENTS]).toEqual([hot.includes(name), !hot.includes(name)]),
  );

  it('are found in each file of theirs', () => expect(files.filter(({ names }) => names.length === 0)).toEqual([]));

  it('that a failpoint or a reason speaks of are there', () => {
    const declared = new Set(files.flatMap(({ names }) => names));
    expect([...hot, ...Object.keys(COLD_STATEMENTS)].filter((name) => name !== 'commit' && !declared.has(name))).toEqual([]);
    expect(Object.keys(COLD_FILES).filter((name) => !files.some(({ file }) => file === name))).toEqual([]);
  });

  it('have one failpoint in each process', () => {
    expect([new Set(WORKER_STATEMENTS).size, new Set(SERVER_STATEMENTS).size]).toEqual([
      WORKER_STATEMENTS.length,
      SERVER_STATEMENTS.length,
    ]);
  });
});
