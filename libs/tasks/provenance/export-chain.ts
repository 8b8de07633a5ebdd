/**
 * The chain of a tenant as JSON Lines, to be kept and checked where there is no database (`verify-export.ts`). Its lines, by `kind`:
 *
 *   export   the first one: the form of the file, the tenant, the filter
 *   form     the JSON Schema of a form, once, before the first record that names it
 *   seal     every seal from the first on, with its record; what the filter leaves out keeps its seal, for each is a part of the next
 *   end      how many there were: a file without it was cut
 *
 * It ends before the first record of a task whose answers nobody may see yet. Its seal is not there either: who has the hash of a record,
 * and all but the answer, can try answers out.
 *
 * Reads some seals at a time, and the next ones when those were taken. What is sealed meanwhile may be in it or not.
 */
import type { Json } from '@stepwell/contracts';
import { formsByHash, readChain, reviewedTasks, type SealedDecision, type Sql } from '@stepwell/storage';
import { isHidden } from '../reviews/what-one-sees.js';
import { contentHash } from './canonical-hash.js';
import type { ChainLink } from './chain-check.js';
import { linkOf } from './chain-link.js';

/** With their records, each of which may be as large as its props and an answer together. */
const PAGE = 50;
export const EXPORT_FORMAT = 1;

/** Which records are in it; without any, all. */
export interface ExportFilter {
  /** Decided then or later. */
  readonly from?: Date | undefined;
  /** Decided before. */
  readonly until?: Date | undefined;
  readonly workflow?: string | undefined;
}

export type ExportLine =
  | {
      readonly kind: 'export';
      readonly format: number;
      readonly tenant: string;
      readonly from: string | null;
      readonly until: string | null;
      readonly workflow: string | null;
    }
  | { readonly kind: 'form'; readonly hash: string; readonly form: Json }
  | ({ readonly kind: 'seal'; readonly previous: string | null } & ChainLink)
  | {
      readonly kind: 'end';
      readonly seals: number;
      readonly records: number;
      readonly forms: number;
      /** The seal that it ends before, where answers of its task are hidden yet. */
      readonly before?: number;
    };

/** What a record is asked for here. */
interface RecordFacts {
  readonly at?: string;
  readonly workflow?: string;
  readonly form?: string;
}

/** @yields lines of JSON, each with its end of line */
export async function* exportChain(sql: Sql, tenant: string, filter: ExportFilter = {}): AsyncGenerator<string> {
  for await (const line of linesOfChain(sql, tenant, filter)) yield `${JSON.stringify(line)}\n`;
}

async function* linesOfChain(sql: Sql, tenant: string, filter: ExportFilter): AsyncGenerator<ExportLine> {
  const { from, until, workflow } = filter;
  yield {
    ...{ kind: 'export', format: EXPORT_FORMAT, tenant },
    ...{ from: from?.toISOString() ?? null, until: until?.toISOString() ?? null, workflow: workflow ?? null },
  };
  const forms = new Set<string>();
  let records = 0;
  let last = { seq: 0, hash: null as string | null };
  let seals = 0;
  for (;;) {
    const rows = await readChain(sql, tenant, last.seq, PAGE);
    const shown = await shownOf(sql, tenant, rows);
    const page = shown.map((row) => filtered(linkOf(row), filter));
    const named = page.flatMap(({ record }) => (record as RecordFacts | null)?.form ?? []);
    for (const { hash, form } of await newForms(sql, tenant, named, forms)) yield { kind: 'form', hash, form };
    for (const link of page) {
      yield { kind: 'seal', previous: last.hash, ...link };
      seals++;
      if (link.record !== null) records++;
      last = link;
    }
    const before = rows[shown.length]?.seq;
    if (before === undefined && rows.length === PAGE) continue;
    yield { kind: 'end', seals, records, forms: forms.size, ...(before === undefined ? {} : { before }) };
    return;
  }
}

/** Those before the first one that is hidden yet. */
async function shownOf(sql: Sql, tenant: string, rows: readonly SealedDecision[]): Promise<readonly SealedDecision[]> {
  const tasks = await reviewedTasks(sql, tenant, [...new Set(rows.map(({ task_id }) => task_id))]);
  const hidden = new Set(tasks.filter(isHidden).map(({ id }) => id));
  const first = rows.findIndex(({ task_id }) => hidden.has(task_id));
  return first === -1 ? rows : rows.slice(0, first);
}

/** A record that is not what was sealed is in every file: what was changed may be what the filter reads. */
function filtered(link: ChainLink, filter: ExportFilter): ChainLink {
  if (link.record === null || matches(link.record as RecordFacts, filter) || contentHash(link.record) !== link.content) return link;
  return { ...link, record: null, without: 'filtered' };
}

function matches({ at = '', workflow }: RecordFacts, filter: ExportFilter): boolean {
  const decidedAt = Date.parse(at);
  if (filter.from && decidedAt < filter.from.getTime()) return false;
  if (filter.until && decidedAt >= filter.until.getTime()) return false;
  return filter.workflow === undefined || filter.workflow === workflow;
}

/** @param known hashes of those that were given; the new ones are added */
async function newForms(sql: Sql, tenant: string, named: readonly string[], known: Set<string>): Promise<{ hash: string; form: Json }[]> {
  const hashes = [...new Set(named)].filter((hash) => !known.has(hash));
  const forms = hashes.length === 0 ? [] : await formsByHash(sql, tenant, hashes);
  for (const { hash } of forms) known.add(hash);
  return forms;
}
