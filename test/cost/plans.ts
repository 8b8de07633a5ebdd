/** How PostgreSQL would run each statement of the storage, and which tables it would read as a whole. */
import * as storage from '@stepwell/storage';
import type pg from 'pg';

/** Tables that have a row per run, record, event or person's act. */
const GROWING =
  /^(runs|journal|blobs|inbox|dispatches|run_keys|tasks|task_history|events|event_deliveries|event_waits|emissions|emission_reads|step_keys)(_\d{6})?$/;

export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** The plan that a connection keeps: without a look at the values. */
export async function planOf(pool: Pick<pg.Pool, 'query'>, text: string): Promise<PlanNode> {
  const { rows } = await pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`);
  return rows[0]?.['QUERY PLAN'][0].Plan as PlanNode;
}

export function statements(): storage.Statement[] {
  const exported: unknown[] = Object.values(storage);
  // Some are kept together, by what they are chosen by.
  const within = exported.flatMap((one) => (typeof one === 'object' && one !== null && !Array.isArray(one) ? Object.values(one) : []));
  return [...exported, ...within].filter(
    (one): one is storage.Statement => typeof one === 'object' && one !== null && 'name' in one && 'text' in one,
  );
}

export function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

export function kindsOf(node: PlanNode): string[] {
  return nodesOf(node).map((one) => one['Node Type']);
}

/** Those that grow and are read row by row. Partitions by the name of their table. @param large if given, others do not count */
export function wholeTables(node: PlanNode, large?: ReadonlySet<string>): string[] {
  return nodesOf(node).flatMap((one) => (one['Node Type'] === 'Seq Scan' ? growing(one, large) : []));
}

/** Those that grow and of which all entries of an index are read, by an index that has one for each row. */
export function wholeIndexes(node: PlanNode, partial: ReadonlySet<string>, large: ReadonlySet<string>): string[] {
  return nodesOf(node).flatMap((one) =>
    one['Node Type'].startsWith('Index') && one['Index Cond'] === undefined && !partial.has(one['Index Name'] ?? '')
      ? growing(one, large)
      : [],
  );
}

function growing({ 'Relation Name': name = '' }: PlanNode, large?: ReadonlySet<string>): string[] {
  const table = GROWING.exec(name)?.[1];
  return table === undefined || large?.has(name) === false ? [] : [table];
}
