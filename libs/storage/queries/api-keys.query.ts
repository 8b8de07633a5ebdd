/**
 * Keys of machines. A key that is used is looked up by its hash within its tenant, and only found while it is neither revoked nor expired,
 * by the database's clock.
 *
 * Locks: `use` the key's row, at most once a minute: of several requests that find the last use too old, those that waited for the first
 * see what it wrote and write nothing. `revoke` the key's row.
 */
import type { Actor, Role } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface ApiKeyRow {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly createdBy: Actor;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
}

const COLUMNS = `tenant, id, name, role, created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt",
  revoked_at AS "revokedAt", last_used_at AS "lastUsedAt"`;

export const INSERT_API_KEY = statement(
  'insert-api-key',
  `INSERT INTO api_keys (tenant, name, role, key_hash, created_by, expires_at)
   VALUES ($1, $2, $3, $4, $5::jsonb, clock_timestamp() + make_interval(days => $6)) RETURNING ${COLUMNS}`,
);
export const LIST_API_KEYS = statement('list-api-keys', `SELECT ${COLUMNS} FROM api_keys WHERE tenant = $1 ORDER BY id DESC`);
export const REVOKE_API_KEY = statement(
  'revoke-api-key',
  `UPDATE api_keys SET revoked_at = coalesce(revoked_at, clock_timestamp()) WHERE tenant = $1 AND id = $2 RETURNING ${COLUMNS}`,
);
export const USE_API_KEY = statement(
  'use-api-key',
  `WITH found AS (
     SELECT * FROM api_keys WHERE tenant = $1 AND key_hash = $2 AND revoked_at IS NULL AND expires_at > clock_timestamp()),
   used AS (
     UPDATE api_keys k SET last_used_at = clock_timestamp() FROM found f
     WHERE k.tenant = f.tenant AND k.id = f.id AND (k.last_used_at IS NULL OR k.last_used_at < clock_timestamp() - interval '1 minute'))
   SELECT ${COLUMNS} FROM found`,
);

export interface NewApiKey {
  readonly tenant: string;
  readonly name: string;
  readonly role: Role;
  readonly keyHash: string;
  readonly createdBy: Actor;
  readonly days: number;
}

export async function insertApiKey(sql: Sql, { tenant, name, role, keyHash, createdBy, days }: NewApiKey): Promise<ApiKeyRow> {
  const [row] = await sql.query<ApiKeyRow>(INSERT_API_KEY, [tenant, name, role, keyHash, JSON.stringify(createdBy), days]);
  if (!row) throw new Error('An insert has returned no row.');
  return row;
}

/** @returns all keys of a tenant, newest first, those that are over included */
export function listApiKeys(sql: Sql, tenant: string): Promise<ApiKeyRow[]> {
  return sql.query<ApiKeyRow>(LIST_API_KEYS, [tenant]);
}

/** Revoking twice keeps the first time. @returns `undefined` when there is no such key */
export async function revokeApiKey(sql: Sql, tenant: string, id: string): Promise<ApiKeyRow | undefined> {
  return (await sql.query<ApiKeyRow>(REVOKE_API_KEY, [tenant, id]))[0];
}

/** @returns `undefined` when the key is unknown, revoked or expired */
export async function applyApiKey(sql: Sql, tenant: string, keyHash: string): Promise<ApiKeyRow | undefined> {
  return (await sql.query<ApiKeyRow>(USE_API_KEY, [tenant, keyHash]))[0];
}
