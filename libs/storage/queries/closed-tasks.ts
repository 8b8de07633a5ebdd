/**
 * The tasks that a flush closes: those of a run that ends, and those that it names.
 *
 * A decision that can still be taken back, and of which the run has not been told, is withdrawn with its task. Then no record of it may
 * stand as the last word: it gets another one, of the kind `withdrawn`, which names it. Such tasks are always named, so only a flush that
 * names some looks for them.
 *
 * Locks: the task rows, of runs whose rows the flush has locked. What a decision was is read under the lock, in a step of its own: an
 * update tells only what a row has become. Which record it has is on the row, too: somebody may decide while the flush waits for the run
 * row, and of another table the statement then still sees what was before.
 */
import { recordsDecision } from './decision-record.js';

const THESE = `x.id = ANY($25::uuid[]) AND t.tenant = x.tenant AND t.run_id = x.id AND (x.ends OR t.id = ANY($33::uuid[]))`;
const CANCELED = `status = 'canceled', version = t.version + 1, claimed_by = NULL, claimed_until = NULL, answer = NULL, decided_by = NULL, undo_until = NULL, agreement = NULL, decision = NULL, ended_at = clock_timestamp()`;

/** Of a decision by a version that did not yet write its id on the task. */
const OF_OLDER = `(SELECT d.id FROM decisions d WHERE d.tenant = t.tenant AND d.task_id = t.id ORDER BY d.id DESC LIMIT 1)`;

export const CLOSES_OPEN = `
closed AS (
  UPDATE tasks t SET ${CANCELED} FROM fenced x WHERE ${THESE} AND t.status IN ('open', 'claimed')
  RETURNING t.tenant, t.id),
closed_history AS (
  INSERT INTO task_history (tenant, task_id, kind) SELECT tenant, id, 'canceled' FROM closed)`;

export const CLOSES_DECIDED = `
closing AS MATERIALIZED (
  SELECT t.tenant, t.id, t.status, t.answer, t.decision, x.ends, x.intent_status FROM fenced x JOIN tasks t ON ${THESE}
    AND (t.status IN ('open', 'claimed') OR t.id = ANY($33::uuid[]) AND t.status = 'completed' AND t.undo_until > clock_timestamp() - interval '1 minute')
  FOR NO KEY UPDATE OF t),
closed AS (
  UPDATE tasks t SET ${CANCELED} FROM closing c WHERE t.tenant = c.tenant AND t.id = c.id
  RETURNING t.tenant, t.id, t.run_id, t.path, t.iteration, t.workflow, t.workflow_version, t.screen, t.title, t.subject, t.instructions, t.props, t.suggestion, t.ended_at,
    c.status AS was, c.answer AS last_answer, CASE WHEN c.ends THEN 'Its run has ended: ' || c.intent_status ELSE 'Its run went another way' END AS why, new_id() AS entry,
    CASE c.status WHEN 'completed' THEN coalesce(c.decision, ${OF_OLDER}) END AS last_decision),
closed_history AS (
  INSERT INTO task_history (tenant, task_id, id, kind, details)
  SELECT tenant, id, entry, 'canceled', CASE was WHEN 'completed' THEN jsonb_build_object('withdraws', last_decision) END FROM closed),
retracted AS MATERIALIZED (
  SELECT * FROM closed WHERE was = 'completed')${recordsDecision({
    ...{ source: 'retracted', tenant: 'retracted.tenant', kind: "'withdrawn'", actor: 'NULL::jsonb', at: 'ended_at' },
    ...{ answer: 'last_answer', reason: 'why', withdraws: 'last_decision', prefix: 'withdrawal_' },
  })}`;
