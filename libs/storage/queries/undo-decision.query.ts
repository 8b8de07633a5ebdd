/**
 * Takes a decision back, by whoever made it, within the undo window of its screen: the message that the run has not read goes, and the
 * task is its person's again, with the answer as its draft; with a claim that has lapsed, when it is for that person no longer. All in one statement, all or nothing.
 *
 * Locks, in the order of the system: the run row, then the task row; the message is deleted under the run row. It must still be held: its
 * owner ends the hold of the row before it acts on it (end-holds), so of the two, the first has the message. So a decision is told to its
 * run or taken back, never both, whatever the clocks say.
 */
import type { Actor } from '@stepwell/contracts';
import { type Sql, statement } from '../sql.js';
import { recordsDecision } from './decision-record.js';
import { mayTake } from './may-take.js';
import { taskColumns, type TaskRecord } from './read-tasks.query.js';

export const UNDO_DECISION = statement(
  'undo-decision',
  `WITH run AS MATERIALIZED (
     SELECT tenant, id FROM runs WHERE tenant = $1 AND id = $3 AND status NOT IN ('completed', 'failed', 'canceled') FOR NO KEY UPDATE),
   decided AS MATERIALIZED (
     SELECT t.tenant, t.id, t.run_id, ${mayTake('t', { tenant: '$1', actorId: "$4::jsonb ->> 'id'", isAgreed: 'true' })} IS TRUE AS may FROM run r JOIN tasks t ON t.tenant = r.tenant AND t.id = $2 AND t.run_id = r.id
     WHERE t.status = 'completed' AND t.decided_by ->> 'id' = $4::jsonb ->> 'id' AND t.undo_until > clock_timestamp()
     FOR NO KEY UPDATE OF t),
   unsaid AS (
     DELETE FROM inbox i USING decided d
     WHERE i.tenant = d.tenant AND i.run_id = d.run_id AND i.dedupe_key = 'task:' || d.id AND i.held_until > clock_timestamp()
     RETURNING d.tenant, d.id, d.may),
   undone AS (
     UPDATE tasks t
     SET status = 'claimed', claimed_by = $4::jsonb, version = t.version + 1,
       claimed_until = clock_timestamp() + CASE WHEN u.may THEN $5 ELSE 0 END * interval '1 millisecond',
       draft = t.answer, draft_by = $4::jsonb, draft_version = t.draft_version + 1,
       answer = NULL, decided_by = NULL, idempotency_key = NULL, ended_at = NULL, undo_until = NULL, agreement = NULL, decision = NULL
     FROM unsaid u WHERE t.tenant = u.tenant AND t.id = u.id
     RETURNING ${taskColumns('t')}, new_id() AS entry, (SELECT d.id FROM decisions d WHERE d.tenant = $1 AND d.task_id = t.id ORDER BY d.id DESC LIMIT 1) AS last_decision),
   history AS (
     INSERT INTO task_history (tenant, task_id, id, kind, actor) SELECT $1, id, entry, 'undone', $4::jsonb FROM undone)${recordsDecision({
       ...{
         source: 'undone',
         tenant: '$1',
         kind: "'undone'",
         actor: '$4::jsonb',
         at: 'clock_timestamp()',
         answer: 'draft',
         withdraws: 'last_decision',
       },
     })}
   SELECT * FROM undone`,
);

export interface DecisionToUndo {
  readonly tenant: string;
  readonly id: string;
  readonly runId: string;
  readonly actor: Actor;
  readonly leaseMs: number;
}

/** @returns `undefined` when the window is over, the run has read it, somebody else decided, or nobody did */
export async function undoDecision(sql: Sql, { tenant, id, runId, actor, leaseMs }: DecisionToUndo): Promise<TaskRecord | undefined> {
  const [row] = await sql.query<TaskRecord>(UNDO_DECISION, [tenant, id, runId, JSON.stringify(actor), leaseMs]);
  return row;
}
