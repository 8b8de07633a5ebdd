/** What belongs to the installation as a whole. Several processes may ask at once: the first one's key stays. */
import { randomBytes } from 'node:crypto';
import { type Sql, statement } from '../sql.js';

export const MAKE_SIGNING_KEY = statement('make-signing-key', 'INSERT INTO installation (signing_key) VALUES ($1) ON CONFLICT DO NOTHING');
export const READ_SIGNING_KEY = statement('read-signing-key', 'SELECT signing_key FROM installation');

/** The key that signs callback URLs; made at the first start. */
export async function signingKey(sql: Sql): Promise<string> {
  await sql.query(MAKE_SIGNING_KEY, [randomBytes(32).toString('base64url')]);
  const [row] = await sql.query<{ signing_key: string }>(READ_SIGNING_KEY, []);
  if (!row) throw new Error('The installation has no signing key.');
  return row.signing_key;
}

export const ENSURE_PARTITIONS = statement('ensure-partitions', 'SELECT ensure_partitions()');

/** Makes the partitions of the coming months. */
export async function ensurePartitions(sql: Sql): Promise<void> {
  await sql.query(ENSURE_PARTITIONS, []);
}
