/** What reliability.md says is done, is what the suite does; and no fault stands there without a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { SERVER_STATEMENTS, WORKER_STATEMENTS } from '../faults/failpoints/order.js';
import { FAULTS } from '../faults/faults.js';

const ROOT = join(import.meta.dirname, '../..');
const DOCUMENT = readFileSync(join(ROOT, 'docs/reference/reliability.md'), 'utf8');
const section = (title: string): string => DOCUMENT.split(`\n## ${title}\n`)[1]?.split('\n## ')[0] ?? '';
/** The cells of each row of a section's tables that begins with something in ticks; `columns` tells one table from another. */
const rows = (title: string, columns?: number): string[][] =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
    .filter((cells) => columns === undefined || cells.length === columns);
const FAULT_COLUMNS = 5;
const PROOF_COLUMNS = 4;
const SAID = ['seen', 'repeated', 'lost'];
/** A word or two would be in any title. */
const SHORTEST = 15;

/** What the tests of a file are called; those that are left out do not count. */
function titlesIn(file: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest));
  return titles;
}

/** `it`, or `it.each(...)`; not `it.skip`, nor `it.todo`. */
function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'it';
  if (!ts.isCallExpression(callee) || !ts.isPropertyAccessExpression(callee.expression)) return false;
  const { expression, name } = callee.expression;
  return ts.isIdentifier(expression) && expression.text === 'it' && name.text === 'each';
}

const inTicks = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');

describe('docs/reference/reliability.md', () => {
  it('tells of every fault of the suite, and of no other', () => {
    expect(rows('Faults', FAULT_COLUMNS).map(([fault = '']) => inTicks(fault)[0])).toEqual([...FAULTS]);
  });

  it('names for each, and for all that is said of it, tests that are there by that name', () => {
    const titles = new Map<string, readonly string[]>();
    const isThere = (file: string, test: string): boolean => {
      titles.set(file, titles.get(file) ?? titlesIn(file));
      return titles.get(file)?.some((title) => title.includes(test)) === true;
    };
    const proofs = rows('Faults', PROOF_COLUMNS).map(([faults = '', what = '', file = '', test = '']) => ({
      ...{ faults: inTicks(faults), what: what.split(', '), file: inTicks(file)[0] ?? '', test: test.replaceAll('`', '') },
    }));
    expect(proofs.filter(({ file, test }) => test.length < SHORTEST || !isThere(file, test))).toEqual([]);
    const shown = new Set(proofs.flatMap(({ faults, what }) => faults.flatMap((fault) => what.map((one) => `${fault} ${one}`))));
    expect([...shown].sort()).toEqual(FAULTS.flatMap((fault) => SAID.map((one) => `${fault} ${one}`)).sort());
  });

  it('names every statement that has a failpoint, and each is one of the product', () => {
    const line = (who: string): string[] => inTicks(new RegExp(`^Of ${who}: (.*)$`, 'm').exec(section('Failpoints'))?.[1] ?? '');
    expect([line('a worker'), line('the server')]).toEqual([[...WORKER_STATEMENTS], [...SERVER_STATEMENTS]]);
    const sources = readdirSync(join(ROOT, 'libs/storage/queries')).map((file) => readFileSync(join(ROOT, 'libs/storage/queries', file), 'utf8')); // prettier-ignore
    const declared = new Set(sources.flatMap((text) => [...text.matchAll(/\bstatement\(\s*'([^']+)'/g)].map((match) => match[1] ?? '')));
    expect([...WORKER_STATEMENTS, ...SERVER_STATEMENTS].filter((name) => name !== 'commit' && !declared.has(name))).toEqual([]);
  });
});
