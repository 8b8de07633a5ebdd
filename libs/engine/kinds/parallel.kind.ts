import type { Json } from '@stepwell/contracts';
import type { ParallelNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';
import type { Outcome } from '../graph/outcome.js';
import { cancelBranches } from './cancel-branches.js';

/**
 * Branches side by side. How it stands follows from its branches, so success writes no fact of its own. With a cap, the first branches
 * that are not done hold the places, in the order they are written. When a branch of a fail-fast fails, one fact says which fault was
 * the first and closes what the other branches have open; what was decided for them in this very decision is taken back.
 */
export const parallelKind: NodeKind<ParallelNode> = {
  kind: 'parallel',
  label: (definition) => definition.id,
  bodies: (definition) => definition.branches.map((branch) => ({ segment: branch.name, nodes: branch.nodes })),
  options: ({ mode, concurrency, branches }) => ({
    mode: mode === 'fail-fast' ? null : mode,
    concurrency: concurrency < branches.length ? concurrency : null,
  }),

  advance: (node, iteration, decision, state) => {
    const fault = state?.fault;
    if (fault) return { status: 'failed', fault };
    const { mode, concurrency } = node.definition;
    const mark = decision.mark();
    const output: Record<string, Json> = {};
    let pending = 0;
    for (const body of node.bodies) {
      if (pending >= concurrency) break;
      const outcome = decision.advanceBody(body, iteration);
      if (outcome.status === 'pending') pending++;
      else if (mode === 'collect-all') output[body.segment] = settled(outcome);
      else if (outcome.status === 'completed') output[body.segment] = outcome.output ?? null;
      else {
        decision.forget(mark);
        return cancelBranches(node, iteration, decision, outcome.fault);
      }
    }
    return pending > 0 ? { status: 'pending' } : { status: 'completed', output };
  },
};

function settled(outcome: Exclude<Outcome, { status: 'pending' }>): Json {
  return outcome.status === 'completed'
    ? { status: 'completed', output: outcome.output ?? null }
    : { status: 'failed', error: { code: outcome.fault.code, message: outcome.fault.message } };
}
