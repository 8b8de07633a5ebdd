import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type DocumentNode, getIntrospectionQuery, Kind, OperationTypeNode, parse } from 'graphql';
import { checkLimits, MAX_COST, MAX_DEPTH, MAX_SELECTIONS } from './query-limits.js';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));

function check(document: DocumentNode, variables: Record<string, unknown> = {}): void {
  for (const operation of document.definitions)
    if (operation.kind === Kind.OPERATION_DEFINITION) checkLimits({ schema, document, operation, variables });
}
const checking =
  (text: string, variables?: Record<string, unknown>): (() => void) =>
  () =>
    check(parse(text), variables);

/** A run of a run of a run: `fields` of the query are within each other. */
const nested = (fields: number): string =>
  `{ run(id: "x") { ${'tasks { run { '.repeat((fields - 2) / 2)}id${' } }'.repeat((fields - 2) / 2)} } }`;
const page = (first: number, fields: string): string => `{ runs(first: ${first}) { edges { node { ${fields} } } } }`;
const STEPS = 'steps { key attempts { number error { code } } }';
const tooCostly = (reason: RegExp) =>
  expect.objectContaining({ code: 'QUERY_TOO_COSTLY', details: expect.objectContaining({ reason: expect.stringMatching(reason) }) });

describe('the limits of an operation', () => {
  it('let every operation of the pages pass, with the largest page', () => {
    const pages = join('apps', 'web', 'app');
    const sources = readdirSync(pages, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
    const text = sources.flatMap((file) =>
      [...readFileSync(join(pages, file), 'utf8').matchAll(/graphql\(\s*`([^`]+)`/g)].map(([, document]) => document ?? ''),
    );
    const document = parse(text.join('\n'));
    expect(document.definitions.filter((part) => part.kind === Kind.OPERATION_DEFINITION).length).toBeGreaterThan(10);
    expect(() => check(document, { first: 100, id: 'x', name: 'x', current: 'x', next: 'x', workflow: 'x' })).not.toThrow();
  });

  it('let introspection pass, as GraphiQL asks it', () => {
    expect(checking(getIntrospectionQuery())).not.toThrow();
  });

  it('bound how deep fields lie within fields, through fragments, too', () => {
    const tooDeep = expect.objectContaining({ code: 'QUERY_TOO_DEEP', message: expect.stringContaining(`more than ${MAX_DEPTH} deep`) });
    expect(checking(nested(MAX_DEPTH))).not.toThrow(tooDeep);
    expect(checking(nested(MAX_DEPTH + 2))).toThrow(tooDeep);
    const hidden = `{ run(id: "x") { ...A } } fragment A on Run { tasks { run { ... on Run { ...B } } } }
      fragment B on Run { tasks { run { tasks { run { tasks { run { tasks { run { id } } } } } } } } }`;
    expect(checking(hidden)).toThrow(tooDeep);
  });

  it('count a list as often as it is asked for', () => {
    expect(checking(page(20, STEPS))).not.toThrow();
    expect(checking(page(100, `${STEPS} again: ${STEPS}`))).toThrow(tooCostly(/^may return \d+ values$/));
    expect(checking(`query ($n: Int!) { runs(first: $n) { edges { node { ${STEPS} again: ${STEPS} } } } }`, { n: 100 })).toThrow(
      tooCostly(/./),
    );
  });

  it('say by how much an operation is beyond them', () => {
    expect(checking(page(100, `${STEPS} again: ${STEPS}`))).toThrow(`the limit is ${MAX_COST}.`);
  });

  it('cannot be bought off: a page of less than nothing makes nothing cheaper', () => {
    const dear = page(100, `${STEPS} again: ${STEPS}`).slice(1, -1);
    expect(checking(`{ ${dear} cheap: runs(first: -1000000) { edges { node { id } } } }`)).toThrow(tooCostly(/./));
  });

  it('bound how often one request writes, so that aliases try no list of passwords', () => {
    const attempts = (count: number): string =>
      `mutation { ${Array.from({ length: count }, (_, index) => `a${index}: changePassword(current: "${index}", next: "y") { viewer { id } }`).join(' ')} }`;
    expect(checking(attempts(10))).not.toThrow();
    expect(checking(attempts(30))).toThrow(tooCostly(/./));
  });

  it('bound what fragments make of each other', () => {
    const levels = Array.from({ length: 30 }, (_, level) => `fragment F${level} on Run { ...F${level + 1} ...F${level + 1} }`);
    const bomb = `{ run(id: "x") { ...F0 } } ${levels.join(' ')} fragment F30 on Run { id @skip(if: true) }`;
    expect(checking(bomb)).toThrow(tooCostly(/^selects too many fields$/));
    expect(checking(bomb)).toThrow(`the limit is ${MAX_SELECTIONS}.`);
  });

  it('hold for each operation of a document by itself', () => {
    const document = parse(`query A { viewer { id } } query B ${page(100, `${STEPS} again: ${STEPS}`)}`);
    const [first, second] = document.definitions.filter((part) => part.kind === Kind.OPERATION_DEFINITION);
    expect(first?.operation).toBe(OperationTypeNode.QUERY);
    expect(() => first && checkLimits({ schema, document, operation: first, variables: {} })).not.toThrow();
    expect(() => second && checkLimits({ schema, document, operation: second, variables: {} })).toThrow(tooCostly(/./));
  });
});
