/** The people of a tenant, their groups, and who is away. One row each, by name; no hot statement touches them. */
import { type Sql, statement } from '../sql.js';

export interface PersonRow {
  readonly id: string;
  /** What he signs in with. */
  readonly name: string;
  readonly displayName: string;
  readonly groups: readonly string[];
  /** The absence that is now or comes; all three, or none. */
  readonly awayFrom: Date | null;
  readonly awayUntil: Date | null;
  readonly substitute: string | null;
}

const COLUMNS = `id, name, display_name AS "displayName", groups,
  CASE WHEN away_until > clock_timestamp() THEN away_from END AS "awayFrom", CASE WHEN away_until > clock_timestamp() THEN away_until END AS "awayUntil",
  CASE WHEN away_until > clock_timestamp() THEN substitute END AS substitute`;

export const LIST_PEOPLE = statement('list-people', `SELECT ${COLUMNS} FROM users WHERE tenant = $1 ORDER BY display_name, name LIMIT $2`);

export async function listPeople(sql: Sql, tenant: string, limit: number): Promise<PersonRow[]> {
  return sql.query<PersonRow>(LIST_PEOPLE, [tenant, limit]);
}

export const OPERATORS = statement('operators', `SELECT id FROM users WHERE tenant = $1 AND role IN ('operator', 'admin')`);

/** The ids of those who see to what waits for nobody. */
export async function operators(sql: Sql, tenant: string): Promise<string[]> {
  const rows = await sql.query<{ readonly id: string }>(OPERATORS, [tenant]);
  return rows.map(({ id }) => id);
}

export const READ_PEOPLE = statement('read-people', `SELECT ${COLUMNS} FROM users WHERE tenant = $1 AND name = ANY($2::text[])`);

/** By the names that they sign in with; who is not there is absent. */
export async function readPeople(sql: Sql, tenant: string, names: readonly string[]): Promise<PersonRow[]> {
  return sql.query<PersonRow>(READ_PEOPLE, [tenant, names]);
}

export const STAND_IN = statement('stand-in', `SELECT ${COLUMNS} FROM users WHERE tenant = $1 AND name = stand_in_of($1, $2)`);

/** Who has what is given to this person at the moment: he himself, unless he is away. */
export async function standIn(sql: Sql, tenant: string, name: string): Promise<PersonRow | undefined> {
  const [row] = await sql.query<PersonRow>(STAND_IN, [tenant, name]);
  return row;
}

export const EMPTY_GROUPS = statement(
  'empty-groups',
  `SELECT g.name FROM unnest($2::text[]) WITH ORDINALITY g (name, nth)
   WHERE NOT EXISTS (SELECT FROM users u WHERE u.tenant = $1 AND g.name = ANY(u.groups)) ORDER BY g.nth`,
);

/** @returns those of the groups that nobody is in */
export async function emptyGroups(sql: Sql, tenant: string, groups: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ readonly name: string }>(EMPTY_GROUPS, [tenant, groups]);
  return rows.map(({ name }) => name);
}

export const SET_GROUPS = statement(
  'set-groups',
  `UPDATE users SET groups = $3::text[] WHERE tenant = $1 AND name = $2 RETURNING ${COLUMNS}`,
);

export async function setGroups(sql: Sql, tenant: string, name: string, groups: readonly string[]): Promise<PersonRow | undefined> {
  const [row] = await sql.query<PersonRow>(SET_GROUPS, [tenant, name, groups]);
  return row;
}

export interface Absence {
  readonly from: Date;
  readonly until: Date;
  /** Who has meanwhile what would be his. */
  readonly substitute: string;
}

export const SET_ABSENCE = statement(
  'set-absence',
  `UPDATE users SET away_from = $3, away_until = $4, substitute = $5 WHERE tenant = $1 AND name = $2 RETURNING ${COLUMNS}`,
);

/** @param absence null: he is there */
export async function setAbsence(sql: Sql, tenant: string, name: string, absence: Absence | null): Promise<PersonRow | undefined> {
  const { from = null, until = null, substitute = null } = absence ?? {};
  const [row] = await sql.query<PersonRow>(SET_ABSENCE, [tenant, name, from, until, substitute]);
  return row;
}
