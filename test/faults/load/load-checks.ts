/** What the load knows of the runs that it began, and nobody else can: whose answer or result each of them has. Asked at the end, with the journal of the load (`operations`). */
import { definitionOf, workflowModuleOptions } from '@stepwell/sdk';
import { FaultsModule } from '../workflows/faults.module.js';
import { TENANTS } from '../tenants.js';
import { MET } from './facts.js';

/** Begun by something else than the load: many timers at once, and steps that do harm. */
const APART = ['timed', 'poison'];
export const LOADED = (workflowModuleOptions(FaultsModule)?.workflows ?? []).filter((hosted) => !APART.includes(definitionOf(hosted).name));

const OUTPUT = (path: string) =>
  `(SELECT run_id, payload -> 'output' AS output FROM journal WHERE type = 'step.completed' AND path = '${path}')`;

export const LOAD_CHECKS: readonly { readonly sentence: string; readonly sql: string }[] = [
  {
    sentence: 'no awaiting run waits for a result that was acknowledged',
    sql: `SELECT r.id FROM runs r JOIN operations o ON o.kind = 'settle' AND o.acknowledged_at IS NOT NULL AND (o.about ->> 'run')::uuid = r.id WHERE r.ended_at IS NULL`,
  },
  {
    sentence: 'each awaiting run came to the result that was taken, and to one that somebody had',
    sql: `SELECT o.about, o.result, c.output FROM operations o JOIN ${OUTPUT('conclude')} c ON c.run_id = (o.about ->> 'run')::uuid
      WHERE o.kind = 'settle' AND (o.result ->> 'won')::bool AND c.output <> o.about -> 'value'
      UNION ALL SELECT to_jsonb(r.id), NULL, c.output FROM runs r JOIN ${OUTPUT('conclude')} c ON c.run_id = r.id
      WHERE r.workflow = 'awaiting' AND NOT EXISTS (SELECT FROM operations o WHERE o.kind = 'settle' AND (o.about ->> 'run')::uuid = r.id AND o.about -> 'value' = c.output)`,
  },
  {
    sentence: 'each node whose injection was acknowledged was executed once',
    sql: `SELECT o.op, o.about, count(j.seq) FROM operations o LEFT JOIN journal j ON j.run_id = (o.about ->> 'run')::uuid
        AND j.type = 'step.completed' AND j.path LIKE 'more/%' AND (j.payload ->> 'output')::int = o.op
      WHERE o.kind = 'inject' AND (o.result ->> 'won')::bool
        AND EXISTS (SELECT FROM runs r WHERE r.id = (o.about ->> 'run')::uuid AND r.status = 'completed')
      GROUP BY o.op, o.about HAVING count(j.seq) <> 1`,
  },
  {
    sentence: 'no run lives whose event to cancel it has come',
    sql: `SELECT r.id FROM runs r JOIN journal s ON s.run_id = r.id AND s.seq = 1 JOIN events e ON e.tenant = r.tenant AND e.name = 'faults.withdrawn' AND e.payload ->> 'op' = s.payload -> 'input' ->> 'op'
      WHERE r.workflow = 'withdrawn' AND r.ended_at IS NULL`,
  },
  {
    sentence: 'no run has gone on, or was canceled, by what only another tenant has said',
    sql: `SELECT r.id, r.tenant, r.workflow, r.status FROM runs r JOIN journal s ON s.run_id = r.id AND s.seq = 1
      WHERE (r.workflow, r.status) IN (('mixed', 'completed'), ('withdrawn', 'canceled'))
        AND NOT EXISTS (SELECT FROM events e WHERE e.tenant = r.tenant AND e.payload ->> 'op' = s.payload -> 'input' ->> 'op' AND e.emitted_at <= r.ended_at
          AND e.name = CASE r.workflow WHEN 'mixed' THEN 'faults.go' ELSE 'faults.withdrawn' END)`,
  },
  {
    sentence: 'whatever has gone on by an event, or was canceled by one, has heard one of its own tenant',
    sql: `SELECT j.tenant, j.run_id, j.type, e.tenant AS of FROM journal j JOIN events e ON e.id = (j.payload ->> 'eventId')::uuid
      WHERE j.type IN ('event.consumed', 'cancel.requested') AND e.tenant <> j.tenant`,
  },
  {
    sentence: 'what two tenants began under one key are two runs',
    sql: `SELECT about ->> 'key' AS key, array_agg(result ->> 'runId') AS runs FROM operations WHERE kind = 'start' AND acknowledged_at IS NOT NULL
      GROUP BY about ->> 'workflow', about ->> 'key' HAVING count(DISTINCT result ->> 'runId') <> count(*)`,
  },
  {
    sentence: 'each review that was acknowledged is one of its task, once',
    sql: `SELECT o.op, o.about, t.reviews FROM operations o LEFT JOIN tasks t ON t.id = (o.about ->> 'task')::uuid
      WHERE o.kind = 'review' AND (o.result ->> 'won')::bool
        AND (SELECT count(*) FROM jsonb_array_elements(t.reviews -> 'given') g WHERE g -> 'answer' = o.about -> 'answer') <> 1`,
  },
  {
    sentence: 'what two of three people said alike, each once, is the decision of a panel, and no decision is anything else',
    sql: `SELECT t.id, t.status, t.answer, t.reviews -> 'given' AS given FROM tasks t CROSS JOIN LATERAL (
        SELECT count(*) AS answers, count(DISTINCT g -> 'by' ->> 'id') AS people, count(*) FILTER (WHERE g -> 'answer' ->> 'verdict' = 'yes') AS yes,
          count(*) FILTER (WHERE g -> 'answer' ->> 'verdict' = 'no') AS no FROM jsonb_array_elements(t.reviews -> 'given') g) said
      WHERE t.workflow = 'panel' AND (answers <> people OR yes > 2 OR no > 2 OR (t.status = 'completed') <> (2 IN (yes, no))
        OR t.status = 'completed' AND t.answer ->> 'verdict' <> CASE yes WHEN 2 THEN 'yes' ELSE 'no' END)`,
  },
  {
    // It counts from when the run came to the screen, which is before the commit that opens the task; and a worker knows the clock of the
    // database by its answers, which may come late.
    sentence: 'time decides nothing before its time',
    sql: `SELECT h.task_id, h.kind, h.at, s.at AS started FROM task_history h JOIN tasks t ON t.tenant = h.tenant AND t.id = h.task_id
      JOIN journal s ON s.tenant = t.tenant AND s.run_id = t.run_id AND s.seq = 1
      WHERE h.kind = 'escalated' AND h.at < s.at + interval '55 seconds'`,
  },
  {
    sentence: 'the runs of a group have one output, which one of them has written',
    sql: `SELECT coalesce(s.payload -> 'input' -> 'group', s.payload -> 'input' -> 'op') AS of, array_agg(DISTINCT c.output) AS outputs
      FROM runs r JOIN journal s ON s.run_id = r.id AND s.seq = 1 JOIN ${OUTPUT('once')} c ON c.run_id = r.id WHERE r.workflow = 'shared'
      GROUP BY r.tenant, 1 HAVING count(DISTINCT c.output) > 1 OR NOT bool_or(c.output = s.payload -> 'input' -> 'op')`,
  },
  {
    sentence: 'each workflow of the load has runs of each tenant that have ended: with less, nothing was shown',
    sql: `SELECT tenant, wanted FROM unnest('{${TENANTS.join(',')}}'::text[]) AS t (tenant), unnest('{${LOADED.map((hosted) => definitionOf(hosted).name).join(',')}}'::text[]) AS w (wanted)
      WHERE NOT EXISTS (SELECT FROM runs r WHERE r.tenant = t.tenant AND r.workflow = wanted AND r.ended_at IS NOT NULL)`,
  },
  {
    sentence: 'each kind of fact that the load is for has come: with less, nothing was shown',
    sql: `SELECT wanted FROM unnest('{${MET.join(',')}}'::text[]) AS f (wanted) WHERE NOT EXISTS (SELECT FROM journal j WHERE j.type = wanted)`,
  },
];
