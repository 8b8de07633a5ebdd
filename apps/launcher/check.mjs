// `npm run check`: everything that must hold before a change goes in; CI runs the same word. To add a stage, add a line to STAGES.
// Stages run two at a time (lint is the long one, the others fit beside it), each prints one line with its time, and what a failed
// one said is shown. The tests come last, on a machine that does nothing else, and only when all else holds (`-- --without-tests` leaves
// them out; other words go to Jest).
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requireNode } from './node-version.mjs';

requireNode();

const LAW_ABIDING = ['apps', 'libs', 'workflows', 'examples', 'migrations', 'test'];
const TSC = 'node_modules/ts7/bin/tsc';

/** `words` is a script of a package, run by this Node; `isThere` leaves a stage out that has nothing to look at. */
const STAGES = [
  { name: 'lint', words: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'] },
  { name: 'nest build server', words: ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'server'] },
  { name: 'format', words: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'] },
  { name: 'types', words: [TSC, '-p', 'tsconfig.json', '--noEmit'] },
  { name: 'types of the pages', words: [TSC, '-p', 'apps/web/tsconfig.json', '--noEmit'] },
  {
    name: 'import law',
    words: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', ...LAW_ABIDING, '--config', '.dependency-cruiser.mjs'],
  },
  { name: 'dead code', words: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  {
    name: 'generated schema.graphql',
    words: ['--no-warnings', '--import', '@swc-node/register/esm-register', 'apps/server/print-schema.ts', '--check'],
  },
  {
    name: 'graphs of released versions',
    words: ['--no-warnings', '--import', '@swc-node/register/esm-register', 'apps/server/lock-graphs.ts'],
  },
];

const HELP = `Usage: npm run check [-- --without-tests] [-- <words for Jest>]

Everything that must hold before a change goes in, and what CI runs: ${STAGES.map(({ name }) => name).join(', ')}; then all tests.

  --without-tests  leaves the tests out
  --help           says this and does nothing else`;

const isWithoutTests = process.argv.includes('--without-tests');

const { runMain } = await import('./start-error.mjs');

await runMain(async () => {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  const { ensureInstalled } = await import('./install.mjs');
  await ensureInstalled();
  const failed = await runStages();
  if (failed.length > 0) {
    console.error(`Failed: ${failed.join(', ')}.${isWithoutTests ? '' : ' The tests were not run.'}`);
    return 1;
  }
  if (isWithoutTests) return 0;
  const { ensureTestPrograms } = await import('./ensure-programs.mjs');
  const { ensureBuilt } = await import('./build.mjs');
  const { runTests } = await import('./run-tests.mjs');
  await ensureTestPrograms();
  await ensureBuilt();
  const { code, line } = await runTests(process.argv.slice(2));
  console.log(line);
  return code;
});

async function runStages() {
  const { root, runNode } = await import('./run-program.mjs');
  const waiting = STAGES.filter(
    ({ words }) => !words.includes('apps/web/tsconfig.json') || existsSync(join(root, 'apps/web/tsconfig.json')),
  );
  const failed = [];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const begun = performance.now();
      const { code, output } = await runNode(next.words);
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      console.log(`${next.name}: ${code === 0 ? 'ok' : 'FAILED'}, ${seconds} s`);
      if (code === 0) continue;
      failed.push(next.name);
      console.log(output.trimEnd());
    }
  };
  await Promise.all([lane(), lane()]);
  return failed;
}
