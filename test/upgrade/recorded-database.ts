/**
 * A database as one build left it, in a file that needs no tool of the database: the statements that made its tables, and its rows as the
 * database writes them. Lines: `M` what was at work in it (JSON), `S` a statement, `P` a partition, `T` a table, `R` a row of it, `N` a sequence.
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';

interface Partition {
  readonly name: string;
  readonly parent: string;
  readonly bound: string;
}

interface Table {
  readonly name: string;
  /** Those that are written, in SQL. */
  readonly columns: string;
}

interface Sequence {
  readonly name: string;
  readonly last: string;
}

const PARTITIONS = `SELECT c.relname AS name, i.inhparent::regclass::text AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
  FROM pg_class c JOIN pg_inherits i ON i.inhrelid = c.oid WHERE c.relispartition AND c.relkind = 'r' ORDER BY 1`;
const TABLES = `SELECT c.oid::regclass::text AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition GROUP BY c.oid ORDER BY 1`;
const SEQUENCES = `SELECT quote_ident(sequencename) AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL`;

/** Takes down what is said to the database while `work` makes its tables. */
export async function listenTo(work: () => Promise<void>): Promise<string[]> {
  const heard: string[] = [];

  const said = pg.Client.prototype.query as (...words: unknown[]) => unknown;
  pg.Client.prototype.query = function (this: pg.Client, ...words: unknown[]) {
    if (typeof words[0] === 'string' && !Array.isArray(words[1])) heard.push(words[0]);
    return said.apply(this, words);
  } as never;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = said as never;
  }
  return heard;
}

/**
 * Reads everything in one snapshot; others may be at work meanwhile.
 *
 * @param statements what made the tables
 * @param about what whoever restores it has to know
 */
export async function dump(url: string, statements: readonly string[], about: unknown): Promise<Buffer> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const lines = [`M${JSON.stringify(about)}`, ...statements.map((statement) => `S${JSON.stringify(statement)}`)];
    for (const partition of (await client.query<Partition>(PARTITIONS)).rows) lines.push(`P${JSON.stringify(partition)}`);
    for (const table of (await client.query<Table>(TABLES)).rows) {
      lines.push(`T${JSON.stringify(table)}`);
      const { rows } = await client.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table.name} t`);
      for (const { row } of rows) lines.push(`R${row}`);
    }
    for (const sequence of (await client.query<Sequence>(SEQUENCES)).rows) lines.push(`N${JSON.stringify(sequence)}`);
    return gzipSync(lines.join('\n'), { level: 9 });
  } finally {
    await client.end();
  }
}

/** @param url of an empty database @returns what was said about it */
export async function restore(url: string, file: Buffer): Promise<unknown> {
  const lines = gunzipSync(file).toString('utf8').split('\n');
  const of = <T>(letter: string): T[] => lines.filter((line) => line[0] === letter).map((line) => JSON.parse(line.slice(1)) as T);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of of<string>('S')) await client.query(statement);
    for (const { name, parent, bound } of of<Partition>('P')) {
      await client.query(`CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${parent} ${bound}`);
    }
    await client.query(
      `SET session_replication_role = replica; TRUNCATE ${of<Table>('T')
        .map(({ name }) => name)
        .join(', ')}`,
    );
    let table: Table | undefined;
    for (const line of lines) {
      if (line[0] === 'T') table = JSON.parse(line.slice(1)) as Table;
      if (line[0] !== 'R' || !table) continue;
      const { name, columns } = table;
      const row = `jsonb_populate_record(NULL::${name}, $1::jsonb)`;
      await client.query(`INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM ${row}`, [line.slice(1)]);
    }
    for (const { name, last } of of<Sequence>('N')) await client.query('SELECT setval($1::regclass, $2)', [name, last]);
    return of('M')[0];
  } finally {
    await client.end();
  }
}
