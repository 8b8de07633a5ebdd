/**
 * Decides a task: completes it with an answer, or cancels it. Two statements of one transaction: the message to the run, and the
 * compare-and-set of the task; both happen or neither.
 *
 * Locks, in the order of the system: the run row (by append-inbox), then the task row. A flush that ends the run holds the run row before
 * it closes its tasks, so one of the two waits at the run and none at the other's task. Of two who decide, the second waits at the run
 * row and then loses the compare-and-set.
 * On a screen with an undo window the message is held: the run reads it when the window is over (undo-decision takes it back before).
 * What the decision was made on is written with it (decision-record).
 * Wins: who may have the task, and saw the present version of it while it is open, or nobody else holds it. The database's trigger refuses any later change.
 */
import type { Actor, Json } from '@stepwell/contracts';
import type { InboxMessage } from '@stepwell/engine';
import { type Sql, statement } from '../sql.js';
import { appendInbox } from './append-inbox.query.js';
import { recordsDecision } from './decision-record.js';
import { mayTake } from './may-take.js';
import { type AgreedField, taskColumns, type TaskRecord } from './read-tasks.query.js';
import { shownDraft, shownReviews, withReview } from './review-task.query.js';

export interface TaskDecision {
  readonly tenant: string;
  readonly id: string;
  readonly runId: string;
  readonly actor: Actor;
  readonly expectedVersion: number;
  /** How long it can be taken back: the run is told then. */
  readonly undoMs: number | null;
  /** The hash of the JSON Schema of the form that the actor had; null without one. */
  readonly formHash: string | null;
  /** Which build decides; null when nobody has named it. */
  readonly build: string | null;
  /** The author of the screen was asked about the actor, and agreed. */
  readonly isAgreed: boolean;
  /** It is the last one of several answers to the task, which decides. */
  readonly isReview?: boolean;
  /** What it made of the task's suggestion, by field; absent: there was none. */
  readonly agreement?: readonly AgreedField[];
  readonly verdict:
    | { readonly status: 'completed'; readonly answer: Json; readonly idempotencyKey: string | null }
    | { readonly status: 'canceled'; readonly reason: string | null };
}

export type DecideOutcome =
  | { readonly kind: 'decided'; readonly task: TaskRecord; readonly queue: string }
  /** The caller rolls back, and looks who won. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'run-ended' };

const ASKING = { tenant: '$1', actorId: "$3::jsonb ->> 'id'", isAgreed: '$12::bool' };

export const DECIDE_TASK = statement(
  'decide-task',
  `WITH before AS MATERIALIZED (
     SELECT id, ${shownDraft('tasks', ASKING.actorId)} AS draft, ${shownReviews('tasks')} AS shown FROM tasks
     WHERE tenant = $1 AND id = $2 AND version = $4
       AND (status = 'open' OR status = 'claimed' AND (claimed_by ->> 'id' = $3::jsonb ->> 'id' OR claimed_until <= clock_timestamp()))
       AND ${mayTake('tasks', ASKING)}
     FOR NO KEY UPDATE),
   decided AS (
     UPDATE tasks t
     SET status = $5, version = t.version + 1, answer = $6::jsonb, decided_by = $3::jsonb, idempotency_key = $7, ended_at = clock_timestamp(),
       claimed_by = NULL, claimed_until = NULL, draft = NULL, draft_by = NULL, undo_until = clock_timestamp() + $9 * interval '1 millisecond', agreement = $13::jsonb, decision = new_id(),
       reviews = CASE WHEN $14::bool THEN ${withReview('t', { actor: '$3::jsonb', answer: '$6::jsonb', key: '$7::text' })} ELSE t.reviews END
     FROM before b WHERE t.tenant = $1 AND t.id = b.id
     RETURNING ${taskColumns('t')}, b.draft AS last_draft, b.shown, t.decision AS entry),
   history AS (
     INSERT INTO task_history (tenant, task_id, id, kind, actor, details) SELECT $1, id, entry, $5, $3::jsonb, $8::jsonb FROM decided)${recordsDecision(
       {
         ...{ source: 'decided', tenant: '$1', kind: '$5::text', actor: '$3::jsonb', at: 'ended_at', answer: 'answer' },
         ...{ reason: "$8::jsonb -> 'reason'", form: '$10::text', draft: 'last_draft', build: '$11::text', shown: 'shown' },
       },
     )},
   known_form AS (
     INSERT INTO forms (tenant, hash, form) SELECT $1, $10::text, form FROM decided WHERE $10::text IS NOT NULL ON CONFLICT DO NOTHING)
   SELECT * FROM decided`,
);

/** Inside the caller's transaction, which has to be rolled back unless the outcome is `decided`. The caller wakes `queue` after its commit. */
export async function decideTask(sql: Sql, decision: TaskDecision): Promise<DecideOutcome> {
  const appended = await appendInbox(sql, messageOf(decision));
  if (appended.kind === 'run-ended') return appended;
  // An unread decision of this very task: its sender has won.
  if (!appended.appended) return { kind: 'lost' };
  const { tenant, id, actor, expectedVersion, verdict } = decision;
  const completed = verdict.status === 'completed' ? verdict : undefined;
  const reason = verdict.status === 'canceled' ? verdict.reason : null;
  const [task] = await sql.query<TaskRecord>(DECIDE_TASK, [
    tenant,
    id,
    JSON.stringify(actor),
    expectedVersion,
    verdict.status,
    completed ? JSON.stringify(completed.answer) : null,
    completed?.idempotencyKey ?? null,
    reason === null ? null : JSON.stringify({ reason }),
    completed ? decision.undoMs : null,
    decision.formHash,
    decision.build,
    decision.isAgreed,
    completed && decision.agreement ? JSON.stringify(decision.agreement) : null,
    decision.isReview ?? false,
  ]);
  return task ? { kind: 'decided', task, queue: appended.queue } : { kind: 'lost' };
}

/** One key for both verdicts: a task says one thing to its run. */
function messageOf({ tenant, runId, id, actor, undoMs, verdict }: TaskDecision): InboxMessage {
  const message = { tenant, runId, dedupeKey: `task:${id}` };
  return verdict.status === 'completed'
    ? { ...message, holdMs: undoMs, kind: 'task.completed', payload: { taskId: id, answer: verdict.answer, by: actor } }
    : { ...message, kind: 'task.canceled', payload: { taskId: id, reason: verdict.reason, by: actor } };
}
