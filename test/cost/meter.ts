/**
 * Counts what the database did for some work: statements by name (`pg_stat_statements`), rows by table (`pg_stat_user_tables`), commits and
 * bytes of WAL by kind (`pg_walinspect`, which reads the WAL itself and so can tell our records from the server's own).
 */
import pg from 'pg';
import { until } from '../engine/engine.js';

export interface TableCost {
  readonly inserted: number;
  readonly updated: number;
  /** Of the updated ones: those that changed no index. */
  readonly hot: number;
  readonly deleted: number;
}

/** Of all units together. */
export interface Cost {
  /** Calls by the statement's name; `begin` and `commit` where somebody says so in words. */
  readonly statements: Readonly<Record<string, number>>;
  readonly tables: Readonly<Record<string, TableCost>>;
  /** Transactions that wrote something, that is: waits for the disk. */
  readonly commits: number;
  readonly walBytes: number;
}

/** Repeated by the clock and not by the work: who else listens, asked at most every five seconds, and whether the LISTEN connection is alive. */
const BY_THE_CLOCK = ['count-listeners', 'select $1'];
/** The server's own: snapshots of running transactions every fifteen seconds, and its bookkeeping. */
const OF_THE_SERVER = ['Standby', 'XLOG'];

const STATEMENTS = `SELECT /* meter */ query, calls::int AS calls FROM pg_stat_statements
  WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query NOT LIKE '%/* meter */%'`;
/** Partitions count for the table they belong to. */
const TABLES = `SELECT /* meter */ coalesce(pg_partition_root(relid), relid)::regclass::text AS name,
    sum(n_tup_ins)::int AS inserted, sum(n_tup_upd)::int AS updated, sum(n_tup_hot_upd)::int AS hot, sum(n_tup_del)::int AS deleted
  FROM pg_stat_user_tables GROUP BY 1`;
const WAL = `SELECT /* meter */ "resource_manager/record_type" AS kind, count::int AS count, combined_size::int AS bytes
  FROM pg_get_wal_stats($1::pg_lsn, pg_current_wal_flush_lsn(), true)`;

export class Meter {
  private constructor(
    private readonly pools: readonly pg.Pool[],
    private readonly observer: pg.Client,
  ) {}

  /** @param pools of the process that is measured; all its statements go through them */
  static async open(url: string, pools: readonly pg.Pool[]): Promise<Meter> {
    const observer = new pg.Client({ connectionString: url });
    await observer.connect();
    for (const extension of ['pg_stat_statements', 'pg_walinspect']) await observer.query(`CREATE EXTENSION ${extension}`);
    return new Meter(pools, observer);
  }

  close(): Promise<void> {
    return this.observer.end();
  }

  async costOf(work: () => Promise<void>): Promise<Cost> {
    await this.settle();
    const before = await this.tables();
    const { lsn } = await this.one<{ lsn: string }>('SELECT /* meter */ pg_current_wal_flush_lsn() AS lsn');
    await this.observer.query('SELECT /* meter */ pg_stat_statements_reset()');
    await work();
    await this.settle();
    const { rows: statements } = await this.observer.query<{ query: string; calls: number }>(STATEMENTS);
    const { rows: wal } = await this.observer.query<{ kind: string; count: number; bytes: number }>(WAL, [lsn]);
    const ours = wal.filter(({ kind }) => !OF_THE_SERVER.includes(kind.split('/')[0] ?? ''));
    return {
      statements: byName(statements),
      tables: grown(before, await this.tables()),
      commits: ours.find(({ kind }) => kind === 'Transaction/COMMIT')?.count ?? 0,
      walBytes: ours.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  /** Until the process has nothing in flight: a statement that follows another begins in the same turn of the event loop. */
  async quiet(): Promise<void> {
    const isQuiet = () => this.pools.every((pool) => pool.idleCount === pool.totalCount && pool.waitingCount === 0);
    let idleTurns = 0;
    await until(
      () => (idleTurns = isQuiet() ? idleTurns + 1 : 0),
      (turns) => turns >= 3,
      'The process should have nothing in flight',
    );
  }

  /** Quiet; and its connections have handed in their counts, which they else keep for up to ten seconds. */
  private async settle(): Promise<void> {
    await this.quiet();
    const clients = (
      await Promise.all(this.pools.map((pool) => Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()))))
    ).flat();
    await Promise.all(clients.map((client) => client.query('SELECT /* meter */ pg_stat_force_next_flush()')));
    for (const client of clients) client.release();
  }

  private async tables(): Promise<Record<string, TableCost>> {
    const { rows } = await this.observer.query<TableCost & { name: string }>(TABLES);
    return Object.fromEntries(rows.map(({ name, ...counts }) => [name, counts]));
  }

  private async one<Row extends object>(text: string): Promise<Row> {
    return (await this.observer.query<Row>(text)).rows[0] as Row;
  }
}

function byName(rows: readonly { query: string; calls: number }[]): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { query, calls: count } of rows) {
    const name = /\/\* (\S+) \*\//.exec(query)?.[1] ?? query.toLowerCase();
    if (!BY_THE_CLOCK.includes(name)) calls[name] = (calls[name] ?? 0) + count;
  }
  return calls;
}

/** What has grown; tables in which nothing happened are absent. */
function grown(before: Record<string, TableCost>, after: Record<string, TableCost>): Record<string, TableCost> {
  const none: TableCost = { inserted: 0, updated: 0, hot: 0, deleted: 0 };
  const changes = Object.entries(after).map(([name, now]): [string, TableCost] => {
    const was = before[name] ?? none;
    const [inserted, updated] = [now.inserted - was.inserted, now.updated - was.updated];
    return [name, { inserted, updated, hot: now.hot - was.hot, deleted: now.deleted - was.deleted }];
  });
  return Object.fromEntries(changes.filter(([, { inserted, updated, deleted }]) => inserted + updated + deleted > 0));
}
