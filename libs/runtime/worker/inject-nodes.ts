import { StepwellError } from '@stepwell/contracts';
import type { GraphNode, NodesToInject } from '@stepwell/engine';
import type { InjectedNode, InjectOptions, StepNode } from '@stepwell/sdk';
import { checkedInjection } from '../runs/checked-injection.js';
import type { Entry } from './entry.js';
import type { ActivationHandle } from './host.js';

/**
 * What a step injects, checked as the run stands; it is applied with the step's output.
 *
 * @param before what the same attempt has injected before
 * @throws StepwellError as `checkedInjection`; SECRET_EXPOSED; OPTION_INVALID in a step that may not inject
 */
export async function nodesToInject(
  activation: ActivationHandle,
  entry: Entry,
  nodes: readonly InjectedNode[],
  { at, position }: InjectOptions,
  before: readonly NodesToInject[],
): Promise<NodesToInject> {
  const { node, iteration } = entry.action as { node: GraphNode<StepNode>; iteration: string };
  const { externalEffect, idempotency, cache } = node.definition.policy;
  // Another run would have its output, or a person say what it is, and nothing would be injected.
  if (externalEffect || idempotency || cache) throw notHere(node, 'a step with externalEffect, idempotency or cache');
  entry.shield.check(nodes, `What step "${node.id}" injects`);
  const hosted = activation.host.catalog.ofRun(activation.run);
  const read = activation.readContext.at(node, iteration);
  const iterationOf = (other: GraphNode) => (other.path === node.path ? iteration : read.iterationOf(other));
  return checkedInjection(hosted, activation.state, { nodes, at, position }, { node, iterationOf, before });
}

export function notHere(node: GraphNode, what: string): StepwellError {
  const reason = `${what} injects nothing. Do that in a step of its own.`;
  return new StepwellError('OPTION_INVALID', { where: `Step "${node.id}"`, reason });
}
