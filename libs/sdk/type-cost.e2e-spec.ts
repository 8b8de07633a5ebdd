/**
 * The price of the authoring types, counted by the compiler in types and instantiations and not by the clock. The builder's type carries
 * the input and nothing else, so a longer workflow must cost no more per node than a short one.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

interface Cost {
  readonly types: number;
  readonly instantiations: number;
}

describe('the cost of type-checking a workflow', () => {
  it('is linear in its nodes, with fewer than ten types and one instantiation for each', () => {
    const short = costOf(50);
    const long = costOf(400);
    expect(long.types - short.types).toBeLessThan(350 * 10);
    expect(long.instantiations - short.instantiations).toBeLessThan(350);
  });
});

/** Compiles a workflow with so many nodes, every fifth of them a branch that reads a result by token. */
function costOf(nodes: number): Cost {
  const folder = mkdtempSync(join(tmpdir(), 'stepwell-types-'));
  try {
    writeFileSync(join(folder, 'long.ts'), source(nodes));
    const compilerOptions = { noEmit: true, rootDir: '/', typeRoots: [join(ROOT, 'node_modules/@types')] };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: ['long.ts'], exclude: [] }),
    );
    const compiler = join(ROOT, 'node_modules/ts7/bin/tsc');
    const said = execFileSync(process.execPath, [compiler, '-p', folder, '--extendedDiagnostics'], { encoding: 'utf8' });
    const count = (what: string) => Number(new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(said)?.[1]);
    return { types: count('Types'), instantiations: count('Instantiations') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function source(nodes: number): string {
  const steps = Array.from(
    { length: 20 },
    (_, i) => `class Step${i} { run(ctx: StepContext<Input>) { return { value${i}: ctx.input.id }; } }`,
  );
  const calls = Array.from({ length: nodes }, (_, i) => {
    const step = i % 20;
    if (i % 5 < 4) return `.then(Step${step}, { id: 'node-${i}' })`;
    return `.when((ctx) => ctx.resultOf(Step${step}, 'x').value${step} === '', (yes) => yes.then(Step${(i + 1) % 20}))`;
  });
  return [
    "import { workflow, type StepContext } from '@stepwell/sdk';",
    'class Input { id!: string }',
    ...steps,
    "export const long = workflow('long', { input: Input, version: 1 })",
    ...calls,
  ].join('\n');
}
