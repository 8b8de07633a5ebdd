import type { IfNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';
import { conditionText } from './condition-text.js';

/** The first condition that holds picks the arm. The choice is a fact; the output is the arm's last result, `undefined` for no arm. */
export const ifKind: NodeKind<IfNode> = {
  kind: 'if',
  label: (definition) => definition.id,
  bodies: (definition) =>
    definition.arms.map(({ condition, nodes }, index) => ({
      segment: String(index),
      label: condition ? (conditionText(condition) ?? (index === 0 ? 'when' : 'else when')) : 'otherwise',
      nodes,
    })),

  mayTakeNone: (definition) => definition.arms.every((arm) => arm.condition),

  advance: (node, iteration, decision, state) => {
    const choice = state?.choice;
    if (choice === undefined) return decision.evaluate(node, iteration, 'choose');
    const body = node.bodies[choice];
    return body ? decision.advanceBody(body, iteration) : { status: 'completed', output: undefined };
  },

  evaluate: async (node, iteration, _purpose, { read }) => {
    const { arms } = node.definition;
    let choice = -1;
    for (let index = 0; index < arms.length && choice < 0; index++) {
      const condition = arms[index]?.condition;
      if (!condition || (await condition(read))) choice = index;
    }
    return [{ type: 'branch.chosen', path: node.path, iteration, attempt: 1, payload: { choice } }];
  },
};
