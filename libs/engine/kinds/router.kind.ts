import { StepwellError } from '@stepwell/contracts';
import { OTHERWISE, type RouterNode } from '@stepwell/sdk';
import { nodeFailed } from '../facts/node.facts.js';
import type { NodeKind } from '../graph/node-kind.js';
import { conditionText } from './condition-text.js';

/** One of several routes, by a value or by the first condition that holds. The choice is a fact; that none fits is a failure of the node. */
export const routerKind: NodeKind<RouterNode> = {
  kind: 'router',
  label: (definition) => definition.id,
  bodies: ({ routes }) =>
    routes.map(({ name, condition, nodes }) => {
      const asked = condition && conditionText(condition);
      return { segment: name, label: asked === undefined ? name : `${name}: ${asked}`, nodes };
    }),
  options: ({ value }) => ({ by: (value && conditionText(value)) ?? null }),

  advance: (node, iteration, decision, state) => {
    if (state?.fault) return { status: 'failed', fault: state.fault };
    const body = node.bodies[state?.choice ?? -1];
    return body ? decision.advanceBody(body, iteration) : decision.evaluate(node, iteration, 'choose');
  },

  evaluate: async ({ definition, path }, iteration, _purpose, { read }) => {
    const { id, routes, value } = definition;
    const asked = value && String(await value(read));
    let choice = routes.findIndex(({ name }) => name === asked);
    for (let index = 0; !value && choice < 0 && index < routes.length; index++) if (await routes[index]?.condition?.(read)) choice = index;
    if (choice < 0) choice = routes.findIndex(({ name }) => name === OTHERWISE);
    const { name } = routes[choice] ?? {};
    if (name !== undefined) return [{ type: 'branch.chosen', path, iteration, attempt: 1, payload: { choice, name } }];
    const what = asked === undefined ? 'has a condition that holds' : `is named "${asked}"`;
    const { code, message } = new StepwellError('ROUTE_UNMATCHED', { id, what });
    return [nodeFailed(path, iteration, { code, message, retryable: false })];
  },
};
