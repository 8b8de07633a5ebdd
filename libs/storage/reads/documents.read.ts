import { type Sql, statement } from '../sql.js';

export interface DocumentRow {
  readonly id: string;
  readonly file_name: string;
  readonly media_type: string;
  readonly size: number;
  readonly sha256: string;
  readonly created_at: Date;
}

export const READ_DOCUMENTS = statement(
  'read-documents',
  `SELECT id, file_name, media_type, size::float8 AS size, sha256, created_at FROM documents
   WHERE tenant = $1 AND id = ANY ($2::uuid[]) AND size IS NOT NULL`,
);

/** Documents whose content is whole, by id; others are absent. */
export async function readDocuments(sql: Sql, tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, DocumentRow>> {
  const rows = await sql.query<DocumentRow>(READ_DOCUMENTS, [tenant, ids]);
  return new Map(rows.map((row) => [row.id, row]));
}
