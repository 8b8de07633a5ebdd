/**
 * Pages of tasks, by keyset: a page costs the same however deep it lies, and a task decided meanwhile moves nobody else. Take no lock.
 *
 * The first page starts beyond every possible key, so that one statement, and one plan, serves all pages.
 */
import type { TaskStatus } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { isAssignee, isForGroup } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export interface TaskListFilter {
  readonly status: readonly TaskStatus[];
  readonly workflow: string | null;
  /** Only what this actor holds, is assigned, or has decided. */
  readonly actorId: string | null;
  /** Only what waits for a group of this actor's: asked by `listInbox` alone. */
  readonly groupsOf: string | null;
}

export interface InboxKey {
  readonly priority: number;
  readonly id: string;
}

const BEFORE_ALL: InboxKey = { priority: 2_147_483_647, id: '00000000-0000-0000-0000-000000000000' };
const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

// The second condition on priority and id is the exact one; the first lets the index begin there. As for a claim that has lapsed, the
// row still says claimed, so both statuses are looked at and the filter asks what it reads as.
export const LIST_INBOX = statement(
  'list-inbox',
  `SELECT ${taskColumns('t')} FROM tasks t
   WHERE t.tenant = $1 AND t.status IN ('open', 'claimed')
     AND t.priority <= $2 AND (t.priority < $2 OR t.id > $3)
     AND CASE WHEN t.status = 'claimed' AND t.claimed_until <= clock_timestamp() THEN 'open' ELSE t.status END = ANY($4::text[])
     AND ($5::text IS NULL OR t.workflow = $5)
     AND ($6::text IS NULL OR t.status = 'claimed' AND t.claimed_by ->> 'id' = $6 OR ${isAssignee('t', { tenant: '$1', actorId: '$6' })})
     AND ($7::text IS NULL OR ${isForGroup('t', { tenant: '$1', actorId: '$7' })})
   ORDER BY t.priority DESC, t.id LIMIT $8`,
);

/** Tasks that wait for a decision: highest priority first, then oldest. */
export async function listInbox(
  sql: Sql,
  tenant: string,
  filter: TaskListFilter,
  after: InboxKey | undefined,
  limit: number,
): Promise<TaskRecord[]> {
  const { priority, id } = after ?? BEFORE_ALL;
  return sql.query<TaskRecord>(LIST_INBOX, [tenant, priority, id, filter.status, filter.workflow, filter.actorId, filter.groupsOf, limit]);
}

export const LIST_TASKS = statement(
  'list-tasks',
  `SELECT ${taskColumns('t')} FROM tasks t
   WHERE t.tenant = $1 AND t.id < $2
     AND CASE WHEN t.status = 'claimed' AND t.claimed_until <= clock_timestamp() THEN 'open' ELSE t.status END = ANY($3::text[])
     AND ($4::text IS NULL OR t.workflow = $4)
     AND ($5::text IS NULL OR t.decided_by ->> 'id' = $5 OR t.status = 'claimed' AND t.claimed_by ->> 'id' = $5
       OR t.status IN ('open', 'claimed') AND ${isAssignee('t', { tenant: '$1', actorId: '$5' })})
   ORDER BY t.id DESC LIMIT $6`,
);

/** Tasks of any status, newest first. */
export async function listTasks(
  sql: Sql,
  tenant: string,
  filter: TaskListFilter,
  after: string | undefined,
  limit: number,
): Promise<TaskRecord[]> {
  return sql.query<TaskRecord>(LIST_TASKS, [tenant, after ?? AFTER_ALL, filter.status, filter.workflow, filter.actorId, limit]);
}
