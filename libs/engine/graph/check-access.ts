import { StepwellError } from '@stepwell/contracts';
import type { AccessPolicy } from '@stepwell/sdk';
import type { Graph, GraphNode } from './graph.js';

/** @throws StepwellError OPTION_INVALID for a step whose access names a node or a setting that is not there */
export function checkAccess(graph: Graph): void {
  for (const node of graph.byPath.values()) if (node.definition.kind === 'step') check(graph, node, node.definition.policy.access);
}

function check(graph: Graph, node: GraphNode, access: AccessPolicy | null): void {
  const refuse = (reason: string) =>
    new StepwellError('OPTION_INVALID', { where: `Workflow "${graph.workflow}", step "${node.id}"`, reason });
  const id = access?.results?.find((one) => !graph.byId.has(one));
  if (id !== undefined) throw refuse(`access.data.results names "${id}", but there is no such node.`);
  const settings = Object.keys(graph.definition.config);
  const key = access?.config?.find((one) => !settings.includes(one));
  if (key !== undefined) throw refuse(`access.config names "${key}", but the workflow's config has ${settings.join(', ') || 'nothing'}.`);
}
