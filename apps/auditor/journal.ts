/**
 * The journal of whoever asked: what was asked of the system, and what it acknowledged, written down by somebody who did not ask the
 * database. A file of JSON Lines, in any order:
 *
 *   { "op": 7, "kind": "start", "at": "2026-11-01T08:00:00Z", "about": { "workflow": "order", "key": "k-7" } }   asked
 *   { "op": 7, "at": "2026-11-01T08:00:01Z", "tries": 2, "result": { "runId": "..." } }                          acknowledged
 *   { "fault": "kill", "fired": 12 }                                                                             a fault that was asked for
 *
 * `about` and `result`, by kind: start `workflow, key` (where it had one) and `runId`; emit `name` and `eventId`; decide `task, answer` and
 * `won`; signal `run` and `won`; cancel `run` and `won`; retry `run` and `won, id` (the run that goes on). `won: false` means that it was
 * refused, `code` for what, and `answer`, of a decide, which decision was given instead; `mayBeRefused: true` of an emit that who starts on it may find its payload unfit. An input or payload that has the number of its
 * operation as `op` is looked for by it, too.
 */
import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { WrongCall } from './command.js';

/** Rows of a temporary table that is made before the snapshot; such a one may be read in a transaction that only reads. */
const TABLES = `
CREATE TEMP TABLE operations (op int PRIMARY KEY, kind text NOT NULL, sent_at timestamptz NOT NULL, about jsonb NOT NULL, acknowledged_at timestamptz, tries int, result jsonb);
CREATE TEMP TABLE faults_asked (fault text PRIMARY KEY, fired int NOT NULL)`;

const OPERATIONS = `INSERT INTO operations SELECT * FROM jsonb_to_recordset($1::jsonb)
  AS o(op int, kind text, sent_at timestamptz, about jsonb, acknowledged_at timestamptz, tries int, result jsonb)`;
const FAULTS = 'INSERT INTO faults_asked SELECT * FROM jsonb_to_recordset($1::jsonb) AS f(fault text, fired int)';
const AT_A_TIME = 10_000;

interface Line {
  readonly op?: number;
  readonly kind?: string;
  readonly at?: string;
  readonly about?: unknown;
  readonly tries?: number;
  readonly result?: unknown;
  readonly fault?: string;
  readonly fired?: number;
}

/**
 * Makes the journal known to the checks.
 *
 * @param client in no transaction
 * @throws WrongCall when the file cannot be read, or naming the line that is none
 */
export async function readJournal(client: pg.ClientBase, path: string): Promise<void> {
  const operations = new Map<number, object>();
  const faults: object[] = [];
  for (const [number, text] of read(path).split('\n').entries()) {
    if (text === '') continue;
    const { op, kind, at, about, tries, result, fault, fired } = parse(path, number + 1, text);
    if (fault !== undefined) faults.push({ fault, fired });
    else if (op === undefined || at === undefined) throw new WrongCall(`${path}:${number + 1} has neither "op" and "at" nor "fault".`);
    else if (kind !== undefined) operations.set(op, { ...operations.get(op), op, kind, sent_at: at, about });
    else operations.set(op, { ...operations.get(op), op, acknowledged_at: at, tries, result });
  }
  await client.query(TABLES);
  const rows = [...operations.values()];
  for (let from = 0; from < rows.length; from += AT_A_TIME)
    await client.query(OPERATIONS, [JSON.stringify(rows.slice(from, from + AT_A_TIME))]);
  await client.query(FAULTS, [JSON.stringify(faults)]);
  await client.query('ANALYZE operations');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new WrongCall(`The journal cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function parse(path: string, number: number, text: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch (cause) {
    throw new WrongCall(`${path}:${number} is no JSON: ${text.slice(0, 80)}`, { cause });
  }
}
