import { Inject, Injectable } from '@nestjs/common';
import { PG_POOL, pgSql, readSession, SessionEntity, type Sql, type UserEntity } from '@stepwell/storage';
import pg from 'pg';
import { DataSource, LessThan, Not, type Repository } from 'typeorm';
import { ACCESS_OPTIONS, type AccessOptions } from '../access-options.js';
import { SessionCookie } from '../http/session-cookie.js';
import type { Viewer } from '../viewer.js';
import { hashOf, newToken, tenantOf } from './session-token.js';

/** A week: a reviewer signs in on Monday; a stolen laptop is not signed in for ever. Signing out and a new password end it at once. */
const LIFETIME_MS = 7 * 24 * 3_600_000;

export interface NewSession {
  readonly token: string;
  readonly expiresAt: Date;
}

/** Sessions: opened by a sign-in, looked up on every request, ended by signing out, by a new password, or by time. */
@Injectable()
export class SessionService {
  readonly cookie: SessionCookie;
  private readonly sql: Sql;
  private readonly sessions: Repository<SessionEntity>;

  constructor(@Inject(PG_POOL) pool: pg.Pool, source: DataSource, @Inject(ACCESS_OPTIONS) options: AccessOptions) {
    this.sql = pgSql(pool);
    this.sessions = source.getRepository(SessionEntity);
    this.cookie = new SessionCookie(options.publicUrl);
  }

  /** Opens a session; those of the tenant that have expired are swept out. */
  async open({ tenant, id: userId }: Pick<UserEntity, 'tenant' | 'id'>): Promise<NewSession> {
    const token = newToken(tenant);
    const expiresAt = new Date(Date.now() + LIFETIME_MS);
    await this.sessions.delete({ tenant, expiresAt: LessThan(new Date()) });
    await this.sessions.insert({ tenant, tokenHash: hashOf(token), userId, expiresAt });
    return { token, expiresAt };
  }

  /**
   * @param cookies the Cookie header of a request or of a websocket handshake
   * @returns `undefined` when nobody is signed in
   */
  async viewerOf(cookies: string | undefined): Promise<Viewer | undefined> {
    const token = this.cookie.read(cookies);
    const tenant = token === undefined ? undefined : tenantOf(token);
    return token === undefined || tenant === undefined ? undefined : this.find(tenant, hashOf(token));
  }

  /** @returns the viewer as he is now; `undefined` when the session has ended meanwhile */
  again({ tenant, session }: Viewer): Promise<Viewer | undefined> {
    return this.find(tenant, session.tokenHash);
  }

  async end({ tenant, session: { tokenHash } }: Viewer): Promise<void> {
    await this.sessions.delete({ tenant, tokenHash });
  }

  /** Ends the viewer's sessions on other devices. */
  async endOthers({ tenant, id, session: { tokenHash } }: Viewer): Promise<void> {
    await this.sessions.delete({ tenant, userId: id, tokenHash: Not(tokenHash) });
  }

  private async find(tenant: string, tokenHash: string): Promise<Viewer | undefined> {
    const row = await readSession(this.sql, tenant, tokenHash);
    if (!row) return undefined;
    const { userId: id, name, displayName, role, passwordIsOneTime, expiresAt } = row;
    return { kind: 'user', tenant: row.tenant, id, name, displayName, role, passwordIsOneTime, session: { tokenHash, expiresAt } };
  }
}
