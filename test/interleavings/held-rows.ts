/**
 * Which rows of a world a session holds, asked of the rows themselves: `xmax` names who has locked, changed or deleted a row last. Of a
 * row that several lock it is a number of its own, and it stays when a transaction has ended: so a row counts as held by a session
 * unless it is free, or held by the other one alone. Too much may be told, never too little.
 */
import type pg from 'pg';

/** What names a row, by its table. */
const KEYS = {
  runs: 'id',
  tasks: 'id',
  dispatches: 'id',
  inbox: 'id',
  outbox: "run_id || ' ' || kind || ' ' || dedupe_key",
  events: 'id',
  event_deliveries: "event_id || ' ' || consumer",
  event_waits: 'id',
  workers: 'id',
} as const;
export const HELD_TABLES = Object.keys(KEYS);

/** Workers have no tenant; there are none but those of the world. */
const ROWS = Object.entries(KEYS)
  .map(
    ([table, key]) =>
      `SELECT '${table}' AS place, ${key}::text AS key, xmax FROM ${table}${table === 'workers' ? '' : ' WHERE tenant = $1'}`,
  )
  .join(' UNION ALL ');
const HELD = `WITH held AS (SELECT place, place || ' ' || key AS name, xmax AS holder FROM (${ROWS}) AS rows (place, key, xmax) WHERE xmax <> 0)
  SELECT ARRAY(SELECT name FROM held WHERE holder IS DISTINCT FROM (SELECT backend_xid FROM pg_stat_get_activity($3))) AS mine,
    ARRAY(SELECT name FROM held WHERE holder IS DISTINCT FROM (SELECT backend_xid FROM pg_stat_get_activity($2)) AND place = ANY($4)) AS theirs`;

/**
 * @param tenant that of the world
 * @param me the server's process of one session
 * @param other that of the other
 * @param places tables in which it matters what the other one holds
 * @returns what the first holds, and in those tables also what the other does
 */
export async function heldRows(
  client: pg.Client,
  tenant: string,
  { me, other, places }: { readonly me: number; readonly other: number; readonly places: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ mine: string[]; theirs: string[] }>({
    name: 'held-rows',
    text: HELD,
    values: [tenant, me, other, places],
  });
  return new Set(rows.flatMap(({ mine, theirs }) => [...mine, ...theirs]));
}
