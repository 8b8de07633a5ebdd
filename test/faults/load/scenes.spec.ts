/** A kind of node that no workflow of the load has, or a fact that it never comes to, would be harmed by nobody. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '@stepwell/engine';
import { definitionOf } from '@stepwell/sdk';
import { MET, OTHERS } from './facts.js';
import { LOADED } from './load-checks.js';

const LIBS = join(import.meta.dirname, '../../../libs');
const found = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(LIBS, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('spec.ts'))
    .flatMap((name) => [...readFileSync(join(LIBS, folder, name), 'utf8').matchAll(pattern)].map(([, word = '']) => word));
/** Each definition of a node says its kind so, and nothing else does. */
const kinds = found('sdk', /^ {2}readonly kind: '([a-z-]+)';$/gm);
const facts = found('engine/facts', /\btype: '([a-z.-]+)',\s+version: \d/g);

const graphs = LOADED.map((hosted) => compile(definitionOf(hosted)));

describe('the load', () => {
  it.each(kinds)('has a workflow with a node of the kind %s', (kind) => {
    expect(graphs.flatMap(({ byPath }) => [...byPath.values()]).map(({ definition }) => definition.kind)).toContain(kind);
  });

  it.each(facts)('meets the fact %s, or has a reason not to', (type) => {
    expect([(MET as readonly string[]).includes(type), type in OTHERS]).toEqual([!(type in OTHERS), type in OTHERS]);
  });

  it.each(
    Object.entries(OTHERS).flatMap(([type, reason]) =>
      [...reason.matchAll(/[\w/.-]+\.(?:int-)?spec\.ts/g)].map(([file]) => [type, file] as const),
    ),
  )('does not meet %s, and the test that has it is there: %s', (_, file) => expect(existsSync(join(LIBS, '..', file))).toBe(true));

  it('speaks of facts that there are', () => {
    expect([...MET, ...Object.keys(OTHERS)].filter((type) => !facts.includes(type))).toEqual([]);
  });

  it('knows all kinds that there are', () => {
    expect(kinds.length).toBe(new Set(kinds).size);
    expect(kinds).toEqual(expect.arrayContaining(['step', 'cancel-on', 'emit-records', 'compensation']));
  });
});
