// What a database has spent on each statement, as pg_stat_statements of the server counts it.

const RESET = 'SELECT pg_stat_statements_reset()';

const READ = `
SELECT query, calls::int AS calls, rows::float8 AS rows, total_exec_time AS "totalMs", wal_bytes::float8 AS "walBytes",
  (shared_blks_hit + shared_blks_read)::float8 AS pages
FROM pg_stat_statements(true) s JOIN pg_database d ON d.oid = s.dbid
WHERE d.datname = $1 AND s.toplevel`;

/** Stepwell's statements say their names before and after the text; others are told by how they begin. */
const NAME = /\/\* ([\w-]+) \*\//;
const LONGEST_TEXT = 60;

/** @param {import('pg').Client} client with the extension */
export async function resetStatements(client) {
  await client.query(RESET);
}

export async function readStatements(client, database) {
  return (await client.query(READ, [database])).rows;
}

/**
 * @param {{ query: string, calls: number, rows: number, totalMs: number, walBytes: number, pages: number }[]} read at several moments, of one server
 * @returns {{ name: string, calls: number, rows: number, totalMs: number, walBytes: number, pages: number, share: number }[]} by name, the dearest
 *   first; `share` is of the time of all
 */
export function summed(read) {
  const byName = new Map();
  for (const { query, ...counts } of read) {
    const name = nameOf(query);
    const sum = byName.get(name) ?? { name, calls: 0, rows: 0, totalMs: 0, walBytes: 0, pages: 0 };
    for (const [key, value] of Object.entries(counts)) sum[key] += value;
    byName.set(name, sum);
  }
  const all = [...byName.values()];
  const totalMs = all.reduce((sum, one) => sum + one.totalMs, 0);
  return all.map((one) => ({ ...one, share: totalMs > 0 ? one.totalMs / totalMs : 0 })).sort((a, b) => b.totalMs - a.totalMs);
}

function nameOf(query) {
  const name = NAME.exec(query)?.[1];
  if (name) return name;
  const text = query.replace(/\s+/g, ' ').trim();
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
}
