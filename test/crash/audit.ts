/**
 * The auditor: plain SQL over the database, nothing else. It imports nothing of Stepwell, so a mistake there cannot excuse itself here.
 * Each check is a sentence and a query for what contradicts it. To be asked when nothing works any more.
 */
import type { Check, Expected } from './check.js';
import { MIXED } from './mixed/mixed-checks.js';

export interface Finding {
  readonly check: string;
  /** Rows that contradict it; empty when it holds. */
  readonly against: readonly Record<string, unknown>[];
}

type Query = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;

const ENDED = "('completed', 'failed', 'canceled')";

const RUNS: readonly Check[] = [
  {
    check: 'every run has ended, or waits for a person who has a task for it',
    sql: `SELECT id, workflow, status, wait_reasons, due_at FROM runs r
      WHERE status NOT IN ${ENDED} AND NOT (status = 'waiting' AND wait_reasons = '{task}'
        AND EXISTS (SELECT FROM tasks t WHERE t.tenant = r.tenant AND t.run_id = r.id AND t.status IN ('open', 'claimed')))`,
  },
  {
    check: 'no run was lost to a crash',
    // A mixed run may be canceled by its event, and its children with it: see mixed-checks.ts.
    sql: `SELECT id, workflow, status, error_code, error_message FROM runs
      WHERE status = 'failed' OR status = 'canceled' AND workflow NOT IN ('mixed', 'mixed-child')`,
  },
  { check: 'no run is leased', sql: 'SELECT id, status, worker FROM runs WHERE worker IS NOT NULL' },
  {
    check: 'what had ended has not changed since; no more was added to it than that a closed attempt came back late',
    sql: `SELECT e.run_id, e.status AS was, r.status AS is, e.last_seq AS had, r.last_seq AS has FROM crash_test.ended e LEFT JOIN runs r ON r.id = e.run_id
      WHERE (e.status, e.ended_at) IS DISTINCT FROM (r.status, r.ended_at) OR r.last_seq IS DISTINCT FROM e.last_seq +
        (SELECT count(*)::int FROM journal j WHERE j.run_id = e.run_id AND j.seq > e.last_seq AND j.type = 'attempt.discarded')`,
  },
  { check: 'no message is left unread', sql: 'SELECT run_id, kind, dedupe_key FROM inbox' },
  { check: 'no step is left with another queue', sql: 'SELECT id, run_id, path FROM dispatches' },
];

const JOURNAL: readonly Check[] = [
  {
    check: 'each journal begins with its start and has no gap up to last_seq',
    sql: `SELECT r.id, r.last_seq, j.facts, j.first, j.last FROM runs r
      LEFT JOIN (SELECT run_id, count(*) AS facts, min(seq) AS first, max(seq) AS last, count(*) FILTER (WHERE seq = 1 AND type = 'run.started') AS starts
        FROM journal GROUP BY run_id) j ON j.run_id = r.id
      WHERE (j.facts, j.first, j.last, j.starts) IS DISTINCT FROM (r.last_seq::bigint, 1, r.last_seq, 1::bigint)`,
  },
  {
    check: 'no fact belongs to no run',
    sql: 'SELECT DISTINCT run_id FROM journal j WHERE NOT EXISTS (SELECT FROM runs r WHERE r.id = j.run_id)',
  },
  {
    check: 'a run has ended if and only if its last fact, late attempts aside, says so, with the same status',
    sql: `SELECT r.id, r.status, j.type, j.payload ->> 'status' AS says FROM runs r JOIN LATERAL
        (SELECT type, payload FROM journal WHERE run_id = r.id AND type <> 'attempt.discarded' ORDER BY seq DESC LIMIT 1) j ON true
      WHERE (r.status IN ${ENDED}) <> (j.type = 'run.ended') OR (j.type = 'run.ended' AND j.payload ->> 'status' IS DISTINCT FROM r.status)`,
  },
  { check: 'a run ends once', sql: "SELECT run_id FROM journal WHERE type = 'run.ended' GROUP BY run_id HAVING count(*) > 1" },
  {
    check:
      'each step is completed once, each choice made once, each task opened and decided once, each event emitted and taken once, each child started and ended once',
    sql: `SELECT run_id, path, iteration, type, count(*) FROM journal
      WHERE type IN ('step.completed', 'branch.chosen', 'task.opened', 'task.completed', 'event.emitted', 'event.consumed', 'items.listed', 'child.started', 'child.ended')
      GROUP BY run_id, path, iteration, type HAVING count(*) > 1`,
  },
  {
    check: 'after its completion a step is never tried again',
    sql: `SELECT later.run_id, later.path, later.type, later.seq FROM journal done
      JOIN journal later ON later.run_id = done.run_id AND later.path = done.path AND later.iteration = done.iteration AND later.seq > done.seq
      WHERE done.type = 'step.completed' AND later.type <> 'attempt.discarded'`,
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
    check: 'each batch stands once in the journal of its emitter run, in order, with the numbers of its rows in the ledger',
    sql: `SELECT coalesce(j.run_id, a.emitter_run) AS run, coalesce(j.batch, a.batch) AS batch, j.says, a.rows FROM
      (SELECT run_id, (payload ->> 'batch')::int AS batch, row_number() OVER (PARTITION BY run_id ORDER BY seq) - 1 AS place,
         (payload ->> 'started')::int || '/' || (payload ->> 'deduplicated')::int || '/' || (payload ->> 'rejected')::int AS says
       FROM journal WHERE type = 'batch.emitted') j
      FULL JOIN
      (SELECT emitter_run, batch, count(*) FILTER (WHERE outcome = 'started') || '/' || count(*) FILTER (WHERE outcome = 'deduplicated') || '/'
         || count(*) FILTER (WHERE outcome = 'rejected') AS rows FROM emission_reads GROUP BY 1, 2) a
      ON a.emitter_run = j.run_id AND a.batch = j.batch
      WHERE j.place IS DISTINCT FROM j.batch OR coalesce(j.says, '0/0/0') <> coalesce(a.rows, '0/0/0')`,
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
  { check: 'no event is left unrouted', sql: 'SELECT id, name FROM events WHERE NOT routed' },
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

const TASKS: readonly Check[] = [
  {
    check: 'each task was opened by its run’s journal, and each opening has its task',
    sql: `SELECT t.id, j.run_id, t.run_id AS task_run FROM tasks t
      FULL JOIN (SELECT * FROM journal WHERE type = 'task.opened') j ON j.payload ->> 'taskId' = t.id::text
      WHERE t.id IS NULL OR j.run_id IS DISTINCT FROM t.run_id`,
  },
  {
    check: 'each decision reached its run, as it was made, and no run knows a decision that nobody made',
    sql: `SELECT t.id, t.status, j.run_id FROM (SELECT * FROM tasks WHERE status = 'completed') t
      FULL JOIN (SELECT * FROM journal WHERE type = 'task.completed') j ON j.payload ->> 'taskId' = t.id::text
      WHERE t.id IS NULL OR j.run_id IS DISTINCT FROM t.run_id OR j.payload -> 'answer' IS DISTINCT FROM t.answer`,
  },
  {
    check: 'no task is open in a run that has ended',
    sql: `SELECT t.id, t.status, r.status AS run FROM tasks t JOIN runs r ON r.id = t.run_id WHERE t.status IN ('open', 'claimed') AND r.status IN ${ENDED}`,
  },
];

const SCHEDULES: readonly Check[] = [
  {
    check: 'each slot that fired has one run, each scheduled run one slot',
    sql: `SELECT s.schedule, s.due_at, s.run_id, r.id FROM (SELECT * FROM slots WHERE outcome = 'fired') s
      FULL JOIN (SELECT * FROM runs WHERE started_by = 'schedule') r ON r.id = s.run_id WHERE s.run_id IS NULL OR r.id IS NULL`,
  },
  { check: 'no run was started by two slots', sql: "SELECT run_id FROM slots WHERE outcome = 'fired' GROUP BY run_id HAVING count(*) > 1" },
];

const CHECKS = [...RUNS, ...JOURNAL, ...TRANSACTIONS, ...LEDGER, ...EVENTS, ...TASKS, ...SCHEDULES, ...MIXED];

export async function audit(query: Query, expected: Expected): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { check, sql, values } of CHECKS) findings.push({ check, against: await query(sql, values?.(expected) ?? []) });
  return findings;
}
