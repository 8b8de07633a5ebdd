/**
 * Sessions: what several runs have in common, under a name of the tenant's.
 *
 * Locks: the row of one session, and then nothing that anybody else has and waits with for a session. A start shares it (FOR KEY SHARE)
 * until its commit, before its key and its row, and that may be the commit of an author's own transaction: so only a completion waits for
 * it (FOR UPDATE), and then has all its runs in sight, and takes no further one. A change locks it (FOR NO KEY UPDATE), waits for no start,
 * looks whether the version is still the one that was read, and only then writes down its key. A pause waits for no start either: one that
 * is under way was there before.
 */
import type { Actor, Json } from '@stepwell/contracts';
import type { SessionRef, SessionView } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';

export type SessionState = 'active' | 'paused' | 'completed' | 'expired';

export interface RunSessionRow {
  readonly name: string;
  readonly state: SessionState;
  readonly data: Json;
  readonly version: number;
  readonly expiresAt: Date | null;
  readonly createdBy: Actor | null;
  readonly createdAt: Date;
}

const STATE = `CASE WHEN status <> 'completed' AND expires_at <= clock_timestamp() THEN 'expired' ELSE status END`;
const COLUMNS = `name, ${STATE} AS state, data, version, expires_at AS "expiresAt", created_by AS "createdBy", created_at AS "createdAt"`;

export interface NewSession extends SessionRef {
  readonly data: Json;
  /** For how long it takes new runs; null for ever. */
  readonly ttlMs: number | null;
  readonly createdBy: Actor | null;
}

export const OPEN_SESSION = statement(
  'open-session',
  `INSERT INTO run_sessions (tenant, name, data, expires_at, created_by)
   VALUES ($1, $2, $3::jsonb, clock_timestamp() + $4::float8 * interval '1 millisecond', $5::jsonb)
   ON CONFLICT DO NOTHING RETURNING name`,
);

/** @returns false when there is one of this name */
export async function openSession(sql: Sql, { tenant, name, data, ttlMs, createdBy }: NewSession): Promise<boolean> {
  const values = [tenant, name, JSON.stringify(data), ttlMs, createdBy && JSON.stringify(createdBy)];
  return (await sql.query(OPEN_SESSION, values)).length > 0;
}

export const SHARE_SESSION = statement(
  'share-session',
  `SELECT ${STATE} AS state FROM run_sessions WHERE tenant = $1 AND name = $2 FOR KEY SHARE`,
);

/** For a start, until its commit. @returns its state; undefined when there is none */
export async function shareSession(sql: Sql, { tenant, name }: SessionRef): Promise<SessionState | undefined> {
  const [row] = await sql.query<{ state: SessionState }>(SHARE_SESSION, [tenant, name]);
  return row?.state;
}

export const SET_SESSION_STATUS = statement(
  'set-session-status',
  `UPDATE run_sessions SET status = $3 WHERE tenant = $1 AND name = $2 AND status <> 'completed' RETURNING name`,
);

/** @returns false when there is none, or it is completed */
export async function setSessionStatus(sql: Sql, { tenant, name }: SessionRef, status: 'active' | 'paused'): Promise<boolean> {
  return (await sql.query(SET_SESSION_STATUS, [tenant, name, status])).length > 0;
}

export const COMPLETE_SESSION = statement(
  'complete-session',
  `WITH locked AS MATERIALIZED (
     SELECT tenant, name FROM run_sessions WHERE tenant = $1 AND name = $2 AND status <> 'completed' FOR UPDATE)
   UPDATE run_sessions s SET status = 'completed' FROM locked l WHERE s.tenant = l.tenant AND s.name = l.name RETURNING s.name`,
);
/** A statement of its own, so that it sees what was changed while the completion waited. */
export const FORGET_CHANGES = statement('forget-session-changes', 'DELETE FROM run_session_changes WHERE tenant = $1 AND session = $2');

/** Waits for the starts that are under way. @returns false when there is none, or it is completed */
export async function completeSession(sql: Sql, { tenant, name }: SessionRef): Promise<boolean> {
  if ((await sql.query(COMPLETE_SESSION, [tenant, name])).length === 0) return false;
  await sql.query(FORGET_CHANGES, [tenant, name]);
  return true;
}

export const READ_SESSION_DATA = statement(
  'read-session-data',
  `SELECT data, version, status = 'completed' AS "isCompleted",
     EXISTS (SELECT FROM run_session_changes WHERE tenant = $1 AND session = $2 AND key = $3) AS "isMade"
   FROM run_sessions WHERE tenant = $1 AND name = $2`,
);

export async function readSessionData(sql: Sql, { tenant, name }: SessionRef, key: string | null): Promise<SessionView | undefined> {
  const [row] = await sql.query<SessionView>(READ_SESSION_DATA, [tenant, name, key]);
  return row;
}

export const CHANGE_SESSION = statement(
  'change-session',
  `WITH locked AS MATERIALIZED (
     SELECT tenant, name FROM run_sessions WHERE tenant = $1 AND name = $2 AND version = $4 AND status <> 'completed' FOR NO KEY UPDATE),
   made AS (
     INSERT INTO run_session_changes (tenant, session, key) SELECT tenant, name, $3 FROM locked ON CONFLICT DO NOTHING RETURNING tenant)
   UPDATE run_sessions s SET data = $5::jsonb, version = s.version + 1
   FROM locked l WHERE s.tenant = l.tenant AND s.name = l.name AND EXISTS (SELECT FROM made)
   RETURNING s.version`,
);

/** @returns the new version; undefined when somebody else has changed or completed it meanwhile, or the change was made before */
export async function changeSession(
  sql: Sql,
  { tenant, name }: SessionRef,
  key: string,
  version: number,
  data: Json,
): Promise<number | undefined> {
  const [row] = await sql.query<{ version: number }>(CHANGE_SESSION, [tenant, name, key, version, JSON.stringify(data)]);
  return row?.version;
}

export const FIND_SESSIONS = statement('find-sessions', `SELECT ${COLUMNS} FROM run_sessions WHERE tenant = $1 AND name = ANY($2::text[])`);

export async function findSessions(sql: Sql, tenant: string, names: readonly string[]): Promise<ReadonlyMap<string, RunSessionRow>> {
  const rows = await sql.query<RunSessionRow>(FIND_SESSIONS, [tenant, names]);
  return new Map(rows.map((row) => [row.name, row]));
}

export const LIST_SESSIONS = statement(
  'list-sessions',
  `SELECT ${COLUMNS} FROM run_sessions
   WHERE tenant = $1 AND (created_at, name) < (coalesce((SELECT created_at FROM run_sessions WHERE tenant = $1 AND name = $2), 'infinity'), $2)
     AND ($4::text IS NULL OR ${STATE} = $4) AND ($5::text IS NULL OR strpos(lower(name), lower($5)) > 0)
   ORDER BY created_at DESC, name DESC LIMIT $3`,
);

export interface SessionListRequest {
  /** At most this many. */
  readonly limit: number;
  /** The name of the last one of the page before; null for the first page. */
  readonly before: string | null;
  readonly state: SessionState | null;
  /** A part of the name, whatever the case of its letters. */
  readonly search: string | null;
}

/** @returns newest first */
export function listSessions(sql: Sql, tenant: string, { limit, before, state, search }: SessionListRequest): Promise<RunSessionRow[]> {
  return sql.query<RunSessionRow>(LIST_SESSIONS, [tenant, before ?? '', limit, state, search]);
}

export const LIVE_RUNS_OF_SESSION = statement(
  'live-runs-of-session',
  `SELECT id FROM runs WHERE tenant = $1 AND session = $2 AND id > $3
     AND status IN ('queued', 'running', 'waiting', 'paused') AND cancel_requested_at IS NULL
   ORDER BY id LIMIT $4`,
);

/** @returns runs that have not ended and are not being canceled, the oldest first, behind an id */
export async function liveRunsOfSession(sql: Sql, { tenant, name }: SessionRef, after: string, limit: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(LIVE_RUNS_OF_SESSION, [tenant, name, after, limit]);
  return rows.map(({ id }) => id);
}
