/**
 * The four parts of the data that age together, each in monthly partitions by its leading table's ids, and what of them has to stay.
 *
 * A run stays while it lives, and for the time of the retention after its end; one that was retried stays as long as its line of descent,
 * which is read as one. With it stay its facts, tasks and events, wherever they lie. An event also stays while it has not reached everybody. Everything else of a month goes with its partitions.
 */
export type PartName = 'runs' | 'tasks' | 'events' | 'audit';

interface PartTable {
  readonly name: string;
  /** The column that holds an id of the leading table. */
  readonly key: string;
  /** Its rows are never changed, so they may be copied before anything is locked. */
  readonly isAppendOnly: boolean;
  /** Which rows of a kept id are kept; all by default. */
  readonly only?: string;
}

/** Why a row of the leading table (`t`) stays. */
interface Reason {
  /** As in "of 40,000 runs, 12 have not ended". */
  readonly says: string;
  /** Of `t`; $1 is the instant before which a run must have ended. */
  readonly when: string;
}

export interface Part {
  readonly name: PartName;
  /** The leading table first. */
  readonly tables: readonly PartTable[];
  readonly reasons: readonly Reason[];
  /**
   * Selects (tenant, id) of what has to stay whatever was found before, by an index: asked again under the lock. `{leading}` and
   * `{second}` stand for the partitions.
   */
  readonly recheck?: string;
  /** Makes what `recheck` needs and the table has not; of no use to anybody else, so only old partitions have it. */
  readonly index?: string;
}

const LIVE = `('queued', 'running', 'waiting', 'paused')`;
const isRecent = (alias: string): string => `(${alias}.status IN ${LIVE} OR ${alias}.ended_at >= $1)`;
const isRetried = (alias: string): string => `(${alias}.retried_as IS NOT NULL AND EXISTS (
  SELECT FROM runs later WHERE later.tenant = ${alias}.tenant AND later.lineage_root = ${alias}.lineage_root AND later.retry_of IS NOT NULL AND ${isRecent('later')}))`;
const run = (alias: string): string => `(${isRecent(alias)} OR ${isRetried(alias)})`;
const ofKeptRun = (column: string): string => `EXISTS (SELECT FROM runs r WHERE r.tenant = t.tenant AND r.id = ${column} AND ${run('r')})`;

export const PARTS: readonly Part[] = [
  {
    name: 'events',
    tables: [
      { name: 'events', key: 'id', isAppendOnly: false },
      { name: 'event_deliveries', key: 'event_id', isAppendOnly: false },
    ],
    reasons: [
      { says: 'have not been routed', when: 'NOT t.routed' },
      {
        says: 'have deliveries that are pending',
        when: `EXISTS (SELECT FROM event_deliveries d WHERE d.tenant = t.tenant AND d.event_id = t.id AND d.status = 'pending')`,
      },
      {
        says: 'belong to runs that stay',
        when: `(t.source_run IS NOT NULL AND ${ofKeptRun('t.source_run')} OR EXISTS (
          SELECT FROM event_deliveries d JOIN runs r ON r.tenant = d.tenant AND r.id = d.run_id
          WHERE d.tenant = t.tenant AND d.event_id = t.id AND ${run('r')}))`,
      },
    ],
    recheck: `SELECT tenant, id FROM {leading} WHERE NOT routed UNION SELECT tenant, event_id FROM {second} WHERE status = 'pending'`,
  },
  {
    name: 'tasks',
    tables: [
      { name: 'tasks', key: 'id', isAppendOnly: false },
      { name: 'task_history', key: 'task_id', isAppendOnly: true },
      { name: 'decisions', key: 'task_id', isAppendOnly: true },
      { name: 'task_comments', key: 'task_id', isAppendOnly: false },
    ],
    reasons: [
      { says: 'are open', when: `t.status IN ('open', 'claimed')` },
      { says: 'belong to runs that stay', when: ofKeptRun('t.run_id') },
    ],
    recheck: `SELECT tenant, id FROM {leading} WHERE status IN ('open', 'claimed')`,
  },
  {
    name: 'runs',
    tables: [
      { name: 'runs', key: 'id', isAppendOnly: false },
      { name: 'journal', key: 'run_id', isAppendOnly: true },
      { name: 'blobs', key: 'run_id', isAppendOnly: true },
      {
        name: 'emission_reads',
        key: 'emitter_run',
        isAppendOnly: true,
        // A read record goes with the run that it started, or the ledger would not add up.
        only: `(p.outcome <> 'started' OR p.run_id >= {hi} OR (p.tenant, p.run_id) IN (SELECT * FROM unnest($1::text[], $2::uuid[])))`,
      },
    ],
    reasons: [
      { says: 'have not ended', when: `t.status IN ${LIVE}` },
      { says: 'ended too short a time ago', when: 't.ended_at >= $1' },
      { says: 'are retried by runs that stay', when: isRetried('t') },
    ],
    recheck: `SELECT tenant, id FROM {leading} WHERE status IN ${LIVE}`,
    index: `CREATE INDEX CONCURRENTLY IF NOT EXISTS {leading}_live ON {leading} (id) WHERE status IN ${LIVE}`,
  },
  { name: 'audit', tables: [{ name: 'audit_log', key: 'id', isAppendOnly: true }], reasons: [] },
];
