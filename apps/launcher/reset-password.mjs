// `npm run reset-password -- <name> [<tenant>]`: a new one-time password for somebody who has lost his; ends his sessions. Works beside a running
// server and without one, with DATABASE_URL and with the embedded database.
import { requireNode } from './node-version.mjs';

requireNode();

const HELP = `Usage: npm run reset-password -- <name> [<tenant>]

Prints a new one-time password for the user of that name (the first one is admin) and ends the user's sessions, over the database
that npm start would use: DATABASE_URL, or the embedded one in STEPWELL_DATA_DIR. The server may run meanwhile.
With STEPWELL_SHARDS_FILE a tenant is named, too; then it is the database of that tenant.`;

const { StartError } = await import('./start-error.mjs');
const { runServerCommand } = await import('./server-command.mjs');

await runServerCommand({
  entry: 'reset-password',
  help: HELP,
  check: (words) => {
    if (words.length < 1 || words.length > 2 || words.some((word) => word.startsWith('-')))
      throw new StartError('reset-password wants one name, and at most a tenant.', 'Write it so: npm run reset-password -- admin');
  },
});
