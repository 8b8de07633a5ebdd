// Chromium and Redis for the tests. Root on Debian gets them installed; anybody else is told which suite is skipped and how to get it.
// With CI=true nothing is skipped: a missing program is a failure.
import { findTestProgram, testPrograms } from '../../test/setup/programs.mjs';
import { stage } from './progress.mjs';
import { lastLines, runProgram } from './run-program.mjs';
import { StartError } from './start-error.mjs';

export async function ensureTestPrograms() {
  for (const { name, suite } of testPrograms) {
    if (!findTestProgram(name)) await tryInstall(name);
    if (findTestProgram(name)) continue;
    if (process.env.CI === 'true') {
      throw new StartError(`${name} is missing, and with CI=true no test is skipped.`, `Install it (apt-get install ${name}).`);
    }
    console.log(`Skipping ${suite}: there is no ${name} on the PATH. To get them: apt-get install ${name} (or your system's package).`);
  }
}

async function tryInstall(name) {
  if (process.getuid?.() !== 0 || (await runProgram('apt-get', ['--version'])).code !== 0) return;
  await stage(`Installing ${name}`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const install = () => runProgram('apt-get', ['install', '-y', '--no-install-recommends', name], { env });
    let result = await install();
    if (result.code !== 0) {
      await runProgram('apt-get', ['update'], { env });
      result = await install();
    }
    if (result.code !== 0) console.error(lastLines(result.output, 5));
  });
}
