// `npm start`: from a clean clone to a served page. Installs and builds what is missing or changed, then runs the server until it ends.
// Only Node's own modules here and in what it imports: node_modules may not exist yet.
import { requireNode } from './node-version.mjs';
import { settingLines } from './settings.mjs';

requireNode();

const HELP = `Usage: npm start [-- --workers <n>] [--help]

Installs and builds what is missing or has changed, then serves pages and GraphQL on one port until Ctrl-C.

  --workers <n>  so many worker processes beside the one that serves (STEPWELL_WORKERS); SIGUSR2 restarts one after the other

Settings, variables of the environment (and what holds without them):
${settingLines().join('\n')}

Also: npm test (all tests), npm run check (what CI runs).`;

const { runMain, StartError } = await import('./start-error.mjs');

/**
 * @param {string[]} words those behind `npm start --`
 * @returns {{ workers?: string, unknown?: string }}
 */
function readWords(words) {
  const [word, ...rest] = words.flatMap((one) => (one.startsWith('--workers=') ? ['--workers', one.slice('--workers='.length)] : [one]));
  if (word !== '--workers') return { unknown: word };
  const [count, unknown] = rest;
  if (!/^\d{1,2}$/.test(count ?? '')) {
    throw new StartError(
      `--workers is followed by ${count ? `"${count}"` : 'nothing'}.`,
      'Give a number of processes: npm start -- --workers 4.',
    );
  }
  return { workers: count, unknown };
}

await runMain(async () => {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  const { unknown, workers } = readWords(process.argv.slice(2));
  if (workers !== undefined) process.env.STEPWELL_WORKERS = workers;
  if (unknown !== undefined) {
    const remedy = 'Settings are environment variables, such as PORT=4000 npm start; npm start -- --help lists them.';
    throw new StartError(`npm start does not know "${unknown}".`, remedy);
  }
  const { ensureInstalled } = await import('./install.mjs');
  const { ensureBuilt } = await import('./build.mjs');
  const { supervise } = await import('./supervise.mjs');
  await ensureInstalled();
  await ensureBuilt();
  return supervise('dist/apps/server/main.js');
});
