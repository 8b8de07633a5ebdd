import type { Fact } from './facts/fact.js';
import { FACT_TYPES } from './facts/index.js';
import { runMigrated } from './facts/migration.facts.js';
import { emptyState, hasSettled, type RunState } from './run-state.js';

/**
 * Applies one fact. Changes `state` in place and returns it: the state belongs to one activation.
 *
 * @throws Error when the fact's type is unknown to this build, or the journal has a gap: then this build must not go on with the run
 */
export function apply(state: RunState, fact: Fact): RunState {
  const type = FACT_TYPES.get(fact.type);
  if (!type)
    throw new Error(
      `The journal holds a fact of type "${fact.type}", which this version does not know. Use the version that wrote it, or a newer one.`,
    );
  if (fact.version > type.version) {
    throw new Error(
      `The journal holds version ${fact.version} of the fact "${fact.type}", this version knows ${type.version}. Use the version that wrote it, or a newer one.`,
    );
  }
  if (fact.seq !== state.lastSeq + 1) throw new Error(`The journal has a gap: fact ${fact.seq} follows fact ${state.lastSeq}.`);
  const before = state.nodes.get(fact.path, fact.iteration)?.phase;
  type.apply(state, fact);
  const node = state.nodes.get(fact.path, fact.iteration);
  if (node && node.phase !== before && hasSettled(node)) {
    node.endedSeq = fact.seq;
    if (node.phase !== 'failed') state.saved.delete(fact.path, fact.iteration);
  }
  if (fact.type !== runMigrated.type) state.beforeMigration = undefined;
  state.lastSeq = fact.seq;
  return state;
}

/** The state of a run from its whole journal. */
export function fold(facts: Iterable<Fact>, state: RunState = emptyState()): RunState {
  for (const fact of facts) apply(state, fact);
  return state;
}
