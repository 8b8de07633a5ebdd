import { StepwellError } from '@stepwell/contracts';
import { listTasks, type Sql } from '@stepwell/storage';
import { taskInShort, type TaskInShort } from '../task-view.js';
import { decodeCursor, encodeCursor } from './inbox-cursor.js';
import { listingOf, type TaskListing } from './task-filter.js';

/** More would make one request as dear as a hundred. */
const MAX_PAGE = 100;

export interface InboxRequest extends TaskListing {
  /** From 1 to 100. */
  readonly first: number;
  readonly after?: string | null;
}

export interface TaskPage {
  readonly edges: readonly { readonly cursor: string; readonly node: TaskInShort }[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** @throws StepwellError PAGE_SIZE_INVALID, CURSOR_INVALID, INPUT_INVALID */
export async function inboxPage(sql: Sql, tenant: string, { first, after, ...listing }: InboxRequest): Promise<TaskPage> {
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE) throw new StepwellError('PAGE_SIZE_INVALID', { first });
  const { where, order } = listingOf(listing);
  const key = after === undefined || after === null ? undefined : decodeCursor(order, after);
  const rows = await listTasks(sql, tenant, where, order, key, first + 1);
  const edges = rows
    .slice(0, first)
    .map((row) => ({ cursor: encodeCursor(order, { at: row.sorted_at, id: row.id }), node: taskInShort(row) }));
  return { edges, hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null };
}
