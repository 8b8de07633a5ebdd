import { type Actor, isDecidable, StepwellError, TaskStatus } from '@stepwell/contracts';
import { listInbox, listTasks, type Sql, type TaskListFilter } from '@stepwell/storage';
import { taskView, type TaskView } from '../task-view.js';
import { decodeCursor, encodeCursor, type TaskOrder } from './inbox-cursor.js';

/** More would make one request as dear as a hundred. */
const MAX_PAGE = 100;

const GROUPS_WAIT = 'filter.myGroups asks for what waits, and what has ended waits for nobody: leave out it, or the ended statuses.';

export interface InboxRequest {
  /** From 1 to 100. */
  readonly first: number;
  readonly after?: string | null;
  readonly filter?: {
    /** Default: open and claimed. With an ended status among them the list is newest first. */
    readonly status?: readonly TaskStatus[] | null;
    readonly workflow?: string | null;
    /** Only what the viewer holds, is assigned, or has decided. */
    readonly mine?: boolean | null;
    /** Only what waits for a group of the viewer's, and is nobody's yet: not with an ended status. */
    readonly myGroups?: boolean | null;
  } | null;
  readonly viewer: Actor | null;
}

export interface TaskPage {
  readonly edges: readonly { readonly cursor: string; readonly node: TaskView }[];
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** @throws StepwellError PAGE_SIZE_INVALID, CURSOR_INVALID, INPUT_INVALID */
export async function inboxPage(sql: Sql, tenant: string, { first, after, filter, viewer }: InboxRequest): Promise<TaskPage> {
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE) throw new StepwellError('PAGE_SIZE_INVALID', { first });
  const status = filter?.status ?? [TaskStatus.open, TaskStatus.claimed];
  const order: TaskOrder = status.every(isDecidable) ? 'inbox' : 'newest';
  if (order === 'newest' && filter?.myGroups) throw new StepwellError('INPUT_INVALID', { reason: GROUPS_WAIT });
  const key = after === undefined || after === null ? undefined : decodeCursor(order, after);
  // Nobody holds the empty id, so an anonymous viewer's own list is empty.
  const of = (isAsked: boolean | null | undefined) => (isAsked ? (viewer?.id ?? '') : null);
  const where: TaskListFilter = { status, workflow: filter?.workflow ?? null, actorId: of(filter?.mine), groupsOf: of(filter?.myGroups) };
  const rows =
    order === 'inbox' ? await listInbox(sql, tenant, where, key, first + 1) : await listTasks(sql, tenant, where, key?.id, first + 1);
  const edges = rows.slice(0, first).map((row) => ({ cursor: encodeCursor(order, row), node: taskView(row) }));
  return { edges, hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null };
}
