/** G14: what belongs to one tenant refers to nothing of another's. */
import type { Check } from '../check.js';

/** Where an id of a run, an event or a task stands in a row: table, column, what it names. */
const REFERENCES: readonly (readonly [table: string, column: string, of: 'runs' | 'events' | 'tasks'])[] = [
  ['runs', 'cause_run', 'runs'],
  ['runs', 'parent_run', 'runs'],
  ['runs', 'retry_of', 'runs'],
  ['runs', 'lineage_root', 'runs'],
  ['runs', 'cause_event', 'events'],
  ['run_keys', 'run_id', 'runs'],
  ['inbox', 'run_id', 'runs'],
  ['outbox', 'run_id', 'runs'],
  ['dispatches', 'run_id', 'runs'],
  ['event_waits', 'run_id', 'runs'],
  ['permits', 'run_id', 'runs'],
  ['tasks', 'run_id', 'runs'],
  ['task_history', 'task_id', 'tasks'],
  ['task_comments', 'task_id', 'tasks'],
  ['events', 'source_run', 'runs'],
  ['event_deliveries', 'event_id', 'events'],
  ['event_deliveries', 'run_id', 'runs'],
  ['slots', 'run_id', 'runs'],
  ['emissions', 'run_id', 'runs'],
  ['emission_reads', 'emitter_run', 'runs'],
  ['emission_reads', 'run_id', 'runs'],
];

export const TENANTS: readonly Check[] = [
  {
    guarantee: 'G14',
    sentence: 'no row refers to a run, an event or a task of another tenant',
    sql: REFERENCES.map(
      ([table, column, of]) => `SELECT '${table}.${column}' AS what, x.tenant, o.tenant AS other, o.id FROM ${table} x
        JOIN ${of} o ON o.id = x.${column} AND o.tenant <> x.tenant WHERE o.id >= $since`,
    ).join('\nUNION ALL '),
  },
  {
    guarantee: 'G14',
    sentence: 'no fact and no payload stands with a run of another tenant',
    sql: `SELECT j.tenant, r.tenant AS other, r.id FROM (
        SELECT DISTINCT tenant, run_id FROM journal WHERE run_id >= $since UNION SELECT DISTINCT tenant, run_id FROM blobs WHERE run_id >= $since) j
      JOIN runs r ON r.id = j.run_id AND r.tenant <> j.tenant`,
  },
];
