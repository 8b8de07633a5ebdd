import type pg from 'pg';

// The comment keeps what the observer asks out of the count.
const CALLS = `SELECT /* meter */ query, sum(calls)::int AS calls FROM pg_stat_statements
  WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query NOT LIKE '%/* meter */%' GROUP BY query`;

/**
 * @param observer of the database that is looked at
 * @returns how often each statement was called there so far, by its name, or by its text when it has none
 */
export async function callsOf(observer: pg.Pool): Promise<Record<string, number>> {
  await observer.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements /* meter */');
  const { rows } = await observer.query<{ query: string; calls: number }>(CALLS);
  const calls: Record<string, number> = {};
  for (const { query, calls: count } of rows) {
    const name = /\/\* (\S+) \*\//.exec(query)?.[1] ?? query.toLowerCase();
    calls[name] = (calls[name] ?? 0) + count;
  }
  return calls;
}

/** What was called between two counts; what was not is absent. */
export function callsBetween(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): Record<string, number> {
  const grown = Object.entries(after).map(([name, count]): [string, number] => [name, count - (before[name] ?? 0)]);
  return Object.fromEntries(grown.filter(([, count]) => count > 0));
}
