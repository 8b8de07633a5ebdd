// `npm run tenants`: what share of the workers tenants have, and how many of their runs may be at work. Works beside a running server.
import { requireNode } from './node-version.mjs';

requireNode();

const HELP = `Usage: npm run tenants -- [<tenant> [--weight <1 to 100>] [--at-work <runs>|off] [--reset]] [--database-url postgresql://...]

Without a tenant it lists those that have a weight or a limit. While several tenants have queued runs, one of weight 3 is given three
runs for one of a tenant of weight 1, which is what all have. --at-work says how many runs of the tenant, of all workflows, may be at work
at a time; more are queued. --reset takes both away. Workers heed it within 10 seconds; runs that are at work go on.`;

const { runServerCommand } = await import('./server-command.mjs');

await runServerCommand({ entry: 'tenant-shares', help: HELP });
