import type { Actor, Json } from '@stepwell/contracts';
import { beginUndoing, nodeOf, openBelow } from '../run-state.js';
import { type FactDraft, type FactType, payloadOf } from './fact.js';
import type { StepFault } from './step-fault.js';

/** Which branch a node took, by index; -1 when no condition of an if held. A restart takes the same one. */
export const branchChosen: FactType = {
  type: 'branch.chosen',
  version: 1,
  apply: (state, fact) => {
    const { choice, name } = payloadOf<{ choice: number; name?: string | null }>(fact);
    Object.assign(nodeOf(state, fact.path, fact.iteration, 'chosen'), { choice, taken: name ?? String(choice) });
  },
};

/** A node has failed by itself, not with one of its branches. Whatever is around it decides what that means. */
export const nodeFailedFact: FactType = {
  type: 'node.failed',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'failed');
    Object.assign(node, { phase: 'failed', fault: payloadOf<{ fault: StepFault }>(fact).fault, isBroken: true });
  },
};

export function nodeFailed(path: string, iteration: string, fault: StepFault): FactDraft {
  return { type: 'node.failed', path, iteration, attempt: 0, payload: { fault: { ...fault } } };
}

/** The list of a for-each, as it was when the node was reached. */
export const itemsListed: FactType = {
  type: 'items.listed',
  version: 1,
  apply: (state, fact) => {
    nodeOf(state, fact.path, fact.iteration, 'chosen').items = payloadOf<{ items: readonly Json[] }>(fact).items;
  },
};

export interface BranchesCanceledPayload {
  /** Of the branch that failed first. */
  readonly fault: StepFault;
}

/** A branch failed and took the others with it: the control node has failed, and what was open below it is closed. */
export const branchesCanceled: FactType = {
  type: 'branches.canceled',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'failed');
    node.phase = 'failed';
    node.fault = payloadOf<BranchesCanceledPayload>(fact).fault;
    for (const inner of openBelow(state, fact.path, fact.iteration)) inner.phase = 'canceled';
  },
};

/** A branch was first: the race has its winner, and what is open in the other branches is closed. */
export const raceWon: FactType = {
  type: 'race.won',
  version: 1,
  apply: (state, fact) => {
    const { winner, undoes } = payloadOf<{ winner: string; undoes?: readonly string[] }>(fact);
    nodeOf(state, fact.path, fact.iteration, 'chosen').winner = winner;
    for (const inner of openBelow(state, fact.path, fact.iteration)) inner.phase = 'canceled';
    if (undoes) beginUndoing(state, fact, undoes);
  },
};

/** Author code threw where a choice was to be made: the run fails, visibly. Where it stands in what has to be left first, it is asked no more. */
export const evaluationFailed: FactType = {
  type: 'evaluation.failed',
  version: 1,
  apply: (state, fact) => {
    const { fault } = payloadOf<{ fault: StepFault }>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'failed');
    Object.assign(node, { phase: 'failed', fault, isBroken: true });
    state.fault = fault;
  },
};

export const taskOpened: FactType = {
  type: 'task.opened',
  version: 1,
  apply: (state, fact) => {
    const { taskId, dueAt } = payloadOf<{ taskId: string; dueAt?: number }>(fact);
    Object.assign(nodeOf(state, fact.path, fact.iteration, 'task-open'), dueAt === undefined ? { taskId } : { taskId, dueAt });
  },
};

export const taskCompleted: FactType = {
  type: 'task.completed',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'completed');
    node.phase = 'completed';
    node.output = payloadOf<{ answer: Json; by: Actor | null }>(fact).answer;
    // The handler of an escalation that was due.
    if (node.dueAt !== undefined) for (const inner of openBelow(state, fact.path, fact.iteration)) inner.phase = 'canceled';
    delete node.dueAt;
  },
};

export const waitStarted: FactType = {
  type: 'wait.started',
  version: 1,
  apply: (state, fact) => {
    nodeOf(state, fact.path, fact.iteration, 'waiting').dueAt = payloadOf<{ dueAt: number }>(fact).dueAt;
  },
};

export const waitCompleted: FactType = {
  type: 'wait.completed',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'completed');
    node.phase = 'completed';
    node.output = null;
    node.dueAt = undefined;
  },
};

/** The output of an emit node is the id of its event. */
export const eventEmitted: FactType = {
  type: 'event.emitted',
  version: 1,
  apply: (state, fact) => {
    const node = nodeOf(state, fact.path, fact.iteration, 'completed');
    node.phase = 'completed';
    node.output = { eventId: payloadOf<{ eventId: string }>(fact).eventId };
  },
};

export interface BatchEmittedPayload {
  readonly batch: number;
  readonly read: number;
  readonly rejected: number;
  readonly deduplicated: number;
  readonly started: number;
  readonly cursor: Json;
  readonly done: boolean;
  readonly startedAt: number;
}

/** One batch of an emitter: its runs, ledger rows and cursor are in the same commit. */
export const batchEmitted: FactType = {
  type: 'batch.emitted',
  version: 1,
  apply: (state, fact) => {
    const payload = payloadOf<BatchEmittedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'emitting');
    const before = (node.output ?? { read: 0, rejected: 0, deduplicated: 0, started: 0 }) as Record<
      'read' | 'rejected' | 'deduplicated' | 'started',
      number
    >;
    node.phase = payload.done ? 'completed' : 'emitting';
    node.attempt = 1;
    delete node.spent;
    node.batches = payload.batch + 1;
    node.output = {
      read: before.read + payload.read,
      rejected: before.rejected + payload.rejected,
      deduplicated: before.deduplicated + payload.deduplicated,
      started: before.started + payload.started,
    };
  },
};
