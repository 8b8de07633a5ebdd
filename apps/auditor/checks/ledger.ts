/** G7: the emitter's ledger balances in any one snapshot. */
import { type Check, OWN_FACTS } from '../check.js';

const COUNTED = (outcome: string) => `count(*) FILTER (WHERE outcome = '${outcome}')`;

export const LEDGER: readonly Check[] = [
  {
    guarantee: 'G7',
    sentence: 'each record that was started has its run, and each run of an emitter the record that it was started for',
    sql: `SELECT coalesce(a.tenant, r.tenant) AS tenant, a.emitter_run, a.record_key, a.run_id, r.id AS run FROM
        (SELECT * FROM emission_reads WHERE outcome = 'started' AND run_id >= $since AND run_id >= $whole) a
      FULL JOIN (SELECT * FROM runs WHERE started_by = 'emitter' AND retry_of IS NULL AND id >= $since AND id >= $whole) r
        ON r.tenant = a.tenant AND r.id = a.run_id AND r.cause_run = a.emitter_run
      WHERE a.run_id IS NULL OR r.id IS NULL`,
  },
  {
    guarantee: 'G7',
    sentence: 'no record was started twice',
    sql: `SELECT tenant, emitter, record_key, count(*) FROM emission_reads a WHERE outcome = 'started' AND run_id >= $since
        AND EXISTS (SELECT FROM emissions e WHERE e.tenant = a.tenant AND e.emitter = a.emitter AND e.record_key = a.record_key)
      GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  },
  {
    guarantee: 'G7',
    sentence: 'a record that was started, or known already, names the run that has its key',
    sql: `SELECT a.tenant, a.emitter_run, a.record_key, a.run_id, e.run_id AS emission FROM emission_reads a
      JOIN emissions e ON e.tenant = a.tenant AND e.emitter = a.emitter AND e.record_key = a.record_key
      WHERE a.emitter_run >= $since AND a.outcome IN ('started', 'deduplicated') AND a.run_id IS DISTINCT FROM e.run_id`,
  },
  {
    guarantee: 'G7',
    sentence: 'each batch stands once in the journal of its emitter run, in order, with the numbers of its rows in the ledger',
    sql: `SELECT coalesce(j.tenant, a.tenant) AS tenant, coalesce(j.run_id, a.emitter_run) AS run, coalesce(j.batch, a.batch) AS batch, j.says, a.rows FROM
        (SELECT tenant, run_id, (payload ->> 'batch')::int AS batch,
           (payload ->> 'batch')::int - min((payload ->> 'batch')::int) OVER run = row_number() OVER run - 1 AS in_order,
           (payload ->> 'started')::int || '/' || (payload ->> 'deduplicated')::int || '/' || (payload ->> 'rejected')::int AS says
         FROM ${OWN_FACTS} o WHERE type = 'batch.emitted' AND payload IS NOT NULL WINDOW run AS (PARTITION BY tenant, run_id ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) j
      FULL JOIN (SELECT tenant, emitter_run, batch, ${COUNTED('started')} || '/' || ${COUNTED('deduplicated')} || '/' || ${COUNTED('rejected')} AS rows
        FROM emission_reads WHERE emitter_run >= $since GROUP BY 1, 2, 3) a ON a.tenant = j.tenant AND a.emitter_run = j.run_id AND a.batch = j.batch
      WHERE NOT j.in_order OR coalesce(j.says, '0/0/0') <> coalesce(a.rows, '0/0/0')`,
  },
];
