// `npm test`, from a clean clone as well: installs, builds, gets the programs that tests need, runs everything. Words after `--` go to
// Jest (`npm test -- libs/engine`). The last line is always the counts.
import { requireNode } from './node-version.mjs';

requireNode();

const { runMain } = await import('./start-error.mjs');

await runMain(async () => {
  const { ensureInstalled } = await import('./install.mjs');
  const { ensureTestPrograms } = await import('./ensure-programs.mjs');
  const { ensureBuilt } = await import('./build.mjs');
  const { runTests } = await import('./run-tests.mjs');
  await ensureInstalled();
  await ensureTestPrograms();
  await ensureBuilt();
  const { code, line } = await runTests(process.argv.slice(2));
  console.log(line);
  return code;
});
