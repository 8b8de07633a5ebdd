/** A bug that is no bug any more, because what it changes reads otherwise, would be found by nobody and show nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutation, type MutationName, MUTATION_NAMES, MUTATIONS } from './mutations.js';

const ROOT = join(import.meta.dirname, '../../..');
const QUERIES = join(ROOT, 'libs/storage/queries');

interface Named {
  readonly name: string;
  readonly text: string;
}
const isStatement = (value: unknown): value is Named => typeof value === 'object' && value !== null && 'name' in value && 'text' in value;

const statements = new Map<string, string>();
beforeAll(async () => {
  for (const file of readdirSync(QUERIES).filter((one) => one.endsWith('.query.ts'))) {
    const exported = (await import(join(QUERIES, file))) as Record<string, unknown>;
    for (const { name, text } of Object.values(exported).filter(isStatement)) statements.set(name, text);
  }
});

describe('a known bug', () => {
  it('has its row and its story in the docs, and was found out', () => {
    const rows = readFileSync(join(ROOT, 'docs/reference/reliability.md'), 'utf8').split('<!-- bugs:')[1]?.split('<!-- end -->')[0] ?? '';
    const told = [...rows.matchAll(/^\| `([\w-]+)` \| (.*?) \|/gm)].map(([, name, story]) => [name, story]);
    expect(told).toEqual(MUTATION_NAMES.map((name) => [name, MUTATIONS[name].story]));
    // That it was found once, and the control nothing.
    const found = [...rows.matchAll(/^\| (`[\w-]+`|none) \| .*? \| (.*?) \| (.*?) \| \d+ \|$/gm)].map(([, name, who, what]) => [name, who !== '' && what !== '**nothing**']); // prettier-ignore
    expect(found).toEqual([['none', false], ...MUTATION_NAMES.map((name) => [`\`${name}\``, true])]);
  });

  it.each(MUTATION_NAMES)('changes what is there: %s', (bug: MutationName) => {
    const { replace = {}, swallow = {}, source = {} }: Mutation = MUTATIONS[bug];
    for (const [name, pairs] of Object.entries(replace))
      for (const [piece] of pairs) expect([name, statements.get(name)]).toEqual([name, expect.stringContaining(String(piece))]);
    for (const name of Object.keys(swallow)) expect([...statements.keys()]).toContain(name);
    for (const [file, [piece]] of Object.entries(source))
      expect(readFileSync(join(ROOT, file.replace(/\.js$/, '.ts')), 'utf8')).toContain(piece);
  });
});
