/**
 * Folds a recorded journal with the workflow as it is now, and compares fact by fact: each must be one that this definition would have
 * written there. A journal from production that passes may go on under this definition.
 */
import { isTerminal } from '@stepwell/contracts';
import { type Action, apply, compile, decide, type EndAction, emptyState, type Fact, type Graph, type RunState } from '@stepwell/engine';
import { definitionOf, type Hosted } from '@stepwell/sdk';

/** Facts that may come at any time: somebody said something, or a closed attempt came back. */
const ANY_TIME = new Set([
  ...['attempt.discarded', 'message.ignored', 'cancel.requested', 'async-result.settled', 'retry.started'],
  ...['nodes.injected', 'injection.refused'],
]);

/**
 * @param facts as `RunUnderTest.journal()` gives them, or as they were read from the table `journal`
 * @throws Error that names the first fact that this definition would not have written, and what it would have done instead
 */
export function replayJournal(workflow: Hosted, facts: readonly Fact[]): RunState {
  const graph = compile(definitionOf(workflow));
  const state = emptyState();
  for (const [index, fact] of facts.entries()) {
    if (fact.seq !== index + 1) throw wrong(graph, fact, `fact ${index + 1} is missing`);
    if (index === 0 && fact.type !== 'run.started') throw wrong(graph, fact, 'a journal begins with "run.started"');
    if (index > 0) compare(graph, state, fact);
    apply(state, fact);
  }
  return state;
}

function compare(graph: Graph, state: RunState, fact: Fact): void {
  if (ANY_TIME.has(fact.type)) return;
  if (isTerminal(state.status)) throw wrong(graph, fact, 'the run has ended before it');
  const { actions } = decide(graph, state, fact.at);
  if (fact.type === 'run.ended') {
    const end = actions.find((action): action is EndAction => action.type === 'end');
    const { status } = fact.payload as { status?: string };
    if (end?.status === status) return;
    throw wrong(graph, fact, end ? `the run would end as ${end.status}, not as ${status ?? '?'}` : `the run would go on: ${next(actions)}`);
  }
  if (fact.path !== '' && !graph.byPath.has(fact.path)) throw wrong(graph, fact, `there is no node at "${fact.path}"`);
  const isOpen = [...state.nodes.values()].some((node) => node.path === fact.path && node.iteration === fact.iteration);
  const isDecided = actions.flatMap(placesOf).some((place) => place.path === fact.path && place.iteration === fact.iteration);
  if (!isOpen && !isDecided) throw wrong(graph, fact, `nothing would happen at "${fact.path}" there; what would is ${next(actions)}`);
}

function next(actions: ReturnType<typeof decide>['actions']): string {
  const words = actions.flatMap((action) =>
    action.type === 'end' ? [`the end as ${action.status}`] : placesOf(action).map(({ path }) => `"${path}"`),
  );
  return words.join(', ') || 'nothing';
}

function placesOf(action: Action): readonly { readonly path: string; readonly iteration: string }[] {
  if (action.type === 'end') return [];
  return action.type === 'record' ? action.facts : [{ path: action.node.path, iteration: action.iteration }];
}

function wrong({ workflow }: Graph, { seq, type, path }: Fact, why: string): Error {
  const at = path === '' ? '' : ` at "${path}"`;
  return new Error(`The journal is not one of "${workflow}" as it is now: fact ${seq} (${type}${at}) does not fit, for ${why}.`);
}
