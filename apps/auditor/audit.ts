/**
 * Asks every question in one snapshot, which sees one instant of the database and changes nothing. Imports nothing of Stepwell, so that a
 * mistake there cannot excuse itself here.
 */
import type pg from 'pg';
import type { Check } from './check.js';
import { CHECKS } from './checks/index.js';

export interface AuditOptions {
  /** Only runs, tasks and events from then on; default all. */
  readonly since?: Date | undefined;
  /** What is due for so long, and did not happen, is late: lease and sweep have to be in it. Milliseconds. */
  readonly graceMs: number;
  /** The system was given the time to come to rest: nothing may be on its way any more. */
  readonly isAtRest: boolean;
  /** There is a journal of whoever asked, and it was read: see journal.ts. */
  readonly hasJournal?: boolean;
  /** Nobody but Stepwell uses the database, nor did since its statistics began. */
  readonly isAlone?: boolean;
  /** Rows that are kept of what contradicts a check. */
  readonly most: number;
  readonly onFinding?: (finding: Finding) => void;
}

export interface Finding {
  readonly check: Check;
  /** `skipped`: no worker lives, it was not said that the system is at rest or alone, or there is no journal. */
  readonly outcome: 'holds' | 'broken' | 'skipped';
  /** Rows that contradict it, at most `most` of them. */
  readonly against: readonly Record<string, unknown>[];
  readonly ms: number;
}

export interface Audit {
  readonly at: string;
  /** How much was looked at. Nothing: then nothing was shown either. */
  readonly counts: Readonly<Record<'runs' | 'facts' | 'tasks' | 'events' | 'records' | 'workers', number>>;
  readonly findings: readonly Finding[];
}

interface Terms {
  readonly since: string;
  readonly whole: string;
  readonly late: string;
}

/** The month before the present one is never dropped. */
const TERMS = `SELECT coalesce(uuid_floor($1::timestamptz), '00000000-0000-0000-0000-000000000000')::text AS since,
  uuid_floor(date_trunc('month', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' - interval '1 month')::text AS whole,
  (clock_timestamp() - $2 * interval '1 millisecond')::text AS late, now()::text AS at`;

const COUNTS = `SELECT (SELECT count(*) FROM runs WHERE id >= $1)::int AS runs, (SELECT count(*) FROM journal WHERE run_id >= $1)::int AS facts,
  (SELECT count(*) FROM tasks WHERE id >= $1)::int AS tasks, (SELECT count(*) FROM events WHERE id >= $1)::int AS events,
  (SELECT count(*) FROM emission_reads WHERE emitter_run >= $1)::int AS records,
  (SELECT count(*) FROM workers WHERE ended_at IS NULL AND expires_at > clock_timestamp())::int AS workers`;

/** @param client in no transaction */
export async function audit(client: pg.ClientBase, options: AuditOptions): Promise<Audit> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    return await examine(client, options);
  } finally {
    await client.query('ROLLBACK');
  }
}

/** @param client in a transaction, and what it sees is looked at */
export async function examine(
  client: pg.ClientBase,
  { since, graceMs, isAtRest, hasJournal = false, isAlone = false, most, onFinding }: AuditOptions,
): Promise<Audit> {
  const term = await one<Terms & { at: string }>(client, TERMS, [since ?? null, graceMs]);
  const counts = await one<Audit['counts']>(client, COUNTS, [term.since]);
  const findings: Finding[] = [];
  for (const check of CHECKS) {
    const isAsked = { always: true, 'at-rest': isAtRest, 'at-work': counts.workers > 0, journal: hasJournal, alone: isAlone };
    const finding = isAsked[check.when ?? 'always']
      ? await ask(client, check, term, most)
      : ({ check, outcome: 'skipped', against: [], ms: 0 } as const);
    onFinding?.(finding);
    findings.push(finding);
  }
  return { at: term.at, counts, findings };
}

async function one<Row extends object>(client: pg.ClientBase, text: string, values: unknown[]): Promise<Row> {
  const { rows } = await client.query<Row>(text, values);
  if (!rows[0]) throw new Error(`No answer to: ${text}`);
  return rows[0];
}

async function ask(client: pg.ClientBase, check: Check, terms: Terms, most: number): Promise<Finding> {
  const began = performance.now();
  const values: string[] = [];
  const text = check.sql.replace(/\$(since|whole|late)\b/g, (_, name: keyof Terms) => {
    const at = values.indexOf(terms[name]);
    const number = at < 0 ? values.push(terms[name]) : at + 1;
    return `$${number}::${name === 'late' ? 'timestamptz' : 'uuid'}`;
  });
  const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM (${text}) against LIMIT ${most}`, values);
  return { check, outcome: rows.length > 0 ? 'broken' : 'holds', against: rows, ms: performance.now() - began };
}
