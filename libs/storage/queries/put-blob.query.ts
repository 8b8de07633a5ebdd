/**
 * Stores a large payload before the flush that refers to it, content-addressed: a repeat changes nothing, but for making one that is
 * older than an hour young again, so that it is not swept before the flush comes (see expire). Locks the payload's row only.
 */
import { type Sql, statement } from '../sql.js';

export const PUT_BLOB = statement(
  'put-blob',
  `INSERT INTO blobs AS b (tenant, run_id, hash, data) VALUES ($1, $2, $3, $4::jsonb)
   ON CONFLICT (tenant, run_id, hash) DO UPDATE SET created_at = excluded.created_at WHERE b.created_at < excluded.created_at - interval '1 hour'`,
);

export async function putBlob(sql: Sql, tenant: string, runId: string, hash: string, data: string): Promise<void> {
  await sql.query(PUT_BLOB, [tenant, runId, hash, data]);
}
