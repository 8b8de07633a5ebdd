/**
 * `decide`: from graph, state and time to what has to be done next. Pure; asking twice gives the same answer, so the worker remembers
 * what it has already begun. It calls no author code: what needs some is an action, and its result comes back as a fact.
 *
 * A run that is canceled, or whose author code threw, ends as soon as what was entered and must be left in order has been left: a scope
 * runs to its end, a try runs its finally. Then, as when it has failed, it undoes what it has done (`compensate`). Until then the run goes
 * on, and nothing else of it begins. A forced cancel waits for nothing.
 *
 * Of a run that is paused nothing is decided, its end included, but for attempts that were written down as begun; what it waits for is asked
 * again when it is resumed. The same of one that is held behind a step, until that is passed or its checkpoint is run; but a hold keeps
 * nobody from ending it, and hides no incident.
 */
import { RunStatus } from '@stepwell/contracts';
import type { EndAction, ExecuteAction } from './actions.js';
import { undo } from './compensate.js';
import { type Advance, Decision } from './decision.js';
import type { StepFault } from './facts/step-fault.js';
import type { Body, Graph, GraphNode } from './graph/graph.js';
import { outerIteration } from './graph/iteration.js';
import { type Outcome, PENDING } from './graph/outcome.js';
import { closingOf } from './kinds/cancel-branches.js';
import { kindOf } from './kinds/index.js';
import { type Ending, type Hold, type NodeState, openBelow, type RunState } from './run-state.js';

const AT_RUN = { path: '', iteration: '', attempt: 0 } as const;

const advance: Advance = (node, iteration, decision) => {
  const own = decision.state.nodes.get(node.path, iteration);
  if (own?.isBroken && own.fault) return failed(node, iteration, { status: 'failed', fault: own.fault });
  if (own && node.bodies.length > 0 && hasCanceled(own) && !decision.leave(node.path, iteration, node.bodies.filter((body) => isGivenUp(body, own)))) return PENDING; // prettier-ignore
  const outcome = kindOf(node).advance(node, iteration, decision, own);
  return outcome.status === 'failed' ? failed(node, iteration, outcome) : outcome;
};

/** Says which node failed first. */
function failed({ path }: GraphNode, iteration: string, { fault }: Outcome & { status: 'failed' }): Outcome {
  return { status: 'failed', fault: fault.path === undefined ? { ...fault, path, iteration } : fault };
}

/**
 * @param now milliseconds since 1970; decides which timers are due
 * @param held see `Decision.held`
 * @returns a decision without actions or waits when the run has not begun or has ended
 */
export function decide(graph: Graph, state: RunState, now: number, held?: ReadonlySet<string>): Decision {
  const decision = new Decision(state, now, advance, held);
  if (state.status !== RunStatus.running) return decision;
  const end = endOf(graph, state, decision);
  if (state.isPaused || isHeld(state)) {
    const begun = decision.actions.filter((action) => action.type === 'execute' && isBegun(action, state));
    const incidents = decision.waits.filter(({ reason }) => reason === 'incident');
    decision.forget({ actions: 0, waits: 0 });
    decision.actions.push(...begun);
    if (isHeld(state)) {
      decision.waits.push(...incidents);
      decision.wait('checkpoint');
    }
    return decision;
  }
  if (!end) return decision;
  // A failure ends the run whatever its other branches are doing: the end closes them.
  decision.forget({ actions: 0, waits: 0 });
  decision.actions.push(end);
  return decision;
}

/** Nothing of it begins, and it does not complete: it has come to an output behind which it is stopped, or somebody is to be asked. */
function isHeld(state: RunState): boolean {
  return state.holds.size > 0 && !state.ending && !endingOf(state);
}

/** The first output behind which somebody is to be asked whether the run goes on. */
export function nextToAsk(state: RunState): Hold | undefined {
  return state.isPaused || !isHeld(state) ? undefined : [...state.holds.values()].find(({ isStopped }) => !isStopped);
}

function endOf(graph: Graph, state: RunState, decision: Decision): EndAction | undefined {
  let ending = state.ending ?? endingOf(state);
  if (!ending) {
    const outcome = decision.advanceBody(graph.root, '');
    if (outcome.status === 'pending') return undefined;
    if (outcome.status === 'completed') return { type: 'end', ...outcome };
    ending = outcome;
  }
  decision.forget({ actions: 0, waits: 0 });
  if (state.cancel?.isForced || (decision.leave('', '', [graph.root]) && undo(graph, decision))) return { type: 'end', ...ending };
  if (state.ending) return undefined;
  decision.forget({ actions: 0, waits: 0 });
  const effects = closingOf(openBelow(state, '', ''), 'The run that started this one is being ended.');
  decision.record(undefined, '', 'ending', [{ ...AT_RUN, type: 'ending.began', payload: { ...ending }, effects }]);
  return undefined;
}

function endingOf({ fault, cancel }: RunState): Ending | undefined {
  if (fault) return { status: 'failed', fault };
  return cancel && { status: 'canceled', reason: cancel.reason };
}

/** How a node stands, for reading its output; decides nothing. */
export function outcomeOf(node: GraphNode, iteration: string, state: RunState): Outcome {
  return advance(node, iteration, new Decision(state, 0, advance));
}

/** What a sequence has come to, for reading it; decides nothing. */
export function outcomeOfBody(body: Body, iteration: string, state: RunState): Outcome {
  return new Decision(state, 0, advance).advanceBody(body, iteration);
}

/** Why what a handler still gives is discarded; undefined while it is wanted. */
export function whyNotNeeded(action: ExecuteAction, state: RunState): string | undefined {
  if (isOvertaken(action, state)) return 'The time of the step is over.';
  return isCanceled(action.node, action.iteration, state) ? 'Its run or branch was canceled, or has failed.' : undefined;
}

/** True for an attempt that was written down before its handler begins. */
export function isBegun({ node, iteration }: Pick<ExecuteAction, 'node' | 'iteration'>, state: RunState): boolean {
  return state.nodes.get(node.path, iteration)?.phase === 'begun';
}

/** True when a node has come to something without this entry of its handler: its time is over. What stands in for it is no such entry. */
function isOvertaken({ node, iteration, standIn }: Pick<ExecuteAction, 'node' | 'iteration' | 'standIn'>, state: RunState): boolean {
  const phase = state.nodes.get(node.path, iteration)?.phase;
  return standIn === undefined && (phase === 'failed' || phase === 'breached' || phase === 'completed');
}

/** What failed before a branch, and is dealt with in it: a catch has such a failure, a finally may have one. */
export function failureBefore(body: Body, iteration: string, state: RunState): StepFault | undefined {
  return body.owner && kindOf(body.owner).failureBefore?.(body.owner, body, iteration, new Decision(state, 0, advance));
}

/** True when nobody needs what the node would still give: it stands in something that failed or was canceled, with no shield between. */
export function isCanceled(node: GraphNode, iteration: string, state: RunState): boolean {
  // No generator: it is asked at the end of each entry.
  for (let body: Body | undefined = node.parent; body; body = body.owner?.parent) {
    const { owner, isShielded } = body;
    const own = owner && state.nodes.get(owner.path, outerIteration(iteration, owner.loops.length));
    if (own && isGivenUp(body, own)) return true;
    if (isShielded) return false;
  }
  return (state.ending ?? endingOf(state)) !== undefined;
}

/** A screen that is decided needs what its escalation runs no more. */
function hasCanceled({ phase, winner, taskId }: NodeState): boolean {
  return phase === 'failed' || winner !== undefined || (phase === 'completed' && taskId !== undefined);
}

/** True for the branches that their node needs no more: all of one that has failed, of a race all but the winner. */
function isGivenUp({ segment }: Body, own: NodeState): boolean {
  return hasCanceled(own) && segment !== own.winner;
}
