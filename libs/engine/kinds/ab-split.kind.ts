import type { AbSplitNode } from '@stepwell/sdk';
import type { NodeKind } from '../graph/node-kind.js';
import { pickVariant } from '../policies/split.js';
import { conditionText } from './condition-text.js';

/** One of several variants, by lot. The choice is a fact, so that weights and hashes may change without changing a run. */
export const abSplitKind: NodeKind<AbSplitNode> = {
  kind: 'ab-split',
  label: (definition) => definition.id,
  bodies: ({ variants }) => {
    const labels = labelsOf(variants);
    const bodies = variants.flatMap(({ name, nodes }, index) => (nodes ? [{ segment: name, label: labels[index] ?? name, nodes }] : []));
    return bodies.length > 0 ? bodies : undefined;
  },
  mayTakeNone: ({ variants }) => variants.some(({ nodes }) => !nodes),
  options: ({ by, variants }) => {
    const rest = labelsOf(variants).filter((_label, index) => !variants[index]?.nodes);
    return { by: (by && conditionText(by)) ?? null, rest: rest.length > 0 ? rest.join(', ') : null };
  },

  advance: (node, iteration, decision, state) => {
    const choice = state?.choice;
    if (choice === undefined) return decision.evaluate(node, iteration, 'choose');
    const variant = node.definition.variants[choice]?.name ?? '';
    const body = node.bodies.find(({ segment }) => segment === variant);
    const outcome = body ? decision.advanceBody(body, iteration) : NOTHING;
    if (outcome.status !== 'completed') return outcome;
    return { status: 'completed', output: { variant, selectedVariant: variant, output: outcome.output ?? null } };
  },

  evaluate: async ({ definition, path }, iteration, _purpose, { read, workflow, lotOf }) => {
    const { id, by, variants } = definition;
    const key: unknown = by ? await by(read) : read.runId;
    if (typeof key !== 'string' || key === '')
      throw new Error(`who is split must be a text that is not empty; it is ${JSON.stringify(key)}.`);
    const weights = variants.map(({ weight }) => weight);
    const choice = pickVariant(lotOf(`${workflow}\0${id}\0${key}`), weights);
    return [{ type: 'branch.chosen', path, iteration, attempt: 1, payload: { choice, name: variants[choice]?.name ?? null } }];
  },
};

/** The name of each, and its share. */
function labelsOf(variants: AbSplitNode['variants']): string[] {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  return variants.map(({ name, weight }) => `${name} (${Math.round((weight / total) * 100)} %)`);
}

const NOTHING = { status: 'completed', output: null } as const;
