import type { NodeState, StateOf } from '../graph/graph-state.js';
import type { AnyStatus } from '../status/status-tone.js';
import { chainLine } from './escalations/escalation-words.js';
import type { RunStep } from './run.query.js';
import { shownStatus } from './shown-status.js';

/** What of several iterations says most of a node comes first: what needs a person, then what goes on. */
const LOUDEST: readonly AnyStatus[] = ['incident', 'failed', 'waiting', 'running', 'canceled', 'completed', 'skipped'];

/** @returns how each node of the graph stands, over all of its iterations */
export function graphStates(steps: readonly RunStep[]): StateOf {
  const byPath = new Map<string, RunStep[]>();
  for (const step of steps) byPath.set(step.path, [...(byPath.get(step.path) ?? []), step]);
  const states = new Map(
    [...byPath].map(([path, reached]): [string, NodeState] => {
      const state = undoing(byPath.get(`${path}/undo`)) ?? stateOf(reached);
      return [path, { ...state, note: counted(byPath.get(path.replace(ITEM_RUN, ''))) ?? state.note, chain: chainOf(reached) }];
    }),
  );
  return (path) => states.get(path);
}

/** Of the one that waits: several would be more than a node has room for, and the timeline has them. */
function chainOf(reached: readonly RunStep[]): NodeState['chain'] {
  const [open, ...others] = reached.filter(
    ({ status, escalations }) => (status === 'waiting' || status === 'running') && escalations.length > 0,
  );
  return open && others.length === 0 ? open.escalations.map(chainLine) : undefined;
}

/** The place of the runs of a for-each, behind its own. */
const ITEM_RUN = /\/each\/[^/]+\.run$/;

/** How far a for-each of runs is: not all of its runs are among the steps. */
function counted([owner, ...others]: readonly RunStep[] = []): string | undefined {
  if (!owner?.progress || others.length > 0) return undefined;
  const { done, total } = owner.progress;
  return total === null ? `${done} done` : `${done} of ${total}`;
}

/** A step that is undone, or is to be, looks like its undo, which stands beside it. */
function undoing(undos: readonly RunStep[] | undefined): NodeState | undefined {
  if (!undos?.every(({ kind }) => kind === 'compensation')) return undefined;
  const { status } = stateOf(undos);
  return { status, note: status === 'completed' ? 'undone' : 'undo' };
}

function stateOf(reached: readonly RunStep[]): NodeState {
  const status = LOUDEST.find((each) => reached.some((step) => shownStatus(step) === each)) ?? 'completed';
  const [only] = reached;
  if (reached.length === 1) return { status, note: only && only.attempts.length > 1 ? `×${only.attempts.length}` : undefined };
  const done = reached.filter((step) => step.status === 'completed').length;
  return { status, note: `${done} of ${reached.length}` };
}
