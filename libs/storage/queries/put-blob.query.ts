/** Stores a large payload before the flush that refers to it, content-addressed: a repeat changes nothing. Locks the new row only. */
import { type Sql, statement } from '../sql.js';

export const PUT_BLOB = statement(
  'put-blob',
  'INSERT INTO blobs (tenant, run_id, hash, data) VALUES ($1, $2, $3, $4::jsonb) ON CONFLICT DO NOTHING',
);

export async function putBlob(sql: Sql, tenant: string, runId: string, hash: string, data: string): Promise<void> {
  await sql.query(PUT_BLOB, [tenant, runId, hash, data]);
}
