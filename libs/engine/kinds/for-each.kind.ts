import { findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import type { ForEachNode } from '@stepwell/sdk';
import { innerIteration } from '../graph/iteration.js';
import type { NodeKind } from '../graph/node-kind.js';
import { cancelBranches } from './cancel-branches.js';

/**
 * The branch once per item, each under an iteration of its own. The list is a fact, so a restart and a later deploy go over the same one.
 * With a cap, the first items that are not done hold the places. How many are done from the front is remembered in the state, as a
 * sequence remembers its head, so that a long list is not walked again from its start.
 */
export const forEachKind: NodeKind<ForEachNode> = {
  kind: 'for-each',
  label: (definition) => definition.id,
  bodies: (definition) => [{ segment: 'each', label: 'each item', nodes: definition.nodes, repeats: true }],
  mayTakeNone: () => true,
  options: ({ concurrency }) => ({ concurrency }),

  advance: (node, iteration, decision, state) => {
    if (state?.fault) return { status: 'failed', fault: state.fault };
    if (!state?.items) return decision.evaluate(node, iteration, 'list');
    const [body] = node.bodies;
    const head = (decision.state.progress.get(node.path, iteration)?.output ?? []) as Json[];
    const mark = decision.mark();
    let pending = 0;
    for (let index = head.length; body && index < state.items.length && pending < node.definition.concurrency; index++) {
      const outcome = decision.advanceBody(body, innerIteration(iteration, index));
      if (outcome.status === 'failed') {
        decision.forget(mark);
        return cancelBranches(node, iteration, decision, outcome.fault);
      }
      if (outcome.status === 'pending') pending++;
      else if (pending === 0) head.push(outcome.output ?? null);
    }
    decision.state.progress.set(node.path, iteration, { index: head.length, output: head });
    return pending > 0 ? { status: 'pending' } : { status: 'completed', output: head };
  },

  evaluate: async (node, iteration, _purpose, { read }) => {
    const { id, items } = node.definition;
    const list: unknown = await items(read);
    if (!Array.isArray(list))
      throw new StepwellError('OPTION_INVALID', { where: `forEach "${id}"`, reason: 'its list must be an array; it is none.' });
    const bad = findNonJson(list, 'items');
    if (bad) throw new StepwellError('OUTPUT_NOT_JSON', { id, path: bad.path, reason: bad.reason });
    return [{ type: 'items.listed', path: node.path, iteration, attempt: 1, payload: { items: list as Json[] } }];
  },
};
