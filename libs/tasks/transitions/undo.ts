/**
 * Taking a decision back, within the undo window of its screen: the run has not been told of it, and the task is the decider's again, with
 * the answer as the draft. Asked twice, it is done once.
 */
import type { Actor, StepwellError } from '@stepwell/contracts';
import { readTasks, type Sql, type TaskRecord, undoDecision } from '@stepwell/storage';
import { checkedId } from '../task-id.js';
import { closedOrHeld, closedTask, taskNotFound, TaskRefusal } from '../task-refusal.js';
import { taskView } from '../task-view.js';
import { CLAIM_MS } from './claim-lease.js';

export interface UndoRequest {
  readonly tenant: string;
  readonly id: string;
  readonly actor: Actor;
}

/** @throws TaskRefusal UNDO_OVER, TASK_CLOSED (by somebody else), TASK_CLAIMED, TASK_NOT_CLAIMED; StepwellError TASK_NOT_FOUND */
export async function undo(sql: Sql, request: UndoRequest): Promise<{ readonly task: TaskRecord; readonly isNew: boolean }> {
  const { tenant, id, actor } = request;
  const [before] = await readTasks(sql, tenant, [checkedId(id)]);
  if (!before) throw taskNotFound(id);
  const undone = await undoDecision(sql, { tenant, id, runId: before.run_id, actor, leaseMs: CLAIM_MS });
  if (undone) return { task: undone, isNew: true };
  const [now = before] = await readTasks(sql, tenant, [id]);
  if (now.claimed_by?.id === actor.id) return { task: now, isNew: false };
  // It was decided after the statement had looked: the window that began then is open.
  if (now.version !== before.version) return undo(sql, request);
  throw whyNot(now, actor);
}

function whyNot(task: TaskRecord, actor: Actor): StepwellError {
  if (task.status === 'completed' && task.decided_by?.id === actor.id) return new TaskRefusal('UNDO_OVER', taskView(task));
  return closedTask(task) ?? closedOrHeld(task, actor) ?? new TaskRefusal('TASK_NOT_CLAIMED', taskView(task));
}
