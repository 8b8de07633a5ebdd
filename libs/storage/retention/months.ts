/** The months that a part has partitions of, and what is in an old one. Reads only; a survey reads the month's leading table as a whole. */
import type pg from 'pg';
import type { Part } from './parts.js';

/** One month of one part. */
export interface Month {
  readonly part: Part;
  /** `2026-01`. */
  readonly name: string;
  /** `_202601`: what its partitions' names end with. */
  readonly suffix: string;
  /** The ids in it: from `lo` to below `hi`. SQL literals. */
  readonly lo: string;
  readonly hi: string;
}

/** More than so many rows of a leading table are not moved: the month waits. What moves is copied while everybody waits. */
export const MOST_STRAGGLERS = 1_000;

const MONTHS = `/* retention-months */
SELECT right(c.relname, 6) AS digits, uuid_floor(m.month AT TIME ZONE 'UTC') AS lo, uuid_floor((m.month + interval '1 month') AT TIME ZONE 'UTC') AS hi
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
CROSS JOIN LATERAL (SELECT to_timestamp(right(c.relname, 6), 'YYYYMM')::date::timestamp AS month) AS m
WHERE i.inhparent = $1::regclass AND c.relname ~ ('^' || $1 || '_[0-9]{6}$') AND m.month + interval '1 month' <= $2::timestamptz AT TIME ZONE 'UTC'
ORDER BY 1`;

/** @returns the months of a part that were over at an instant, oldest first */
export async function monthsBefore(client: pg.Pool, part: Part, instant: Date): Promise<Month[]> {
  const { rows } = await client.query<{ digits: string; lo: string; hi: string }>(MONTHS, [part.tables[0]?.name, instant]);
  return rows.map(({ digits, lo, hi }) => ({
    part,
    name: `${digits.slice(0, 4)}-${digits.slice(4)}`,
    suffix: `_${digits}`,
    lo: `'${lo}'::uuid`,
    hi: `'${hi}'::uuid`,
  }));
}

/** Rows of a leading table, column by column. */
export interface Keys {
  readonly tenants: readonly string[];
  readonly ids: readonly string[];
}

export interface Survey {
  readonly total: number;
  readonly kept: number;
  /** Of what is kept, by reason. A row may have several. */
  readonly counts: readonly { readonly says: string; readonly count: number }[];
  /** Of what is kept, at most MOST_STRAGGLERS. */
  readonly keys: Keys;
}

/** @param cutoff a run that ended before may go */
export async function survey(client: pg.Pool, { part, suffix, lo, hi }: Month, cutoff: Date): Promise<Survey> {
  const conditions = part.reasons.map(({ when }) => `(${when})`);
  const columns = conditions.map((when, index) => `, ${when} AS r${index}`).join('');
  const kept = conditions.map((_, index) => `r${index}`).join(' OR ') || 'false';
  const counts = conditions.map((_, index) => `, count(*) FILTER (WHERE r${index})::int AS c${index}`).join('');
  const { rows } = await client.query<{ total: number; kept: number; tenants: string[]; ids: string[] } & Record<`c${number}`, number>>(
    `/* retention-survey */
     SELECT count(*)::int AS total, count(*) FILTER (WHERE ${kept})::int AS kept${counts},
       coalesce((array_agg(tenant) FILTER (WHERE ${kept}))[1:${MOST_STRAGGLERS}], '{}') AS tenants,
       coalesce((array_agg(id) FILTER (WHERE ${kept}))[1:${MOST_STRAGGLERS}], '{}') AS ids
     FROM (SELECT t.tenant, t.id${columns} FROM ${part.tables[0]?.name}${suffix} t WHERE t.id >= ${lo} AND t.id < ${hi} AND $1::timestamptz IS NOT NULL) s`,
    [cutoff],
  );
  const [row] = rows;
  if (!row) throw new Error('A count has returned no row.');
  return {
    total: row.total,
    kept: row.kept,
    counts: part.reasons.map(({ says }, index) => ({ says, count: row[`c${index}`] ?? 0 })),
    keys: { tenants: row.tenants, ids: row.ids },
  };
}
