/**
 * Keys by which machines call: `Authorization: Bearer stepwell_...`. A key has a role as a person has, ends by itself, and can be revoked.
 *
 * Who brings a key is that key or nobody: a key that is unknown, revoked or expired is refused even when a session comes along. Keys are
 * made and revoked by people: no key makes another one, and so outlives its own end.
 */
import { Inject, Injectable } from '@nestjs/common';
import { refusedField, Role, StepwellError } from '@stepwell/contracts';
import { type ApiKeyRow, applyApiKey, insertApiKey, listApiKeys, PG_POOL, pgSql, revokeApiKey, type Sql } from '@stepwell/storage';
import pg from 'pg';
import { hashOf, newToken, tenantOf } from '../sessions/session-token.js';
import { actorOf, type Viewer } from '../viewer.js';

/** By it, people and secret scanners see what a text is. */
const PREFIX = 'stepwell_';
const MAX_NAME = 100;
/** A key that is renewed once a year is not forgotten. */
const MAX_DAYS = 366;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface ApiKeyRequest {
  /** For people: what it is for. */
  readonly name: string;
  readonly role: Role;
  /** Days until it ends, 1 to 366. */
  readonly days: number;
}

@Injectable()
export class ApiKeyService {
  private readonly sql: Sql;

  constructor(@Inject(PG_POOL) pool: pg.Pool) {
    this.sql = pgSql(pool);
  }

  /**
   * @returns the key itself too, which nobody can be told again: only its hash is kept
   * @throws StepwellError FORBIDDEN unless a person asks, INPUT_INVALID with the field `name` or `expiresInDays`
   */
  async create(viewer: Viewer, { name, role, days }: ApiKeyRequest): Promise<{ readonly apiKey: ApiKeyRow; readonly key: string }> {
    requirePerson(viewer);
    if (name.trim() === '' || name.length > MAX_NAME || name.includes('\0'))
      throw refusedField('name', `Name it, in at most ${MAX_NAME} characters.`);
    if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS)
      throw refusedField('expiresInDays', `A key lives for 1 to ${MAX_DAYS} days.`);
    const key = PREFIX + newToken(viewer.tenant);
    const createdBy = actorOf(viewer);
    const apiKey = await insertApiKey(this.sql, { tenant: viewer.tenant, name: name.trim(), role, keyHash: hashOf(key), createdBy, days });
    return { apiKey, key };
  }

  list(tenant: string): Promise<ApiKeyRow[]> {
    return listApiKeys(this.sql, tenant);
  }

  /** @throws StepwellError FORBIDDEN unless a person asks, API_KEY_NOT_FOUND */
  async revoke(viewer: Viewer, id: string): Promise<ApiKeyRow> {
    requirePerson(viewer);
    const revoked = UUID.test(id) ? await revokeApiKey(this.sql, viewer.tenant, id) : undefined;
    if (!revoked) throw new StepwellError('API_KEY_NOT_FOUND', { id });
    return revoked;
  }

  /**
   * @param authorization the header of that name
   * @returns `undefined` when no bearer comes; other schemes belong to proxies before us
   * @throws StepwellError API_KEY_INVALID
   */
  async viewerOf(authorization: string | undefined): Promise<Viewer | undefined> {
    const key = /^bearer(?:\s+(.*))?$/i.exec(authorization ?? '');
    if (!key) return undefined;
    const text = key[1]?.trim() ?? '';
    const tenant = text.startsWith(PREFIX) ? tenantOf(text.slice(PREFIX.length)) : undefined;
    // A name with NUL is nobody's, and the database would not take it.
    const found = tenant === undefined || tenant.includes('\0') ? undefined : await applyApiKey(this.sql, tenant, hashOf(text));
    if (!found) throw new StepwellError('API_KEY_INVALID');
    const { id, name, role, expiresAt } = found;
    const session = { tokenHash: hashOf(text), expiresAt };
    return { kind: 'api-key', tenant: found.tenant, id, name, displayName: name, role, passwordIsOneTime: false, session };
  }
}

/** @throws StepwellError FORBIDDEN for a key: what concerns accounts and keys is for people */
export function requirePerson({ kind }: Viewer): void {
  if (kind !== 'user') throw new StepwellError('FORBIDDEN');
}
