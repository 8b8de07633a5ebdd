import type { ParkedVersion, WorkflowCatalog } from '@stepwell/engine';
import { type Sql, waitingVersions } from '@stepwell/storage';

export interface ParkedRuns extends ParkedVersion {
  /** How many runs of the tenant wait for it, among the oldest of each status. */
  readonly runs: number;
}

/** The versions whose runs nobody takes: this process has parked them, or has them not, and no worker that lives has them either. */
export async function parkedVersions(sql: Sql, tenant: string, catalog: WorkflowCatalog): Promise<readonly ParkedRuns[]> {
  const waiting = await waitingVersions(sql, tenant);
  const parked = catalog.parked().map((one) => {
    const found = waiting.find(({ workflow, version }) => workflow === one.workflow && version === one.version);
    return { ...one, runs: found?.runs ?? 0 };
  });
  const unhosted = waiting.filter(({ workflow, version, isServed }) => !isServed && !catalog.version(workflow, version));
  return [
    ...parked,
    ...unhosted.map(({ workflow, version, runs }) => ({ workflow, version, runs, reason: unhostedWords(workflow, version, catalog) })),
  ];
}

function unhostedWords(workflow: string, version: number, catalog: WorkflowCatalog): string {
  const planned = catalog.versions(workflow).find(({ definition }) => definition.migrations.some(({ from }) => from === version));
  const orMigrate = planned ? `, or migrate them to version ${planned.definition.version}, which has a plan for them` : '';
  return `No worker has version ${version} of "${workflow}". Its runs wait for one: host that version beside the newer ones${orMigrate}.`;
}
