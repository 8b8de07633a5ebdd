// One PostgreSQL for a whole Jest run, in STEPWELL_TEST_ADMIN_URL, which the workers inherit; `createTestDatabase` makes the databases.
// Jest gives this file no compiler, and hooks registered here would reach Jest's own imports: the server is a process of its own.
// A run that was asked for pure spec files by name does not wait for a database.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export default async function globalSetup(globalConfig) {
  if (wantsOnlyPureTests(globalConfig)) return;
  const server = spawn(
    process.execPath,
    ['--no-warnings', '--import', '@swc-node/register/esm-register', join(root, 'test/postgres/serve.ts')],
    {
      cwd: root,
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((settle) => server.once('exit', settle).once('error', settle));
  const line = await Promise.race([
    new Promise((settle) => createInterface(server.stdout).once('line', settle)),
    ended.then(() => undefined),
  ]);
  if (line === undefined) throw new Error('The database for the tests did not start; what it said is above.');
  process.env.STEPWELL_TEST_ADMIN_URL = JSON.parse(line).url;
  server.unref();
  globalThis.stepwellTestPostgres = { server, ended };
}

function wantsOnlyPureTests({ testPathPatterns, rootDir }) {
  if (process.env.STEPWELL_TEST_STORE === 'postgres') return false;
  const patterns = testPathPatterns?.patterns ?? [];
  return (
    patterns.length > 0 && patterns.every((path) => path.endsWith('.spec.ts') && (existsSync(path) || existsSync(join(rootDir, path))))
  );
}
