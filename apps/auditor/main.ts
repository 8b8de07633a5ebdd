/** `npm run audit`: looks whether a database keeps the guarantees. Reads only, in one snapshot; the system may be at work meanwhile. */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { audit } from './audit.js';
import { readJournal } from './journal.js';
import { line, summary } from './report.js';

const HELP = `npm run audit -- --database-url <url> [options]

Looks in a database of Stepwell for whatever contradicts its guarantees, by plain SQL in one read-only snapshot.

  --database-url <url>   which database; default DATABASE_URL
  --since <time>         only runs, tasks and events from then on, e.g. 2026-11-01
  --grace <seconds>      what is due for so long and did not happen is late; default 60
  --at-rest              the system was given the time to come to rest: nothing may be on its way
  --journal <file>       what was asked and acknowledged, by whoever asked: must hold; its form is in apps/auditor/journal.ts
  --most <n>             rows that are shown of what contradicts a check; default 10
  --json                 the whole result as JSON on standard output
  --help

Ends with 0 when every check holds, 1 when one is broken, 2 when it could not be asked or there is no run.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { values } = parseArgs({
      options: {
        ...{ 'database-url': { type: 'string' }, since: { type: 'string' }, grace: { type: 'string', default: '60' } },
        ...{ 'at-rest': { type: 'boolean', default: false }, most: { type: 'string', default: '10' }, journal: { type: 'string' } },
        ...{ json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
      },
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    const url = values['database-url'] ?? process.env.DATABASE_URL;
    if (!url) throw new Error('Say which database: --database-url postgresql://user@host/database, or DATABASE_URL.');
    const options = {
      since: values.since === undefined ? undefined : instant(values.since),
      graceMs: whole('--grace', values.grace) * 1000,
      most: Math.max(1, whole('--most', values.most)),
      isAtRest: values['at-rest'],
      hasJournal: values.journal !== undefined,
    };
    const client = new pg.Client({ connectionString: url, application_name: 'stepwell audit' });
    await client.connect();
    try {
      const { rows } = await client.query<{ there: boolean }>(
        `SELECT to_regclass('journal') IS NOT NULL AND to_regclass('runs') IS NOT NULL AS there`,
      );
      if (!rows[0]?.there) throw new Error('This is no database of Stepwell: it has no tables "runs" and "journal".');
      if (values.journal !== undefined) await readJournal(client, values.journal);
      const result = await audit(client, { ...options, ...(values.json ? {} : { onFinding: (finding) => console.log(line(finding)) }) });
      if (values.json) console.log(JSON.stringify(result, null, 2));
      else console.log(`\n${summary(result)}`);
      if (result.findings.some(({ outcome }) => outcome === 'broken')) return 1;
      return result.counts.runs === 0 ? 2 : 0;
    } finally {
      await client.end();
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

function instant(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime())) throw new Error(`--since: "${text}" is no time. Write it as 2026-11-01 or 2026-11-01T08:00:00Z.`);
  return at;
}

function whole(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`${option}: "${text}" is no whole number.`);
  return Number(text);
}
