/**
 * Saved views of the inbox. One row each, by its id; nothing of the engine knows them. Who may change one is asked in the statement, so
 * that a view that is shared no longer is not changed by who could when he looked.
 */
import type { Actor, Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface InboxViewRow {
  readonly id: string;
  readonly owner: Actor;
  readonly name: string;
  readonly is_shared: boolean;
  readonly filter: Json;
  readonly ordering: string | null;
}

const COLUMNS = 'v.id, v.owner, v.name, v.is_shared, v.filter, v.ordering';
const IS_OWN = "v.owner ->> 'id' = $2";

export const LIST_INBOX_VIEWS = statement(
  'list-inbox-views',
  `SELECT ${COLUMNS} FROM inbox_views v WHERE v.tenant = $1 AND (${IS_OWN} OR v.is_shared) AND ($3::uuid IS NULL OR v.id = $3)
   ORDER BY v.is_shared, v.name, v.id`,
);

/** @param id only this one; null: all that the actor sees, his own first, by name */
export async function listInboxViews(sql: Sql, tenant: string, actorId: string, id: string | null): Promise<InboxViewRow[]> {
  return sql.query<InboxViewRow>(LIST_INBOX_VIEWS, [tenant, actorId, id]);
}

export interface InboxViewToSave extends InboxViewRow {
  readonly tenant: string;
  /** More of one owner are not kept. */
  readonly most: number;
}

export const INSERT_INBOX_VIEW = statement(
  'insert-inbox-view',
  `INSERT INTO inbox_views AS v (tenant, id, owner, name, is_shared, filter, ordering)
   SELECT $1, $3::uuid, $4::jsonb, $5, $6::bool, $7::jsonb, $8 WHERE (SELECT count(*) FROM inbox_views v WHERE v.tenant = $1 AND ${IS_OWN}) < $9
   RETURNING ${COLUMNS}`,
);

/** @returns `undefined` when its owner has as many as may be @throws a unique violation when one of his has the name */
export async function insertInboxView(sql: Sql, { tenant, most, ...view }: InboxViewToSave): Promise<InboxViewRow | undefined> {
  const { id, owner, name, is_shared: isShared, filter, ordering } = view;
  const values = [tenant, owner.id, id, JSON.stringify(owner), name, isShared, JSON.stringify(filter), ordering, most];
  return (await sql.query<InboxViewRow>(INSERT_INBOX_VIEW, values))[0];
}

/** Its owner, and of a shared one whoever may share. */
const MAY_CHANGE = `(${IS_OWN} OR v.is_shared AND $4::bool)`;

export const UPDATE_INBOX_VIEW = statement(
  'update-inbox-view',
  `UPDATE inbox_views v SET name = $5, is_shared = $6::bool, filter = $7::jsonb, ordering = $8, saved_at = clock_timestamp()
   WHERE v.tenant = $1 AND v.id = $3::uuid AND ${MAY_CHANGE} RETURNING ${COLUMNS}`,
);

export interface InboxViewChange extends Omit<InboxViewRow, 'owner'> {
  readonly tenant: string;
  readonly actorId: string;
  readonly mayShare: boolean;
}

/** @returns `undefined` when there is none that the actor may change @throws a unique violation when another one has the name */
export async function updateInboxView(sql: Sql, change: InboxViewChange): Promise<InboxViewRow | undefined> {
  const { tenant, actorId, id, mayShare, name, is_shared: isShared, filter, ordering } = change;
  const values = [tenant, actorId, id, mayShare, name, isShared, JSON.stringify(filter), ordering];
  return (await sql.query<InboxViewRow>(UPDATE_INBOX_VIEW, values))[0];
}

export const DELETE_INBOX_VIEW = statement(
  'delete-inbox-view',
  `DELETE FROM inbox_views v WHERE v.tenant = $1 AND v.id = $3::uuid AND ${MAY_CHANGE} RETURNING v.id`,
);

/** @returns whether there was one that the actor may change */
export async function deleteInboxView(sql: Sql, tenant: string, actorId: string, id: string, mayShare: boolean): Promise<boolean> {
  return (await sql.query(DELETE_INBOX_VIEW, [tenant, actorId, id, mayShare])).length > 0;
}
