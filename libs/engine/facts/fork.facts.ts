import type { Actor, Json } from '@stepwell/contracts';
import type { RunState } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';
import { type KeptEffect, type NodeRef, reopenAll } from './retry.facts.js';

export interface EditedOutput extends NodeRef {
  readonly output: Json;
}

export interface ForkStartedPayload {
  /** The run whose first facts stand before this one. */
  readonly runId: string;
  readonly by: Actor | null;
  readonly reason: string | null;
  /** Where it goes on; null from the start, or behind a checkpoint. */
  readonly from: NodeRef | null;
  /** The checkpoint behind which it goes on. */
  readonly checkpoint?: number;
  /** Nodes that begin anew: they were open at that moment. */
  readonly reopened: readonly NodeRef[];
  /** As in a retry. */
  readonly effects?: readonly KeptEffect[];
  /** In place of the other run's; absent when it stays the same. */
  readonly input?: Json;
  readonly outputs: readonly EditedOutput[];
}

/** The first fact of its own that a fork has: it is another run from here on, with what a person has changed. */
export const forkStarted: FactType = {
  type: 'fork.started',
  version: 1,
  apply: (state, fact) => {
    const { input, outputs, ...begun } = payloadOf<ForkStartedPayload>(fact);
    reopenAll(state, begun);
    if (begun.checkpoint !== undefined) state.holds.delete(begun.checkpoint);
    state.ownSince = fact.seq;
    if (input !== undefined) state.input = input;
    for (const edited of outputs) edit(state, edited);
    // What is known of sequences has the outputs of before.
    state.progress.clear();
  },
};

function edit(state: RunState, { path, iteration, output }: EditedOutput): void {
  const node = state.nodes.get(path, iteration);
  if (node) node.output = output;
}
