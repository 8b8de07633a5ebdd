/** Links by which tasks are decided. One row by the hash of its token, or new ones; locks nothing else. */
import type { Json } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';

export interface NewLink {
  readonly tenant: string;
  readonly tokenHash: string;
  readonly taskId: string;
  readonly userId: string;
  readonly label: string;
  readonly answer: Json;
  readonly expiresAt: Date;
}

export const INSERT_LINKS = statement(
  'insert-approval-links',
  `INSERT INTO approval_links (tenant, token_hash, task_id, user_id, label, answer, expires_at)
   SELECT l.tenant, l."tokenHash", l."taskId", l."userId", l.label, l.answer, l."expiresAt"
   FROM jsonb_to_recordset($1::jsonb) AS l(tenant text, "tokenHash" text, "taskId" uuid, "userId" uuid, label text, answer jsonb, "expiresAt" timestamptz)`,
);

export async function insertLinks(sql: Sql, links: readonly NewLink[]): Promise<void> {
  if (links.length > 0) await sql.query(INSERT_LINKS, [JSON.stringify(links)]);
}

export interface LinkRow extends NewLink {
  readonly usedAt: Date | null;
  /** Of the person it is for. */
  readonly displayName: string;
}

export const READ_LINK = statement(
  'read-approval-link',
  `SELECT l.tenant, l.token_hash AS "tokenHash", l.task_id AS "taskId", l.user_id AS "userId", l.label, l.answer, l.expires_at AS "expiresAt",
     l.used_at AS "usedAt", u.display_name AS "displayName"
   FROM approval_links l JOIN users u ON u.tenant = l.tenant AND u.id = l.user_id WHERE l.token_hash = $1`,
);

export async function readLink(sql: Sql, tokenHash: string): Promise<LinkRow | undefined> {
  return (await sql.query<LinkRow>(READ_LINK, [tokenHash]))[0];
}

export const USE_LINK = statement('use-approval-link', 'UPDATE approval_links SET used_at = coalesce(used_at, $2) WHERE token_hash = $1');

export async function markLinkUsed(sql: Sql, tokenHash: string, now: Date): Promise<void> {
  await sql.query(USE_LINK, [tokenHash, now]);
}

export const EXPIRE_LINKS = statement('expire-approval-links', 'DELETE FROM approval_links WHERE expires_at < $1');

export async function expireLinks(sql: Sql, before: Date): Promise<void> {
  await sql.query(EXPIRE_LINKS, [before]);
}
