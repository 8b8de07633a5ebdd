/** What was acknowledged holds: asked of the journal of whoever asked, which knows nothing of the database. See journal.ts. */
import { type Check, ENDED } from '../check.js';

const ACKNOWLEDGED = (kind: string) => `(SELECT * FROM operations WHERE kind = '${kind}' AND acknowledged_at IS NOT NULL)`;
/** What came to `won: false` was refused, and promises nothing. */
const GRANTED = (kind: string) => `(SELECT * FROM operations WHERE kind = '${kind}' AND (result ->> 'won')::bool)`;

/** How often a decision of the task `t` was taken back. */
const UNDONE = `(SELECT count(*) FROM task_history h WHERE h.tenant = t.tenant AND h.task_id = t.id AND h.kind = 'undone')`;

const FACTS = (type: string) => `(SELECT run_id, count(*) AS n FROM journal WHERE type = '${type}' GROUP BY run_id)`;

/** Of fewer, a share says nothing. */
const OFTEN = 100;

export const JOURNAL: readonly Check[] = [
  {
    guarantee: 'G1',
    sentence: 'each start that was acknowledged is the run that was named, and its key leads to it',
    when: 'journal',
    sql: `SELECT o.op, o.about, o.result, k.run_id AS by_key, r.id AS run FROM ${ACKNOWLEDGED('start')} o
      LEFT JOIN runs r ON r.id = (o.result ->> 'runId')::uuid AND r.workflow = o.about ->> 'workflow'
      LEFT JOIN run_keys k ON k.tenant = r.tenant AND k.workflow = o.about ->> 'workflow' AND k.key = o.about ->> 'key'
      WHERE r.id IS NULL OR o.about ? 'key' AND k.run_id IS DISTINCT FROM r.id`,
  },
  {
    guarantee: 'G1',
    sentence: 'no start that was asked for, however often, came to two runs',
    when: 'journal',
    sql: `SELECT o.op, o.about, s.runs FROM operations o JOIN
        (SELECT r.workflow, (j.payload -> 'input' ->> 'op')::int AS op, count(*) AS runs FROM runs r JOIN journal j ON j.tenant = r.tenant AND j.run_id = r.id AND j.seq = 1
          WHERE r.started_by = 'api' AND r.retry_of IS NULL AND jsonb_typeof(j.payload -> 'input' -> 'op') = 'number' GROUP BY 1, 2) s
        ON s.op = o.op AND s.workflow = o.about ->> 'workflow'
      WHERE o.kind = 'start' AND s.runs > 1`,
  },
  {
    guarantee: 'G4',
    sentence: 'each event that was acknowledged is there, was routed, and was delivered once to each workflow that starts on it',
    when: 'journal',
    sql: `SELECT o.op, o.result, e.id, e.routed, t.workflow, count(d.consumer) AS deliveries, min(d.status) AS status FROM ${ACKNOWLEDGED('emit')} o
      LEFT JOIN events e ON e.id = (o.result ->> 'eventId')::uuid AND e.name = o.about ->> 'name'
      LEFT JOIN triggers t ON t.tenant = e.tenant AND t.event = e.name AND t.active
      LEFT JOIN event_deliveries d ON d.tenant = e.tenant AND d.event_id = e.id AND d.workflow = t.workflow
      GROUP BY o.op, o.about, o.result, e.id, e.routed, t.workflow
      HAVING e.id IS NULL OR NOT e.routed OR t.workflow IS NOT NULL AND (count(d.consumer) <> 1 OR min(d.status) = 'pending'
        OR min(d.status) = 'failed' AND o.about -> 'mayBeRefused' IS DISTINCT FROM 'true')`,
  },
  {
    guarantee: 'G4',
    sentence: 'an event that was asked for under one key started no listener of its own twice, where that takes each key once',
    when: 'journal',
    sql: `SELECT o.op, r.workflow, count(*) AS runs FROM operations o
      JOIN events e ON e.idempotency_key = o.about ->> 'key' JOIN event_deliveries d ON d.tenant = e.tenant AND d.event_id = e.id AND d.status = 'started'
      JOIN runs r ON r.tenant = d.tenant AND r.id = d.run_id AND r.retry_of IS NULL
      WHERE o.kind = 'emit' AND EXISTS (SELECT FROM event_deliveries x WHERE x.tenant = e.tenant AND x.workflow = r.workflow AND x.status = 'duplicate')
      GROUP BY o.op, r.workflow HAVING count(*) > 1`,
  },
  {
    guarantee: 'G5',
    sentence: 'each decision that was acknowledged is the decision of its task, or was taken back',
    when: 'journal',
    sql: `SELECT o.op, o.about, t.status, t.answer FROM ${GRANTED('decide')} o LEFT JOIN tasks t ON t.id = (o.about ->> 'task')::uuid
      WHERE (t.status IS DISTINCT FROM 'completed' OR t.answer IS DISTINCT FROM o.about -> 'answer') AND ${UNDONE} = 0`,
  },
  {
    guarantee: 'G5',
    sentence:
      'of those who decided one task, one was told that it was so, and nobody was refused a task that is open, but for those that were taken back',
    when: 'journal',
    sql: `SELECT d.* FROM (
        SELECT o.about ->> 'task' AS task, count(*) FILTER (WHERE (o.result ->> 'won')::bool) AS won, min(t.status) AS status, ${UNDONE} AS undone
        FROM ${ACKNOWLEDGED('decide')} o LEFT JOIN tasks t ON t.id = (o.about ->> 'task')::uuid GROUP BY 1, t.tenant, t.id) d
      WHERE won > 1 + undone OR status IN ('open', 'claimed') AND undone = 0`,
  },
  {
    guarantee: 'G5',
    sentence: 'who came too late to decide a task was given its decision, if he was given any, and it has stayed that, or was taken back',
    when: 'journal',
    sql: `SELECT o.op, o.about, o.result, t.status, t.answer FROM ${ACKNOWLEDGED('decide')} o LEFT JOIN tasks t ON t.id = (o.about ->> 'task')::uuid
      WHERE o.result ? 'answer' AND nullif(o.result -> 'answer', 'null') IS DISTINCT FROM nullif(t.answer, 'null') AND ${UNDONE} = 0`,
  },
  {
    guarantee: 'G1',
    sentence:
      'each signal that was acknowledged is a fact of its run or lies in its inbox, at least once and not more often than it was sent',
    when: 'journal',
    sql: `SELECT o.op, o.about, o.tries, coalesce(s.n, 0) + coalesce(i.n, 0) AS found FROM ${GRANTED('signal')} o
      LEFT JOIN (SELECT run_id, payload -> 'payload' ->> 'op' AS op, count(*) AS n FROM journal WHERE type = 'signal.received' GROUP BY 1, 2) s
        ON s.run_id = (o.about ->> 'run')::uuid AND s.op = o.op::text
      LEFT JOIN (SELECT run_id, payload -> 'payload' ->> 'op' AS op, count(*) AS n FROM inbox WHERE kind = 'signal.received' GROUP BY 1, 2) i
        ON i.run_id = (o.about ->> 'run')::uuid AND i.op = o.op::text
      LEFT JOIN ${FACTS('message.ignored')} late ON late.run_id = (o.about ->> 'run')::uuid
      WHERE coalesce(s.n, 0) + coalesce(i.n, 0) > o.tries OR coalesce(s.n, 0) + coalesce(i.n, 0) + coalesce(late.n, 0) < 1`,
  },
  {
    guarantee: 'G3',
    sentence: 'who was told that a run has ended was told so behind its end, and it has stayed ended',
    when: 'journal',
    sql: `SELECT o.op, o.kind, o.about, r.status, r.ended_at, o.acknowledged_at FROM operations o LEFT JOIN runs r ON r.id = (o.about ->> 'run')::uuid
      WHERE o.result ->> 'code' = 'RUN_ENDED' AND o.about ? 'run' AND (r.status IN ${ENDED} AND r.ended_at < o.acknowledged_at + interval '1 millisecond') IS NOT TRUE`,
  },
  {
    guarantee: 'G3',
    sentence: 'each cancel that was acknowledged holds: its run is canceled or about to be, or had ended before',
    when: 'journal',
    sql: `SELECT o.op, o.about, r.status, r.ended_at FROM ${GRANTED('cancel')} o LEFT JOIN runs r ON r.id = (o.about ->> 'run')::uuid
      WHERE r.id IS NULL OR NOT (r.status = 'canceled' OR r.status NOT IN ${ENDED} AND (r.cancel_requested_at IS NOT NULL
        OR EXISTS (SELECT FROM inbox i WHERE i.tenant = r.tenant AND i.run_id = r.id AND i.kind = 'cancel.requested'))
        OR r.ended_at < o.acknowledged_at AND EXISTS (SELECT FROM journal j WHERE j.tenant = r.tenant AND j.run_id = r.id AND j.type = 'run.ended'))`,
  },
  {
    guarantee: 'G3',
    sentence: 'each retry that was acknowledged is the one run that retries, or the run itself, or the one that was put in its place',
    when: 'journal',
    sql: `SELECT o.op, o.about, o.result, count(r.id) AS retries, min(r.id::text) AS run FROM ${GRANTED('retry')} o
      LEFT JOIN runs r ON r.retry_of = (o.about ->> 'run')::uuid
      GROUP BY o.op, o.about, o.result HAVING o.result ->> 'id' <> o.about ->> 'run' AND (count(r.id) <> 1 OR min(r.id::text) <> o.result ->> 'id')
        AND NOT EXISTS (SELECT FROM runs x WHERE x.id = (o.about ->> 'run')::uuid AND x.letter ->> 'runId' = o.result ->> 'id')`,
  },
  {
    guarantee: 'G1',
    sentence: 'nine in ten of what was asked was acknowledged, also of each kind that was asked often: with less, nothing was shown',
    when: 'journal',
    sql: `SELECT kind, count(*) AS asked, count(acknowledged_at) AS acknowledged FROM operations GROUP BY ROLLUP (kind)
      HAVING count(acknowledged_at) < 0.9 * count(*) AND (GROUPING(kind) = 1 OR count(*) >= ${OFTEN} OR count(acknowledged_at) = 0) OR count(*) = 0`,
  },
  {
    guarantee: 'G1',
    sentence: 'each fault that was asked for has happened: with less, nothing was shown',
    when: 'journal',
    sql: 'SELECT fault FROM faults_asked WHERE fired = 0',
  },
];
