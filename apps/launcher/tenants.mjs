// `npm run tenants`: what share of the workers tenants have, and how many of their runs may be at work. Works beside a running server.
import { spawn } from 'node:child_process';
import { requireNode } from './node-version.mjs';

requireNode();

const HELP = `Usage: npm run tenants -- [<tenant> [--weight <1 to 100>] [--at-work <runs>|off] [--reset]] [--database-url postgresql://...]

Without a tenant it lists those that have a weight or a limit. While several tenants have queued runs, one of weight 3 is given three
runs for one of a tenant of weight 1, which is what all have. --at-work says how many runs of the tenant, of all workflows, may be at work
at a time; more are queued. --reset takes both away. Workers heed it within 10 seconds; runs that are at work go on.`;

const { runMain } = await import('./start-error.mjs');

await runMain(async () => {
  const words = process.argv.slice(2);
  if (words.includes('--help') || words.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  const { root } = await import('./run-program.mjs');
  const { ensureInstalled } = await import('./install.mjs');
  const { ensureBuilt } = await import('./build.mjs');
  await ensureInstalled();
  await ensureBuilt({ only: 'server' });
  const program = ['--enable-source-maps', '--no-warnings=ExperimentalWarning', 'dist/apps/server/tenant-shares.js', ...words];
  const child = spawn(process.execPath, program, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)));
});
