/**
 * The rows of documents. A document is visible when it has a size: it gets one when its content is whole, and loses it before its content
 * is removed, so that a row without one is what the sweep looks for.
 *
 * Locks: documents only, of one tenant by id. A start holds its documents before it takes its keys and inserts its run; a sweep takes what
 * nobody has locked, and a start that comes second finds its document gone.
 */
import { type Sql, statement } from '../sql.js';

export interface DocumentKey {
  readonly tenant: string;
  readonly id: string;
}

export interface FinishedDocument extends DocumentKey {
  readonly mediaType: string;
  readonly size: number;
  readonly sha256: string;
  /** It is not an upload that waits for a start. */
  readonly isHeld: boolean;
}

export const BEGIN_DOCUMENT = statement(
  'begin-document',
  'INSERT INTO documents (tenant, id, file_name, media_type) VALUES ($1, $2, $3, $4)',
);

export async function beginDocument(sql: Sql, { tenant, id }: DocumentKey, fileName: string, mediaType: string): Promise<void> {
  await sql.query(BEGIN_DOCUMENT, [tenant, id, fileName, mediaType]);
}

export const FINISH_DOCUMENT = statement(
  'finish-document',
  `UPDATE documents SET media_type = $3, size = $4, sha256 = $5, held_at = CASE WHEN $6::boolean THEN clock_timestamp() END
   WHERE tenant = $1 AND id = $2 RETURNING created_at`,
);

/** @returns when it was begun; `undefined` when it was swept meanwhile */
export async function finishDocument(sql: Sql, document: FinishedDocument): Promise<Date | undefined> {
  const { tenant, id, mediaType, size, sha256, isHeld } = document;
  const [row] = await sql.query<{ created_at: Date }>(FINISH_DOCUMENT, [tenant, id, mediaType, size, sha256, isHeld]);
  return row?.created_at;
}

export const HOLD_DOCUMENTS = statement(
  'hold-documents',
  `WITH locked AS (
     SELECT id FROM documents WHERE tenant = $1 AND id = ANY ($2::uuid[]) AND size IS NOT NULL ORDER BY id FOR NO KEY UPDATE)
   UPDATE documents d SET held_at = clock_timestamp() FROM locked WHERE d.tenant = $1 AND d.id = locked.id RETURNING d.id`,
);

/** @returns those that are there; they stay, whatever their age as uploads */
export async function holdDocuments(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await sql.query<{ id: string }>(HOLD_DOCUMENTS, [tenant, ids]);
  return new Set(rows.map(({ id }) => id));
}

export const HIDE_DOCUMENT = statement('hide-document', 'UPDATE documents SET size = NULL WHERE tenant = $1 AND id = $2 RETURNING id');

/** @returns whether there is a row; nobody sees the document any more */
export async function hideDocument(sql: Sql, { tenant, id }: DocumentKey): Promise<boolean> {
  return (await sql.query(HIDE_DOCUMENT, [tenant, id])).length > 0;
}

export const HIDE_OLD_DOCUMENTS = statement(
  'hide-old-documents',
  `WITH old AS (
     SELECT tenant, id FROM documents
     WHERE ((held_at IS NULL OR size IS NULL) AND created_at < clock_timestamp() - make_interval(secs => $1)
       OR held_at < clock_timestamp() - make_interval(secs => $2))
       AND ($4::text IS NULL OR (tenant, id) > ($4, $5::uuid))
     ORDER BY tenant, id LIMIT $3 FOR UPDATE SKIP LOCKED),
   hidden AS (
     UPDATE documents d SET size = NULL FROM old WHERE d.tenant = old.tenant AND d.id = old.id RETURNING d.tenant, d.id)
   SELECT tenant, id FROM hidden ORDER BY tenant, id`,
);

/**
 * @param looseSeconds age at which an upload goes that no start has taken
 * @param heldSeconds since a start or a step took it; `null` for never
 * @param after the last one of the call before
 * @returns at most `limit`, in the order of their keys
 */
export function hideOldDocuments(
  sql: Sql,
  looseSeconds: number,
  heldSeconds: number | null,
  limit: number,
  after: DocumentKey | undefined,
): Promise<DocumentKey[]> {
  return sql.query<DocumentKey>(HIDE_OLD_DOCUMENTS, [looseSeconds, heldSeconds, limit, after?.tenant ?? null, after?.id ?? null]);
}

export const FORGET_DOCUMENT = statement('forget-document', 'DELETE FROM documents WHERE tenant = $1 AND id = $2');

/** After its content has gone. */
export async function forgetDocument(sql: Sql, { tenant, id }: DocumentKey): Promise<void> {
  await sql.query(FORGET_DOCUMENT, [tenant, id]);
}
