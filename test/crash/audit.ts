/**
 * What the database must say when nothing works any more: the guarantees, as the auditor of the product asks for them (apps/auditor), and
 * what this campaign knows of its own work. Plain SQL; nothing of Stepwell is imported, so a mistake there cannot excuse itself here.
 */
import type pg from 'pg';
import { audit as auditGuarantees } from '../../apps/auditor/audit.js';
import { readJournal } from '../../apps/auditor/journal.js';
import type { Check, Expected } from './check.js';
import { MIXED } from './mixed/mixed-checks.js';

type Row = Record<string, unknown>;

export interface Finding {
  readonly check: string;
  /** Rows that contradict it; empty when it holds. */
  readonly against: readonly Row[];
}

const ENDED = "('completed', 'failed', 'canceled')";

const RUNS: readonly Check[] = [
  {
    check: 'every run has ended, or waits for a person who has a task for it',
    sql: `SELECT id, workflow, status, wait_reasons, due_at FROM runs WHERE status NOT IN ${ENDED} AND NOT (status = 'waiting' AND wait_reasons = '{task}')`,
  },
  {
    check: 'no run was lost to a crash',
    // A mixed run may be canceled by its event, and its children with it: see mixed-checks.ts.
    sql: `SELECT id, workflow, status, error_code, error_message FROM runs
      WHERE status = 'failed' OR status = 'canceled' AND workflow NOT IN ('mixed', 'mixed-child')`,
  },
  {
    check: 'what had ended has not changed since; no more was added to it than that a closed attempt came back late',
    sql: `SELECT e.run_id, e.status AS was, r.status AS is, e.last_seq AS had, r.last_seq AS has FROM crash_test.ended e LEFT JOIN runs r ON r.id = e.run_id
      WHERE (e.status, e.ended_at) IS DISTINCT FROM (r.status, r.ended_at) OR r.last_seq IS DISTINCT FROM e.last_seq +
        (SELECT count(*)::int FROM journal j WHERE j.run_id = e.run_id AND j.seq > e.last_seq AND j.type = 'attempt.discarded')`,
  },
];

/** A table that a step writes in `ctx.transaction`, one row per run. */
function exactlyOnce(workflow: string, step: string, table: string, columns: readonly string[]): readonly Check[] {
  const same = columns.map((column) => `t.${column}::text IS DISTINCT FROM j.payload -> 'output' ->> '${camel(column)}'`).join(' OR ');
  return [
    { check: `${table}: each row was written exactly once`, sql: `SELECT report_id, run_id, revision FROM ${table} WHERE revision <> 1` },
    {
      check: `${table}: a row is there if and only if its run has recorded the step, with the same values`,
      sql: `SELECT j.run_id AS recorded, t.run_id AS written, t.report_id FROM ${table} t
        FULL JOIN (SELECT * FROM journal WHERE type = 'step.completed' AND path = '${step}' AND run_id IN (SELECT id FROM runs WHERE workflow = '${workflow}')) j
          ON j.run_id = t.run_id
        WHERE j.run_id IS NULL OR t.run_id IS NULL OR ${same}`,
    },
    {
      check: `${table}: as many rows as completed runs of ${workflow}`,
      sql: `SELECT * FROM (SELECT (SELECT count(*) FROM ${table}) AS rows, (SELECT count(*) FROM runs WHERE workflow = '${workflow}' AND status = 'completed') AS runs) c
        WHERE rows <> runs OR rows = 0`,
    },
  ];
}

function camel(column: string): string {
  return column.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

const TRANSACTIONS = [
  ...exactlyOnce('strike-review', 'file-report', 'strike_review.filed_strikes', ['report_id', 'verdict', 'severity', 'revision']),
  ...exactlyOnce('strike-followup', 'close-case', 'strike_followup.closed_cases', ['report_id', 'outcome', 'letter', 'revision']),
];

const LEDGER: readonly Check[] = [
  {
    check: 'the ledger counts every record once: started, keys, emissions, runs',
    sql: `SELECT * FROM (SELECT
        (SELECT count(*) FROM emission_reads WHERE outcome = 'started') AS started,
        (SELECT count(DISTINCT record_key) FROM emission_reads) AS keys,
        (SELECT count(*) FROM emissions) AS emissions,
        (SELECT count(*) FROM runs WHERE workflow = 'strike-review') AS runs) c
      WHERE (started, keys, emissions, runs) IS DISTINCT FROM ($1::bigint, $1::bigint, $1::bigint, $1::bigint)`,
    values: ({ records }) => [records],
  },
  {
    check: 'each record has one run, each run one record: the one it was started with, by the emitter run that read it',
    sql: `SELECT e.record_key, e.run_id AS emitted, r.id AS run, a.run_id AS read, j.payload -> 'input' ->> 'id' AS input FROM emissions e
      FULL JOIN (SELECT * FROM runs WHERE workflow = 'strike-review') r ON r.id = e.run_id
      LEFT JOIN (SELECT * FROM emission_reads WHERE outcome = 'started') a ON a.run_id = r.id
      LEFT JOIN journal j ON j.run_id = r.id AND j.seq = 1
      WHERE e.run_id IS NULL OR r.id IS NULL OR a.run_id IS NULL OR r.started_by <> 'emitter' OR r.cause_run IS DISTINCT FROM a.emitter_run
        OR a.record_key IS DISTINCT FROM e.record_key OR j.payload -> 'input' ->> 'id' IS DISTINCT FROM e.record_key`,
  },
  {
    check: 'what was read = rejected + deduplicated + the runs in each status',
    sql: `SELECT * FROM (SELECT (SELECT count(*) FROM emission_reads) AS read,
        (SELECT count(*) FROM emission_reads WHERE outcome <> 'started') + (SELECT count(*) FROM emission_reads a JOIN runs r ON r.id = a.run_id WHERE a.outcome = 'started') AS accounted) c
      WHERE read <> accounted`,
  },
  {
    check: 'a further pass over the whole source emits nothing',
    sql: `SELECT count(*) AS passes FROM (SELECT emitter_run FROM emission_reads GROUP BY emitter_run
        HAVING count(*) FILTER (WHERE outcome = 'deduplicated') = $1 AND count(*) = $1) full_passes
      HAVING count(*) <> $2`,
    values: ({ records, repeatedPasses }) => [records, repeatedPasses],
  },
];

const EVENTS: readonly Check[] = [
  {
    check: 'each filed report was announced once, in the commit that filed it',
    sql: `SELECT r.id AS run, e.source_run, e.id AS event FROM (SELECT * FROM runs WHERE workflow = 'strike-review' AND status = 'completed') r
      FULL JOIN (SELECT * FROM events WHERE name = 'strike.reviewed') e ON e.source_run = r.id
      LEFT JOIN journal j ON j.run_id = r.id AND j.type = 'event.emitted'
      WHERE r.id IS NULL OR e.id IS NULL OR j.payload ->> 'eventId' IS DISTINCT FROM e.id::text`,
  },
  {
    check: 'no report was announced twice',
    sql: `SELECT payload ->> 'reportId' AS report FROM events WHERE name = 'strike.reviewed' GROUP BY 1 HAVING count(*) > 1`,
  },
  {
    check: 'each event was delivered once to each consumer',
    sql: `SELECT e.id AS event, t.workflow, count(d.consumer) AS deliveries FROM events e
      JOIN triggers t ON t.tenant = e.tenant AND t.event = e.name AND t.active
      LEFT JOIN event_deliveries d ON d.tenant = e.tenant AND d.event_id = e.id AND d.workflow = t.workflow
      GROUP BY e.id, t.workflow HAVING count(d.consumer) <> 1`,
  },
  {
    check: 'somebody listens to strike.reviewed',
    sql: "SELECT 1 AS nobody WHERE NOT EXISTS (SELECT FROM triggers WHERE event = 'strike.reviewed' AND active)",
  },
  {
    check: 'each delivery is decided: started one run of its own, or declined',
    sql: `SELECT d.event_id, d.consumer, d.status, d.error, d.run_id, r.id AS run FROM (SELECT * FROM event_deliveries WHERE consumer LIKE 'start:%') d
      FULL JOIN (SELECT * FROM runs WHERE cause_event IS NOT NULL) r ON r.id = d.run_id AND r.cause_event = d.event_id
      WHERE d.event_id IS NULL OR d.status NOT IN ('started', 'declined') OR (d.status = 'started') <> (r.id IS NOT NULL)`,
  },
  {
    check: 'each substantial report has exactly one follow-up, no other report has any',
    sql: `SELECT f.report_id, f.severity, c.reports FROM (SELECT * FROM strike_review.filed_strikes WHERE severity = 'substantial') f
      FULL JOIN (SELECT j.payload -> 'input' ->> 'reportId' AS report_id, count(*) AS reports FROM runs r JOIN journal j ON j.run_id = r.id AND j.seq = 1
        WHERE r.workflow = 'strike-followup' GROUP BY 1) c USING (report_id)
      WHERE f.severity IS NULL OR c.reports IS DISTINCT FROM 1`,
  },
];

const CHECKS = [...RUNS, ...TRANSACTIONS, ...LEDGER, ...EVENTS, ...MIXED];

/** @param journal a file: what this campaign has asked, and was told */
export async function audit(connections: pg.Pool, expected: Expected, journal: string): Promise<Finding[]> {
  const client = await connections.connect();
  try {
    await readJournal(client, journal);
    const { findings } = await auditGuarantees(client, { graceMs: 0, isAtRest: true, hasJournal: true, most: 100 });
    const found: Finding[] = findings.map(({ check, against }) => ({ check: `${check.guarantee}: ${check.sentence}`, against }));
    for (const { check, sql, values } of CHECKS)
      found.push({ check, against: (await client.query<Row>(sql, [...(values?.(expected) ?? [])])).rows });
    return found;
  } finally {
    client.release();
  }
}
