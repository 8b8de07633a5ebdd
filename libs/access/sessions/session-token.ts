/**
 * A session token: the tenant, and 256 random bits. Only its SHA-256 is stored, so a copy of the database signs nobody in; the bits are
 * random, so a slow hash would protect nothing more.
 */
import { createHash, randomBytes } from 'node:crypto';

export function newToken(tenant: string): string {
  return `${Buffer.from(tenant).toString('base64url')}.${randomBytes(32).toString('base64url')}`;
}

export function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** @returns `undefined` for what is no token of ours */
export function tenantOf(token: string): string | undefined {
  const [tenant] = /^([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]{43}$/.exec(token)?.slice(1) ?? [];
  return tenant === undefined ? undefined : Buffer.from(tenant, 'base64url').toString();
}
