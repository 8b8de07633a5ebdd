import { type ErrorCode, type Json, StepwellError } from '@stepwell/contracts';
import type { EndAction } from '../actions.js';
import { type NodeState, nodeOf, type RunState } from '../run-state.js';
import { type FactType, type MessageDraft, payloadOf } from './fact.js';
import { itemEnded, itemStarted } from './item.facts.js';
import { type StepFault, withoutStack } from './step-fault.js';

/** A child run was inserted with this fact. */
export const childStarted: FactType = {
  type: 'child.started',
  version: 1,
  apply: (state, fact) => {
    const { childId, isAwaited } = payloadOf<{ childId: string; isAwaited: boolean }>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, isAwaited ? 'child' : 'completed');
    node.childId = childId;
    if (!isAwaited) node.output = { runId: childId };
    itemStarted(state, node);
  },
};

export interface ChildEndedPayload {
  readonly childId: string;
  /** Of a child that completed; that of an item's run stays with it. */
  readonly output?: Json;
  /** Of one that failed or was canceled. */
  readonly fault?: StepFault;
}

export const childEnded: FactType = {
  type: 'child.ended',
  version: 1,
  apply: (state, fact) => {
    const { output, fault } = payloadOf<ChildEndedPayload>(fact);
    const node = nodeOf(state, fact.path, fact.iteration, 'child');
    node.phase = fault ? 'failed' : 'completed';
    if (fault) node.fault = fault;
    else node.output = output ?? null;
    itemEnded(state, node);
  },
};

/** What to say to the children that these nodes wait for when nobody waits for them any more. */
export function cancelsOf(nodes: Iterable<NodeState>, reason: string): readonly MessageDraft[] {
  const cancels: MessageDraft[] = [];
  for (const { phase, childId } of nodes)
    if (phase === 'child' && childId !== undefined)
      cancels.push({ runId: childId, kind: 'cancel.requested', dedupeKey: 'parent-ended', payload: { reason, by: null } });
  return cancels;
}

/** A run as its relatives know it. */
export interface Relative {
  readonly id: string;
  readonly workflow: string;
  /** The run that waits for its end. */
  readonly parent_run: string | null;
}

/** What the relatives of a run are told of its end: the children that it waits for are canceled, and its parent goes on. */
export function farewells(end: EndAction, state: RunState, { id, workflow, parent_run }: Relative): readonly MessageDraft[] {
  const toChildren = cancelsOf(state.nodes.values(), `The run that started this one has ended as ${end.status}.`);
  if (parent_run === null) return toChildren;
  const fault = (code: ErrorCode, message: string): StepFault => ({
    ...{ code, retryable: false },
    message: new StepwellError(code, { id, workflow, message }).message,
  });
  const payload: Json =
    end.status === 'completed'
      ? { childId: id, output: end.output ?? null }
      : {
          childId: id,
          fault:
            end.status === 'failed'
              ? { ...fault('CHILD_FAILED', end.fault.message), cause: withoutStack(end.fault) }
              : fault('CHILD_CANCELED', end.reason ?? ''),
        };
  return [...toChildren, { runId: parent_run, kind: 'child.ended', dedupeKey: `child:${id}`, payload }];
}
