/** What is looked at while the load goes on: what the database holds and leaves lying about, and the memory of each process. */
import { readFileSync } from 'node:fs';
import { definitionOf } from '@stepwell/sdk';
import type { Database } from '../crash/database.js';
import type { System } from '../faults/system.js';
import { record } from '../faults/workflows/records.emitter.js';

export interface Sample {
  /** Milliseconds since the load began. */
  readonly at: number;
  readonly ended: number;
  /** Those of them that an emitter has started. */
  readonly emitted: number;
  /** Bytes in memory, by process; a process that is not there now is left out. */
  readonly memory: Readonly<Record<string, number>>;
  /** Partitions are counted as their table. */
  readonly tables: Readonly<Record<string, TableSize>>;
}

export interface TableSize {
  readonly live: number;
  /** Rows that vacuum has not come to yet. */
  readonly dead: number;
  /** With its indexes and long values. */
  readonly bytes: number;
}

const TABLES = `SELECT coalesce(p.inhparent, s.relid)::regclass::text AS name, sum(n_live_tup)::float8 AS live, sum(n_dead_tup)::float8 AS dead,
    sum(pg_total_relation_size(s.relid))::float8 AS bytes
  FROM pg_stat_user_tables s LEFT JOIN pg_inherits p ON p.inhrelid = s.relid WHERE s.schemaname = 'public' GROUP BY 1`;
const ENDED = `SELECT count(*)::float8 AS ended, count(*) FILTER (WHERE workflow = $1)::float8 AS emitted
  FROM runs WHERE ended_at IS NOT NULL`;

export async function takeSample(database: Database, system: System, at: number): Promise<Sample> {
  const rows = await database.query<TableSize & { name: string }>(TABLES);
  const [count] = await database.query<{ ended: number; emitted: number }>(ENDED, [definitionOf(record).name]);
  return {
    at,
    ended: count?.ended ?? 0,
    emitted: count?.emitted ?? 0,
    memory: Object.fromEntries(
      [...system.free, ...(system.server ? [system.server] : [])].map(({ slot, pid }) => [slot, residentBytes(pid)]),
    ),
    tables: Object.fromEntries(rows.map(({ name, live, dead, bytes }) => [name, { live, dead, bytes }])),
  };
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_status.5.html VmRSS */
function residentBytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) * 1024;
}
