/** Who is behind a session token: asked once per request and per open socket every half minute. */
import type { Role } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface SessionRow {
  readonly tenant: string;
  readonly userId: string;
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  readonly passwordIsOneTime: boolean;
  readonly expiresAt: Date;
}

export const READ_SESSION = statement(
  'read-session',
  `SELECT s.tenant, u.id AS "userId", u.name, u.display_name AS "displayName", u.role, u.password_is_one_time AS "passwordIsOneTime",
     s.expires_at AS "expiresAt"
   FROM sessions s
   JOIN users u ON u.tenant = s.tenant AND u.id = s.user_id
   WHERE s.tenant = $1 AND s.token_hash = $2 AND s.expires_at > clock_timestamp()`,
);

/** @returns `undefined` when there is no such session, or it has expired */
export async function readSession(sql: Sql, tenant: string, tokenHash: string): Promise<SessionRow | undefined> {
  const [row] = await sql.query<SessionRow>(READ_SESSION, [tenant, tokenHash]);
  return row;
}
