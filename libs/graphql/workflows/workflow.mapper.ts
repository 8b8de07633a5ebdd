import { columnNames, type HostedWorkflow, mermaid } from '@stepwell/engine';
import { formSchemaOf } from '@stepwell/sdk';
import type { WorkflowObject } from './workflow.object.js';

export function workflowObject({ definition, graph, processor }: HostedWorkflow): WorkflowObject {
  const { name, version, title, input } = definition;
  return {
    name,
    version,
    title,
    isEmitter: processor !== undefined,
    inputSchema: input ? formSchemaOf(input) : null,
    columns: columnNames(graph),
    mermaid: mermaid(graph),
  };
}
