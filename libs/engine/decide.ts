/**
 * `decide`: from graph, state and time to what has to be done next. Pure; asking twice gives the same answer, so the worker remembers
 * what it has already begun. It calls no author code: what needs some is an action, and its result comes back as a fact.
 */
import { RunStatus } from '@stepwell/contracts';
import type { ExecuteAction } from './actions.js';
import { type Advance, Decision } from './decision.js';
import { bodiesAround, type Graph, type GraphNode, loopsAround } from './graph/graph.js';
import { nodeKey, outerIteration } from './graph/iteration.js';
import type { Outcome } from './graph/outcome.js';
import { kindOf } from './kinds/index.js';
import type { RunState } from './run-state.js';

const advance: Advance = (node, iteration, decision) => kindOf(node).advance(node, iteration, decision);

/**
 * @param now milliseconds since 1970; decides which timers are due
 * @returns a decision without actions or waits when the run has not begun or has ended
 */
export function decide(graph: Graph, state: RunState, now: number): Decision {
  const decision = new Decision(state, now, advance);
  if (state.status !== RunStatus.running) return decision;
  if (state.fault) {
    decision.actions.push({ type: 'end', status: 'failed', fault: state.fault });
    return decision;
  }
  if (state.cancel) {
    decision.actions.push({ type: 'end', status: 'canceled', reason: state.cancel.reason });
    return decision;
  }
  const outcome = decision.advanceBody(graph.root, '');
  if (outcome.status === 'pending') return decision;
  // A failure ends the run whatever its other branches are doing: the end closes them.
  decision.forget({ actions: 0, waits: 0 });
  decision.actions.push(
    outcome.status === 'completed'
      ? { type: 'end', status: 'completed', output: outcome.output }
      : { type: 'end', status: 'failed', fault: outcome.fault },
  );
  return decision;
}

/** How a node stands, for reading its output; decides nothing. */
export function outcomeOf(node: GraphNode, iteration: string, state: RunState): Outcome {
  return advance(node, iteration, new Decision(state, 0, advance));
}

/** True when a node has come to something without this entry of its handler: its time is over. What stands in for it is no such entry. */
export function isOvertaken({ node, iteration, standIn }: Pick<ExecuteAction, 'node' | 'iteration' | 'standIn'>, state: RunState): boolean {
  const phase = state.nodes.get(nodeKey(node.path, iteration))?.phase;
  return standIn === undefined && (phase === 'failed' || phase === 'breached');
}

/** True when a control node around this one has failed: nobody needs what the node would still give. */
export function isCanceled(node: GraphNode, iteration: string, state: RunState): boolean {
  for (const { owner } of bodiesAround(node)) {
    if (owner && state.nodes.get(nodeKey(owner.path, outerIteration(iteration, loopsAround(owner).length)))?.phase === 'failed')
      return true;
  }
  return false;
}
