/**
 * A rule that never fires is no rule (in one well-known project the no-cycle rule had been commented out and nobody noticed). So every
 * rule of .dependency-cruiser.mjs has its planted violation here, in a small tree of its own, and the list is compared both ways.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LIBRARIES = ['contracts', 'sdk', 'engine', 'storage', 'wakeups', 'tasks', 'runtime', 'graphql', 'testing', 'postgres', 'screens'];

/** rule -> [file, what it imports, how]; a violation may break other rules as well. */
const PLANTED: Record<string, [file: string, imports: string, kind?: 'type']> = {
  'layer-contracts': ['libs/contracts/planted.ts', '@stepwell/sdk'],
  'layer-sdk': ['libs/sdk/planted.ts', '@stepwell/engine'],
  'layer-engine': ['libs/engine/planted.ts', '@stepwell/storage'],
  'layer-storage': ['libs/storage/planted.ts', '@stepwell/tasks'],
  'layer-wakeups': ['libs/wakeups/planted.ts', '@stepwell/tasks'],
  'layer-scheduling': ['libs/scheduling/planted.ts', '@stepwell/runtime'],
  'layer-tasks': ['libs/tasks/planted.ts', '@stepwell/wakeups', 'type'],
  'layer-events': ['libs/events/planted.ts', '@stepwell/graphql'],
  'layer-access': ['libs/access/planted.ts', '@stepwell/runtime'],
  'layer-documents': ['libs/documents/planted.ts', '@stepwell/tasks'],
  'layer-notifications': ['libs/notifications/planted.ts', '@stepwell/runtime'],
  'layer-runtime': ['libs/runtime/planted.ts', '@stepwell/graphql'],
  'layer-graphql': ['libs/graphql/layer.ts', '@stepwell/postgres'],
  'layer-testing': ['libs/testing/planted.ts', '@stepwell/graphql'],
  'layer-postgres': ['libs/postgres/planted.ts', '@stepwell/storage'],
  'auditor-stands-alone': ['apps/auditor/planted.ts', '@stepwell/contracts'],
  'no-circular': ['libs/sdk/one.ts', './two.js', 'type'],
  'enter-by-the-door': ['libs/engine/door.ts', '../sdk/one.js'],
  'not-by-the-own-door': ['libs/storage/door.ts', '@stepwell/storage'],
  'apps-are-leaves': ['libs/runtime/leaf.ts', '../../apps/server/main.js'],
  'pages-import-no-library': ['apps/web/planted.ts', '../../libs/contracts/index.js'],
  'screens-are-loaded-in-one-place': ['apps/web/app/loads.ts', '../../../workflows/one/screens/lawful.js'],
  'screens-run-in-the-page': ['workflows/one/screens/server.tsx', '@stepwell/sdk'],
  'screens-look-like-the-page': ['workflows/one/screens/other.tsx', 'fast-check'],
  'layer-screens': ['libs/screens/planted.ts', '@stepwell/contracts'],
  'workflows-are-islands': ['workflows/one/planted.ts', '../two/two.module.js'],
  'calendars-are-shared': ['workflows/planted.calendar.ts', './one/one.module.js'],
  'examples-are-islands': ['examples/playbook/01-one/planted.ts', '../02-two/two.module.js'],
  'migrations-are-frozen': ['migrations/planted.ts', '@stepwell/contracts'],
  'contracts-stand-alone': ['libs/contracts/core.ts', 'node:fs'],
  'engine-is-pure': ['libs/engine/framework.ts', 'pg'],
  'graphql-sees-no-entity': ['libs/graphql/entity.ts', 'typeorm'],
  'one-file-knows-the-tracing-sdk': ['libs/runtime/spans.ts', '@opentelemetry/sdk-trace-node'],
  'tracing-is-loaded-on-demand': ['libs/runtime/eager.ts', './tracing/open-telemetry.js'],
  'product-imports-no-test': ['libs/tasks/test.ts', '../../test/a-tool.js'],
  'product-imports-no-dev-dependency': ['libs/sdk/dev.ts', 'fast-check'],
  'no-dead-file': ['libs/sdk/dead.ts', './index.js'],
  'declared-dependencies-only': ['libs/sdk/undeclared.ts', 'async-exit-hook'],
  resolvable: ['libs/sdk/nowhere.ts', './nowhere-at-all.js'],
};

/** What keeps the law, the near misses included. */
const LAWFUL: Record<string, string> = {
  ...Object.fromEntries(LIBRARIES.map((library) => [`libs/${library}/index.ts`, 'export const value = 1;'])),
  'libs/engine/index.ts': `import './lawful.js'; export const value = 1;`,
  'libs/runtime/index.ts': `export const value = 1; export const later = () => import('./tracing/open-telemetry.js');`,
  'libs/runtime/tracing/open-telemetry.ts': `export { value } from '@stepwell/storage'; import '@opentelemetry/sdk-trace-node';`,
  'libs/sdk/two.ts': `import type { one } from './one.js'; export const two: typeof one | 2 = 2;`,
  'libs/engine/lawful.ts': `export { value } from '@stepwell/contracts';`,
  'libs/engine/lawful.spec.ts': `import 'fast-check'; import 'node:fs'; import './index.js';`,
  'workflows/one/one.module.ts': `export { value } from '@stepwell/sdk'; import './steps/lawful.step.js'; import '../office.calendar.js';`,
  'workflows/one/steps/lawful.step.ts': `export { value } from '@stepwell/contracts'; import 'class-validator';`,
  'workflows/one/screens/lawful.tsx': `export { value } from '@stepwell/screens'; import type {} from '../one.module.js'; import 'react'; import './part.js';`,
  'workflows/one/screens/part.tsx': 'export const part = 1;',
  'workflows/office.calendar.ts': `export { value } from '@stepwell/sdk';`,
  'workflows/two/two.module.ts': 'export const two = 2;',
  'examples/playbook/01-one/one.module.ts': `export { value } from '@stepwell/sdk'; import '../services/lawful.js';`,
  'examples/playbook/02-two/two.module.ts': 'export const two = 2;',
  'examples/playbook/services/lawful.ts': `export { value } from '@stepwell/contracts';`,
  'examples/draw-graphs.ts': `export { value } from '@stepwell/engine'; import './playbook/02-two/two.module.js';`,
  'apps/server/main.ts': `export { value } from '@stepwell/graphql';`,
  'test/a-tool.ts': `export { value } from '@stepwell/storage'; import '../apps/server/main.js'; import 'fast-check';`,
};

interface Cruise {
  summary: { violations: { from: string; to: string; rule: { name: string } }[]; ruleSetUsed: { forbidden: { name: string }[] } };
}

async function cruise(): Promise<Cruise['summary']> {
  const tree = mkdtempSync(join(tmpdir(), 'stepwell-import-law-'));
  try {
    const files: Record<string, string> = { ...LAWFUL };
    for (const [file, imports, kind] of Object.values(PLANTED)) {
      files[file] =
        kind === 'type' ? `import type * as found from '${imports}'; export const one: typeof found | 1 = 1;` : `import '${imports}';`;
    }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, file)), { recursive: true });
      writeFileSync(join(tree, file), text);
    }
    for (const name of ['node_modules', 'package.json', 'tsconfig.json', '.dependency-cruiser.mjs'])
      symlinkSync(join(root, name), join(tree, name));
    const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
    const words = [
      'apps',
      'libs',
      'workflows',
      'examples',
      'migrations',
      'test',
      '--config',
      '.dependency-cruiser.mjs',
      '--output-type',
      'json',
    ];
    const output = await new Promise<string>((resolve) => {
      // The exit code is the number of violations.
      execFile(process.execPath, [program, ...words], { cwd: tree, maxBuffer: 50_000_000 }, (_error, stdout, stderr) =>
        resolve(stdout || stderr),
      );
    });
    return (JSON.parse(output) as Cruise).summary;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

describe('the import law', () => {
  let found: Cruise['summary'];
  beforeAll(async () => {
    found = await cruise();
  });

  it('has a planted violation for every rule, and a rule for every planted violation', () => {
    expect(Object.keys(PLANTED).sort()).toEqual(found.ruleSetUsed.forbidden.map(({ name }) => name).sort());
  });

  it.each(Object.keys(PLANTED))('finds what was planted against %s', (rule) => {
    const files = found.violations
      .filter((violation) => violation.rule.name === rule)
      .flatMap(({ from, to }) => (rule === 'no-dead-file' ? to : from));
    expect(files).toContain(PLANTED[rule]?.[0]);
  });

  it('leaves what is lawful alone', () => {
    const planted = new Set(Object.values(PLANTED).map(([file]) => file));
    // The planted cycle has two ends.
    expect(found.violations.filter(({ from, to }) => !planted.has(from) && !planted.has(to) && from !== 'libs/sdk/two.ts')).toEqual([]);
  });
});
