/** What happened to a task that nobody has decided: steps of its screen's chain. */
import { type Actor, StepwellError } from '@stepwell/contracts';
import { nodeOf } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

export interface TaskEscalatedFact {
  readonly taskId: string;
  /** Which step of the chain, from 0. */
  readonly step: number;
  readonly what: 'assign' | 'notify' | 'run' | 'answer' | 'fail';
  /** Whom the task was to go to, or who was to be told: people and groups, as the author names them. */
  readonly whom?: readonly string[];
  /** Of an `assign`: it named nobody, and the task stayed whose it was. */
  readonly namesNobody?: true;
  /** Of a `run`: what came of it. */
  readonly as?: 'assign' | 'answer';
  /** The author's code threw: it was to fail the screen, if nobody had decided meanwhile. Of a `run`: it came to nothing. */
  readonly fault?: StepFault;
  /** When the next step is due, milliseconds since 1970; null: there is none. */
  readonly dueAt: number | null;
}

/** Who decides what nobody has decided in time. */
export const BY_DEFAULT: Actor = { id: 'escalation', name: 'Escalation', kind: 'system' };

/** The row of the task is changed in the same commit. What it then says (an answer, that it is over) comes back by the inbox, as a person's does. */
export const taskEscalated: FactType = {
  type: 'task.escalated',
  version: 1,
  apply: (state, fact) => {
    const { step, dueAt } = payloadOf<TaskEscalatedFact>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'task-open');
    Object.assign(node, { escalated: step + 1, dueAt: dueAt ?? undefined });
  },
};

export function taskExpired(reason: string): StepFault {
  return { code: 'TASK_EXPIRED', message: new StepwellError('TASK_EXPIRED', { reason }).message, retryable: false };
}
