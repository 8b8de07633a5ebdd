import type { FieldError } from '@stepwell/contracts';
import type { DocumentUse } from '@stepwell/sdk';
import { type DocumentRow, holdDocuments, readDocuments, type Sql } from '@stepwell/storage';
import { isAllowed } from './media-types.js';

/**
 * Takes the documents of an input for a run that is about to be inserted: from then on they stay. Before keys and rows of runs, by id.
 *
 * @returns what is wrong with them, by field: not there, of another tenant, or not what the field takes; then none is taken
 */
export async function takeDocuments(sql: Sql, tenant: string, uses: readonly DocumentUse[]): Promise<readonly FieldError[]> {
  if (uses.length === 0) return [];
  const ids = [...new Set(uses.map(({ document }) => document.id))].sort();
  const found = await readDocuments(sql, tenant, ids);
  const problems = uses.flatMap((use) => problemOf(use, found.get(use.document.id)) ?? []);
  if (problems.length > 0) return problems;
  const held = await holdDocuments(sql, tenant, ids);
  return uses.filter(({ document }) => !held.has(document.id)).map(gone);
}

function problemOf(use: DocumentUse, row: DocumentRow | undefined): FieldError | undefined {
  const { path, document, types, maxBytes } = use;
  if (!row) return gone(use);
  if (row.file_name !== document.fileName) return { path, message: `document ${document.id} is named "${row.file_name}"` };
  if (types && !isAllowed(row.media_type, types))
    return { path, message: `"${row.file_name}" is ${row.media_type}, but what is taken is ${types.join(', ')}` };
  if (maxBytes !== undefined && row.size > maxBytes)
    return { path, message: `"${row.file_name}" has ${row.size} bytes, but at most ${maxBytes} are taken` };
  return undefined;
}

function gone({ path, document }: DocumentUse): FieldError {
  return { path, message: `there is no document ${document.id}` };
}
