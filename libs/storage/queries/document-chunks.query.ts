/** The content of documents in pieces, each in a statement of its own, so that neither side ever holds more than one. Locks the new row only. */
import { type Sql, statement } from '../sql.js';
import type { DocumentKey } from './documents.query.js';

export const PUT_CHUNK = statement('put-chunk', 'INSERT INTO document_chunks (tenant, document_id, seq, data) VALUES ($1, $2, $3, $4)');

export async function putChunk(sql: Sql, { tenant, id }: DocumentKey, seq: number, data: Buffer): Promise<void> {
  await sql.query(PUT_CHUNK, [tenant, id, seq, data]);
}

export const READ_CHUNK = statement('read-chunk', 'SELECT data FROM document_chunks WHERE tenant = $1 AND document_id = $2 AND seq = $3');

/** @returns the piece; `undefined` after the last one */
export async function readChunk(sql: Sql, { tenant, id }: DocumentKey, seq: number): Promise<Buffer | undefined> {
  const [row] = await sql.query<{ data: Buffer }>(READ_CHUNK, [tenant, id, seq]);
  return row?.data;
}

export const DROP_CHUNKS = statement('drop-chunks', 'DELETE FROM document_chunks WHERE tenant = $1 AND document_id = $2');

export async function dropChunks(sql: Sql, { tenant, id }: DocumentKey): Promise<void> {
  await sql.query(DROP_CHUNKS, [tenant, id]);
}
