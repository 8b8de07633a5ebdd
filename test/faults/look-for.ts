/** Asks the auditor of the product, and what the campaign itself knows. */
import pg from 'pg';
import { type Audit, audit } from '../../apps/auditor/audit.js';
import { readJournal } from '../../apps/auditor/journal.js';
import type { Database } from '../crash/database.js';
import { type OwnCheck, OWN_CHECKS } from './own-checks.js';

/** What is true also while everything is at work. */
export const LIVE = OWN_CHECKS.filter(({ isLive }) => isLive);

export interface LookOptions {
  /** A file, of the load. */
  readonly journal?: string;
  readonly isAtRest: boolean;
  /** What is due for so long, and did not happen, is late. Milliseconds. */
  readonly graceMs?: number;
  /** The auditor asks only of runs, tasks and events from then on. */
  readonly since?: Date;
}

/** While nothing but a bug is in the way. */
export const GRACE_MS = 10_000;
/** Nobody waits longer for a database that is away or has no connection left. */
const CONNECT_MS = 5_000;

export async function lookFor(
  database: Database,
  own: readonly OwnCheck[],
  { journal, isAtRest, graceMs = GRACE_MS, since }: LookOptions,
): Promise<{ readonly violations: string[]; readonly lost: number; readonly audit: Audit }> {
  const client = new pg.Client({ connectionString: database.url, connectionTimeoutMillis: CONNECT_MS });
  // Whoever ends the database ends it between two questions, too: the next one tells.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // What the tables hold now is nothing like what they held when they were last looked at; the auditor's joins take minutes without.
    await client.query('ANALYZE');
    if (journal !== undefined) await readJournal(client, journal);
    const result = await audit(client, { since, graceMs, isAtRest, hasJournal: journal !== undefined, isAlone: true, most: 1_000 });
    const told = (sentence: string, against: readonly object[]) => `Not true that ${sentence}: ${against.length} against it, such as ${JSON.stringify(against.slice(0, 3))}`; // prettier-ignore
    const violations = result.findings.filter(({ outcome }) => outcome === 'broken').map(({ check, against }) => told(`${check.guarantee}: ${check.sentence}`, against)); // prettier-ignore
    for (const { sentence, sql } of own) {
      const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM (${sql}) against LIMIT 5`);
      if (rows.length > 0) violations.push(told(sentence, rows));
    }
    const lost = result.findings.filter(({ check }) => check.when === 'journal' && check.sentence.includes('that was acknowledged'));
    return { violations, lost: lost.reduce((sum, { against }) => sum + against.length, 0), audit: result };
  } finally {
    await client.end();
  }
}
