/**
 * Claims the next task for a person, in one statement: the first free one of a view, in its order, that this person has not skipped.
 * When there is none left, what was skipped comes again, the one first that was skipped first.
 *
 * Locks: one task row, FOR NO KEY UPDATE SKIP LOCKED: two people who ask at once get two tasks and neither waits. Free is what is open or
 * whose lease has lapsed, and offered to this person. A row that somebody is changing at this
 * moment is passed over, even if it ends up free: the next one will do.
 * What the author of a screen has a word about is taken only when he was asked: if such a task is the next one, nothing is claimed, and
 * the answer names it.
 * What was skipped is looked at only when nothing else is free: it is sorted, and no index has that order. Planned anew for each view.
 *
 * Where no index has the view in its order, either few tasks fit, or one comes soon: see list-tasks. So the first of the order are looked at,
 * then a few that fit are found by an index of theirs and sorted; the whole order is walked only where more than a few fit and all come late.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { isOffered } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';
import {
  FEW,
  hasIndexInOrder,
  inOrderOfAnIndex,
  TASK_ORDERS,
  type TaskListFilter,
  type TaskOrder,
  tasksThatFit,
  tasksThatOftenFit,
  Values,
} from './task-filter.js';

const ASKING = { tenant: '$1', actorId: "$2::jsonb ->> 'id'", isAgreed: 'true' };

/** So many of the order are looked at first: what many fit, or what comes soon, costs no more than that. */
const SOON = 1_000;
const ME = "($2::jsonb ->> 'id')";
const SKIPPED_AT = `(t.skipped_by ->> ${ME})::float8`;
const IS_FRESH = `(t.skipped_by IS NULL OR NOT t.skipped_by ? ${ME})`;
const IS_SKIPPED = `t.skipped_by ? ${ME}`;
const LOCKED = 'LIMIT 1 FOR NO KEY UPDATE OF t SKIP LOCKED';

/** The free ones among rows called `t` of the tenant $1. */
function free(fits: string): string {
  return `
    SELECT t.id, t.asks_author, CASE t.status WHEN 'claimed' THEN t.claimed_by END AS holder FROM tasks t
    WHERE ${fits} AND t.id IS DISTINCT FROM $4::uuid AND NOT (t.asks_author AND ($6::uuid[] IS NULL OR t.id = ANY($6))) AND ${isOffered('t', ASKING)}`;
}

/** `fresh` and `again`: the first in the order, and the first that was skipped, while `isWanted`. */
function alongOrder(fits: string, by: string, isWanted: string): string {
  return `fresh AS MATERIALIZED (
     ${free(fits)} AND ${IS_FRESH} AND ${isWanted} ORDER BY ${by} ${LOCKED}),
   again AS MATERIALIZED (
     ${free(fits)} AND ${IS_SKIPPED} AND ${isWanted} AND NOT EXISTS (SELECT FROM fresh) ORDER BY ${SKIPPED_AT}, t.id ${LOCKED})`;
}

/**
 * `near`: the first of what comes soon; else, unless `few` are too many, the first of all that fit, and then of what was skipped. Each is
 * looked up by itself, in this order, and locked when it is free: so no more than one is.
 */
function amongFew(filter: TaskListFilter, by: string, values: Values): string {
  const fits = tasksThatFit(filter, values);
  const waits = tasksThatFit({ status: ['open', 'claimed'] }, values);
  const ofFew = 'SELECT t.id FROM few t WHERE NOT (SELECT is_many FROM size) AND t.skipped_at';
  return `few AS MATERIALIZED (
     SELECT t.id, t.priority, t.due_at, ${SKIPPED_AT} AS skipped_at FROM tasks t WHERE ${fits} ${inOrderOfAnIndex(filter)} LIMIT ${FEW + 1}),
   size AS MATERIALIZED (SELECT count(*) > ${FEW} AS is_many FROM few),
   near AS MATERIALIZED (
     SELECT one.* FROM (
       (SELECT t.id FROM (SELECT t.* FROM tasks t WHERE ${waits} ORDER BY ${by} LIMIT ${SOON}) t WHERE ${fits} AND ${IS_FRESH})
       UNION ALL (${ofFew} IS NULL ORDER BY ${by})
       UNION ALL (${ofFew} IS NOT NULL ORDER BY t.skipped_at, t.id)) found
     CROSS JOIN LATERAL (${free(fits)} AND t.id = found.id ${LOCKED}) one
     LIMIT 1)`;
}

/** Which is the next one: `next`. */
function nextOf(filter: TaskListFilter, order: TaskOrder, values: Values): string {
  const { by } = TASK_ORDERS[order];
  const next = (...found: readonly string[]) =>
    `next AS MATERIALIZED (${found.map((name) => `SELECT * FROM ${name}`).join(' UNION ALL ')})`;
  if (hasIndexInOrder(filter, order)) return `${alongOrder(tasksThatFit(filter, values), by, 'true')}, ${next('fresh', 'again')}`;
  const isWanted = '(SELECT is_many FROM size WHERE NOT EXISTS (SELECT FROM near))';
  const far = alongOrder(tasksThatOftenFit(filter, values), by, isWanted);
  return `${amongFew(filter, by, values)}, ${far}, ${next('near', 'fresh', 'again')}`;
}

function claimNext(next: string): string {
  return `WITH ${next},
   claimed AS (
     UPDATE tasks t
     SET status = 'claimed', claimed_by = $2::jsonb, claimed_until = clock_timestamp() + $3 * interval '1 millisecond', version = t.version + 1
     FROM next n WHERE t.tenant = $1 AND t.id = n.id AND (NOT n.asks_author OR n.id = $5::uuid)
     RETURNING ${taskColumns('t')}, n.holder AS taken_from),
   history AS (
     INSERT INTO task_history (tenant, task_id, kind, actor, details)
     SELECT $1, id, 'claimed', $2::jsonb, nullif(jsonb_strip_nulls(jsonb_build_object('after', $4::uuid, 'takenFrom', taken_from)), '{}') FROM claimed)
   SELECT c.*, n.id AS next_id FROM next n LEFT JOIN claimed c ON c.id = n.id`;
}

export interface NextTask {
  readonly tenant: string;
  readonly actor: Actor;
  readonly leaseMs: number;
  /** The task that the person leaves: it is not the next one, and it is written down, so that a repeat of the request finds what it got. */
  readonly after: string | null;
  /** Among which tasks; only what is free of them. */
  readonly filter?: Omit<TaskListFilter, 'status'>;
  /** Which is the first; default: that of the inbox. */
  readonly order?: TaskOrder;
  /** The task of which the author of its screen agrees that this person has it. */
  readonly agreed?: string | null;
  /** Tasks of which an author does not; null: of none was one asked, and such tasks are passed by. */
  readonly refused?: readonly string[] | null;
}

export type NextOutcome =
  | { readonly kind: 'claimed'; readonly task: TaskRecord }
  /** It is the next one, if the author of its screen agrees: nothing was claimed. */
  | { readonly kind: 'to-ask'; readonly id: string };

/** @returns `undefined` when nothing is free */
export async function claimNextTask(
  sql: Sql,
  { tenant, actor, leaseMs, after, filter = {}, order = 'priority', agreed = null, refused = [] }: NextTask,
): Promise<NextOutcome | undefined> {
  const values = new Values(tenant, JSON.stringify(actor), leaseMs, after, agreed, refused);
  const text = claimNext(nextOf({ ...filter, status: ['open'] }, order, values));
  const [row] = await sql.query<TaskRecord & { readonly next_id: string }>(
    statement('claim-next-task', text, { isPlannedAnew: true }),
    values.list,
  );
  if (!row) return undefined;
  // The join gives no columns of a task that was not claimed.
  return (row.id as string | null) === null ? { kind: 'to-ask', id: row.next_id } : { kind: 'claimed', task: row };
}

export const CLAIMED_AFTER = statement(
  'claimed-after',
  `SELECT ${taskColumns('t')} FROM tasks t
   WHERE t.tenant = $1 AND t.status = 'claimed' AND t.claimed_by ->> 'id' = $2 AND t.claimed_until > clock_timestamp()
     AND EXISTS (SELECT FROM task_history h WHERE h.tenant = $1 AND h.task_id = t.id AND h.kind = 'claimed' AND h.actor ->> 'id' = $2 AND h.details ->> 'after' = $3)
   ORDER BY t.id LIMIT 1`,
);

/** The task that an earlier request claimed after `after`, while it is still held. Takes no lock. */
export async function claimedAfter(sql: Sql, tenant: string, actorId: string, after: string): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(CLAIMED_AFTER, [tenant, actorId, after]);
  return row;
}
