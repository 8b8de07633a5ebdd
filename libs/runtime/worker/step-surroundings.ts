import type { StepNode } from '@stepwell/sdk';
import { type GraphNode, restricted, type RunReader } from '@stepwell/engine';
import type { Entry } from './entry.js';
import type { ActivationHandle } from './host.js';
import { NOTHING, type StepConfig, stepConfig } from './step-config.js';

/** What a step may read of its run, and its settings. */
export interface Surroundings {
  readonly read: RunReader;
  readonly config: StepConfig;
}

function isEmpty(config: object): boolean {
  for (const _ in config) return false;
  return true;
}

/**
 * Looks up what the step may know. From then on the entry keeps the secrets among it out of what is written down. Not a promise for a
 * workflow without settings: its handlers begin at once.
 *
 * @throws StepwellError SECRET_MISSING
 */
export function surroundingsOf(activation: ActivationHandle, entry: Entry): Surroundings | Promise<Surroundings> {
  const { host, run, readContext } = activation;
  const node = entry.action.node as GraphNode<StepNode>;
  const { access } = node.definition.policy;
  const read = restricted(readContext.at(node, entry.action.iteration), access, node.id);
  const { config } = host.catalog.ofRun(run).definition;
  if (isEmpty(config)) return { read, config: NOTHING };
  return stepConfig(config, access, host.secrets, node.id).then((known) => {
    entry.shield = known.shield;
    return { read, config: known };
  });
}
