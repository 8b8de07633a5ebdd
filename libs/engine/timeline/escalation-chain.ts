/**
 * The chain of a task that nobody has decided yet, step by step, as it stands in one run: what has come, what is next and when, and what
 * came no more. What the steps do is in the graph; when they came, and whom they named, in the facts of the task. What that made of the task
 * is no fact of the run: the history of the task has it.
 */
import { AttemptStatus, type Json } from '@stepwell/contracts';
import { BY_DEFAULT, type TaskEscalatedFact } from '../facts/escalation.facts.js';
import { type Fact, payloadOf } from '../facts/fact.js';
import type { EscalationPlan } from '../graph/node-kind.js';
import type { TimelineEscalation, TimelineStep } from './timeline-step.js';

/** What the facts say of one task. */
interface TaskFacts {
  firstDueAt: number | null;
  readonly came: Map<number, TaskEscalatedFact & { readonly at: number }>;
  /** Somebody decided it in the moment of its last step, which came to nothing. */
  isDecidedByOther: boolean;
}

export type TasksFacts = ReadonlyMap<string, TaskFacts>;

/** Of each task of a run. */
export function tasksFacts(facts: readonly Fact[]): TasksFacts {
  const tasks = new Map<string, TaskFacts>();
  for (const fact of facts) {
    if (fact.type === 'task.opened') {
      const { taskId, dueAt = null } = payloadOf<{ readonly taskId: string; readonly dueAt?: number }>(fact);
      tasks.set(taskId, { firstDueAt: dueAt, came: new Map(), isDecidedByOther: false });
    } else if (fact.type === 'task.escalated') {
      const escalated = payloadOf<TaskEscalatedFact>(fact);
      tasks.get(escalated.taskId)?.came.set(escalated.step, { ...escalated, at: fact.at });
    } else if (fact.type === 'task.completed') {
      const { taskId, by } = payloadOf<{ readonly taskId: string; readonly by?: { readonly [key: string]: Json } }>(fact);
      const task = tasks.get(taskId);
      if (task) task.isDecidedByOther = by?.['id'] !== BY_DEFAULT.id;
    }
  }
  return tasks;
}

/** @param plans the steps of the screen, as its version has them */
export function escalationChain(step: TimelineStep, plans: readonly EscalationPlan[], tasks: TasksFacts): readonly TimelineEscalation[] {
  const task = tasks.get(step.taskId ?? '');
  if (!task) return [];
  const isOpen = step.status === AttemptStatus.waiting || step.status === AttemptStatus.running;
  return plans.map((plan, place): TimelineEscalation => {
    const fact = task.came.get(place);
    const known = { ...plan, number: place + 1, dueAt: null, at: null, as: null, namesNobody: false, fault: null };
    if (!fact) {
      const before = task.came.get(place - 1);
      const dueAt = place === 0 ? task.firstDueAt : (before?.dueAt ?? null);
      return { ...known, ...(isOpen ? { status: AttemptStatus.waiting, dueAt } : { status: AttemptStatus.skipped }) };
    }
    const { at, as = null, namesNobody = false, fault = null, whom = plan.whom } = fact;
    const isOutrun = task.isDecidedByOther && (plan.what === 'answer' || plan.what === 'fail' || as === 'answer');
    const status = fault ? AttemptStatus.failed : isOutrun ? AttemptStatus.skipped : AttemptStatus.completed;
    return { ...known, status, at, as, namesNobody, fault, whom };
  });
}
