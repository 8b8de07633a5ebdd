/** `npm run audit`: looks whether a database keeps the guarantees. Reads only, in one snapshot; the system may be at work meanwhile. */
import pg from 'pg';
import { audit, type AuditOptions } from './audit.js';
import { runCommand, shown, wholeNumber, WrongCall } from './command.js';
import { readJournal } from './journal.js';
import { line, summary } from './report.js';

const HELP = `npm run audit -- --database-url <url> [options]

Looks in a database of Stepwell for whatever contradicts its guarantees, by plain SQL in one read-only snapshot.

  --database-url <url>   which database; default DATABASE_URL
  --since <time>         only runs, tasks and events from then on, e.g. 2026-11-01
  --grace <seconds>      what is due for so long and did not happen is late; default 60
  --at-rest              the system was given the time to come to rest: nothing may be on its way
  --alone                nobody but Stepwell uses the database: then what PostgreSQL counts of it is its own, too,
                         since pg_stat_reset() or an end that was no clean one
  --journal <file>       what was asked and acknowledged, by whoever asked: must hold; its form is in apps/auditor/journal.ts
  --most <n>             rows that are shown of what contradicts a check; default 10
  --json                 the whole result as JSON on standard output
  --help

Ends with 0 when every check holds, 1 when one is broken, 2 when it could not be asked or there is no run.
`;

/** How long a database may take to let somebody in. */
const CONNECT_MS = 10_000;

/** The database is away, lets nobody in, is another one, or refuses a question. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

process.exitCode = await runCommand({
  name: 'audit',
  help: HELP,
  options: {
    ...{ 'database-url': { type: 'string' }, since: { type: 'string' }, grace: { type: 'string', default: '60' } },
    ...{
      'at-rest': { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
      most: { type: 'string', default: '10' },
      journal: { type: 'string' },
    },
    json: { type: 'boolean', default: false },
  },
  run: async (values) => {
    const url = values['database-url'] ?? process.env.DATABASE_URL;
    if (!url) throw new WrongCall('Say which database: --database-url postgresql://user@host/database, or DATABASE_URL.');
    const from = values['database-url'] === undefined ? 'DATABASE_URL' : '--database-url';
    if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url))
      throw new WrongCall(`${from} is not of the form postgresql://user:password@host:5432/database.`);
    const options = {
      since: values.since === undefined ? undefined : instant(values.since),
      graceMs: wholeNumber('--grace', values.grace) * 1000,
      most: Math.max(1, wholeNumber('--most', values.most)),
      isAtRest: values['at-rest'],
      isAlone: values.alone,
      hasJournal: values.journal !== undefined,
    };
    try {
      return await look(url, options, values);
    } catch (error) {
      if (error instanceof WrongCall) throw error;
      // A fault of the auditor itself has shown nothing either, and keeps its stack.
      console.error(error instanceof NoAnswer ? `The database of ${from} could not be asked: ${error.message}` : error);
      return 2;
    }
  },
});

async function look(
  url: string,
  options: AuditOptions,
  { journal, json }: { readonly journal?: string | undefined; readonly json: boolean },
): Promise<number> {
  const client = new pg.Client({ connectionString: url, application_name: 'stepwell audit', connectionTimeoutMillis: CONNECT_MS });
  let isLost = false;
  client.on('error', () => (isLost = true));
  await client.connect().catch((cause: unknown) => {
    // Of a database that is away Node tells each address that it has tried, and of all together nothing.
    const told = cause instanceof AggregateError ? cause.errors.map(String).join('; ') : messageOf(cause);
    throw new NoAnswer(told, { cause });
  });
  try {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('journal') IS NOT NULL AND to_regclass('runs') IS NOT NULL AS there`,
    );
    if (!rows[0]?.there) throw new NoAnswer('This is no database of Stepwell: it has no tables "runs" and "journal".');
    if (journal !== undefined) await readJournal(client, journal);
    const result = await audit(client, { ...options, ...(json ? {} : { onFinding: (finding) => console.log(line(finding)) }) });
    if (json) console.log(JSON.stringify(result, null, 2));
    else console.log(`\n${summary(result)}`);
    if (result.findings.some(({ outcome }) => outcome === 'broken')) return 1;
    return result.counts.runs === 0 ? 2 : 0;
  } catch (error) {
    throw isLost || error instanceof pg.DatabaseError ? new NoAnswer(messageOf(error), { cause: error }) : error;
  } finally {
    await client.end();
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function instant(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new WrongCall(`--since: "${shown(text)}" is no time. Write it as 2026-11-01 or 2026-11-01T08:00:00Z.`);
  return at;
}
