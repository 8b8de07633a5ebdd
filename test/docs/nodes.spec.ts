/** docs/reference/nodes.md tells of every kind of node, and of every option that the builder takes for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const SOURCES = [
  'libs/sdk/emitter.ts',
  'libs/sdk/step-policies.ts',
  ...readdirSync(join(ROOT, 'libs/sdk/nodes')).map((file) => `libs/sdk/nodes/${file}`),
].map(read);
const KINDS = readdirSync(join(ROOT, 'libs/engine/kinds'))
  .filter((file) => file.endsWith('.kind.ts'))
  .map((file) => /^ {2}kind: '([^']+)'/m.exec(read(`libs/engine/kinds/${file}`))?.[1]);
const SECTIONS = new Map(
  read('docs/reference/nodes.md')
    .split(/^## /m)
    .slice(1)
    .map((text) => [text.slice(0, text.indexOf('\n')), text]),
);

/** The members of an exported interface of options, then those of the one that it extends. */
function membersOf(name: string): string[] {
  const [, head = '', body = ''] =
    SOURCES.map((source) => new RegExp(`^export interface ${name}\\b([^{]*)\\{\\n(.*?)^\\}`, 'ms').exec(source)).find(Boolean) ?? [];
  const base = /extends (\w+)/.exec(head)?.[1];
  const own = [...body.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, member]) => member ?? '');
  return base === undefined ? own : [...own, ...membersOf(base)];
}

describe('docs/reference/nodes.md', () => {
  it('has a section for every kind, and no other', () => {
    expect([...SECTIONS.keys()].sort()).toEqual(KINDS.sort());
  });

  it.each([...SECTIONS])('%s: lists the options of the builder with their defaults', (_kind, text) => {
    const rows = text.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.slice(2, -2).split(' | ')] : []));
    // Without an interface of its own, an id is all that it takes.
    const named = /Options: `(\w+)`\./.exec(text)?.[1];
    const expected = named === undefined ? (text.includes('no options') ? [] : ['id']) : membersOf(named);
    expect(expected.length > 0 || text.includes('no options')).toBe(true);
    expect(rows.map(([name]) => name?.replaceAll('`', ''))).toEqual(expected);
    expect(rows.filter(([, value]) => !value?.trim())).toEqual([]);
  });

  it.each([...SECTIONS])('%s: says what is durable when, what a cancel does, and what a crash may repeat', (_kind, text) => {
    expect([...text.matchAll(/^- \*\*(\w+):\*\* \S/gm)].map(([, title]) => title)).toEqual(['Durable', 'Cancel', 'Crash']);
  });
});
