/**
 * What the server has acknowledged, as the suite alone knows it: operations of which the auditor takes a journal (apps/auditor/journal.ts), and
 * the rows that have to be there of the others. An input may be sent twice, so what was said in the same words counts once.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { readJournal } from '../../apps/auditor/journal.js';

const TABLES = ['runs', 'events', 'documents', 'task_comments', 'api_keys'] as const;
export type Table = (typeof TABLES)[number];
export type Kind = 'start' | 'emit' | 'decide' | 'cancel' | 'retry';
type Values = Readonly<Record<string, unknown>>;

/** Of the answer to a mutation, as far as somebody asked for it. */
export interface Payload {
  readonly run?: { readonly id?: unknown } | null;
  readonly event?: { readonly id?: unknown } | null;
  readonly task?: { readonly id?: unknown; readonly status?: unknown; readonly draftVersion?: unknown } | null;
  readonly comment?: { readonly id?: unknown } | null;
  readonly apiKey?: { readonly id?: unknown } | null;
}

export class Acknowledged {
  private readonly ids = Object.fromEntries(TABLES.map((table) => [table, new Set<string>()])) as Readonly<Record<Table, Set<string>>>;
  /** The newest version of its draft that somebody was told of, by task. */
  private readonly drafts = new Map<string, number>();
  private readonly operations = new Map<string, { readonly kind: Kind; readonly lines: string }>();

  get total(): number {
    return Object.values(this.ids).reduce((sum, { size }) => sum + size, 0) + this.operations.size + this.drafts.size;
  }

  /** How much of each, for people. */
  get counts(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = Object.fromEntries(TABLES.map((table) => [table, this.ids[table].size]));
    counts['drafts'] = this.drafts.size;
    for (const { kind } of this.operations.values()) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  }

  row(table: Table, id: unknown): void {
    if (isId(id)) this.ids[table].add(id);
  }

  /** @param about and `result` as the journal has them */
  operation(kind: Kind, about: Values, result: Values): void {
    const words = JSON.stringify([kind, about, result]);
    if (this.operations.has(words)) return;
    const op = this.operations.size + 1;
    const at = new Date().toISOString();
    const lines = `${JSON.stringify({ op, kind, at, about })}\n${JSON.stringify({ op, at, tries: 1, result })}\n`;
    this.operations.set(words, { kind, lines });
  }

  /** What was said to a mutation that was done. @param given its arguments, as the server has got them */
  mutation(name: string, given: Values, { run, event, task, comment, apiKey }: Payload): void {
    this.row('runs', run?.id);
    this.row('events', event?.id);
    this.row('task_comments', comment?.id);
    this.row('api_keys', apiKey?.id);
    const key = typeof given['idempotencyKey'] === 'string' ? { key: given['idempotencyKey'] } : {};
    if (name === 'startRun' && isId(run?.id)) this.operation('start', { workflow: given['workflow'], ...key }, { runId: run.id });
    if (name === 'emitEvent' && isId(event?.id))
      this.operation('emit', { name: given['name'], ...key, mayBeRefused: true }, { eventId: event.id });
    if (name === 'completeTask' && task?.status === 'completed')
      this.operation('decide', { task: task.id, answer: given['answer'], ...key }, { won: true });
    if (name === 'cancelRun' && isId(run?.id)) this.operation('cancel', { run: run.id }, { won: true });
    if (name === 'retryRun' && isId(run?.id)) this.operation('retry', { run: given['id'] }, { won: true, id: run.id });
    if (name === 'saveTaskDraft' && isId(task?.id) && typeof task.draftVersion === 'number')
      this.drafts.set(task.id, Math.max(task.draftVersion, this.drafts.get(task.id) ?? 0));
  }

  /** @returns what is not there */
  async lost(pool: pg.Pool): Promise<string[]> {
    const missing: string[] = [];
    for (const table of TABLES) {
      const { rows } = await pool.query<{ id: string }>(`SELECT id FROM unnest($1::uuid[]) id WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.id = id.id)`, [[...this.ids[table]]]); // prettier-ignore
      missing.push(...rows.map(({ id }) => `Acknowledged, and not there: ${id} in ${table}.`));
    }
    const { rows } = await pool.query<{ id: string; version: number }>(
      `SELECT d.id, d.version FROM unnest($1::uuid[], $2::int[]) AS d(id, version)
       WHERE NOT EXISTS (SELECT FROM tasks t WHERE t.id = d.id AND t.draft_version >= d.version)`,
      [[...this.drafts.keys()], [...this.drafts.values()]],
    );
    return [...missing, ...rows.map(({ id, version }) => `Acknowledged, and not there: version ${version} of the draft of task ${id}.`)];
  }

  /** Makes the operations known to the auditor. @returns whether there are any */
  async tell(client: pg.ClientBase): Promise<boolean> {
    if (this.operations.size === 0) return false;
    const folder = mkdtempSync(join(tmpdir(), 'stepwell-fuzz-journal-'));
    try {
      writeFileSync(join(folder, 'journal.jsonl'), [...this.operations.values()].map(({ lines }) => lines).join(''));
      await readJournal(client, join(folder, 'journal.jsonl'));
      return true;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

function isId(id: unknown): id is string {
  return typeof id === 'string' && /^[0-9a-f-]{36}$/.test(id);
}
