// What of a workflow is looked at, as it stands in the address: /workflows/strike-review?version=2
export interface WorkflowSearch {
  /** Absent: the hosted one. */
  readonly version?: number;
}

export function readWorkflowSearch({ version }: Record<string, unknown>): WorkflowSearch {
  return typeof version === 'number' && Number.isInteger(version) && version > 0 ? { version } : {};
}
