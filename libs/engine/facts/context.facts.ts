import type { Json } from '@stepwell/contracts';
import type { NodePhase, RunState } from '../run-state.js';
import { type FactType, payloadOf } from './fact.js';

type Fields = { readonly [key: string]: Json };

/** Phases of an attempt that is under way, and of which the journal knows; on another queue it may be. One that is suspended later says it itself. */
const UNDER_WAY: ReadonlySet<NodePhase> = new Set<NodePhase>(['suspended', 'begun', 'unknown', 'dispatched']);

/** Fields of the input were replaced. What begins from now on sees them; an attempt that has begun goes on with what it began with. */
export const contextUpdated: FactType = {
  type: 'context.updated',
  version: 1,
  apply: (state, fact) => replaceInInput(state, payloadOf<{ patch: Fields }>(fact).patch),
};

export function replaceInInput(state: RunState, patch: Fields): void {
  const before = state.input;
  for (const node of state.nodes.values()) if (UNDER_WAY.has(node.phase)) node.beganWith ??= before;
  state.input = { ...(before as Fields), ...patch };
}
