import type { Json } from '@stepwell/contracts';
import { columnNames, eventsThatCancel, type HostedWorkflow, mermaid, outline } from '@stepwell/engine';
import { formSchemaOf } from '@stepwell/sdk';
import type { WorkflowGraphObject } from './graph.object.js';
import type { WorkflowObject, WorkflowVersionObject } from './workflow.object.js';

export function workflowObject({ definition, graph, processor }: HostedWorkflow): WorkflowObject {
  const { name, version, title, input, startOn } = definition;
  return {
    name,
    version,
    title,
    isEmitter: processor !== undefined,
    inputSchema: input ? formSchemaOf(input) : null,
    columns: columnNames(graph),
    graph: outline(graph),
    mermaid: mermaid(graph),
    startOn: [...new Set(startOn.map(({ event }) => event))],
    cancelOn: eventsThatCancel(graph),
  };
}

/** What the code of this process says of a version; nothing when it has it not. */
export function versionMarks(
  hosted: HostedWorkflow | undefined,
): Omit<WorkflowVersionObject, 'version' | 'title' | 'registeredAt' | 'graph'> {
  const { isDeprecated = false, canary, migrations = [] } = hosted?.definition ?? {};
  const canaryPercent = canary ? canary.share * 100 : null;
  return { isHosted: hosted !== undefined, isDeprecated, canaryPercent, migratesFrom: migrations.map(({ from }) => from) };
}

/** A graph as a build registered it; early ones kept no more than paths. */
export function storedGraph(graph: Json): WorkflowGraphObject | null {
  const isOutline = typeof graph === 'object' && graph !== null && 'edges' in graph;
  return isOutline ? (graph as unknown as WorkflowGraphObject) : null;
}
