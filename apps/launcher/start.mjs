// `npm start`: from a clean clone to a served page. Installs and builds what is missing or changed, then runs the server until it ends.
// Only Node's own modules here and in what it imports: node_modules may not exist yet.
import { requireNode } from './node-version.mjs';

requireNode();

const HELP = `Usage: npm start [-- --help]

Installs and builds what is missing or has changed, then serves pages and GraphQL on one port until Ctrl-C.

Settings (environment):
  PORT                          the port of pages and GraphQL; 3000
  STEPWELL_HOST                 the address to listen on; 127.0.0.1
  DATABASE_URL                  a PostgreSQL (15 or newer) of your own; without it Stepwell runs one itself
  STEPWELL_DATA_DIR             where that one keeps its data; .stepwell/
  STEPWELL_DATABASE_DIRECT_URL  for LISTEN, when DATABASE_URL goes through a transaction pooler
  STEPWELL_ROLES                any of api,worker,scheduler; all three
  STEPWELL_QUEUES               the queues this worker serves; default
  STEPWELL_PUBLIC_URL           where outside services reach this installation
  STEPWELL_ISOLATION_MEMORY     megabytes of heap for a step that has ended two servers and runs by itself; as Node has it
  STEPWELL_SECRET               signs callback URLs; by default a key kept in the database

Also: npm test (all tests), npm run check (what CI runs).`;

const { runMain, StartError } = await import('./start-error.mjs');

await runMain(async () => {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    console.log(HELP);
    return 0;
  }
  const [unknown] = process.argv.slice(2);
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
