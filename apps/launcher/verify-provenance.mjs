// `npm run provenance:verify`: whether the records of decisions are as they were sealed. Works beside a running server.
import { requireNode } from './node-version.mjs';

requireNode();

const HELP = `Usage: npm run provenance:verify -- [--database-url postgresql://...] [--tenant default] [--anchor <seq>:<hash>]
       npm run provenance:verify -- --export <file> [--database-url ...] [--tenant default] [--from <time>] [--until <time>] [--workflow <id>]
       npm run provenance:verify -- --file <file> [--anchor <seq>:<hash>]

Compares the records of decisions with their seals, and prints the head of the chain, to be kept elsewhere: given as --anchor later, it
shows that the chain was not made anew. Seals made with STEPWELL_PROVENANCE_KEY need it here. Ends with 1 when something is
wrong, and with 3 when nothing of the tenant is sealed, so that there was nothing to look at: a name that was mistyped is no success.

With --export it writes the chain to a new file, as JSON Lines, and with --file it compares such a file, without a database. --from,
--until and --workflow say whose records are in it; the seals of the others stay, for the chain needs them.`;

const { runServerCommand } = await import('./server-command.mjs');

await runServerCommand({ entry: 'verify-provenance', help: HELP });
