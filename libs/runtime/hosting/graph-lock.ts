/** The lock file of the graphs: `workflows/graph.lock.json`, written by `npm run graphs -- --update`. */
import { existsSync, readFileSync } from 'node:fs';
import { StepwellError } from '@stepwell/contracts';
import { changesSince, type GraphLock, type HostedWorkflow, type WorkflowCatalog } from '@stepwell/engine';

/**
 * @returns an empty lock when there is no such file
 * @throws StepwellError OPTION_INVALID when it is no lock
 */
export function readGraphLock(file: string): GraphLock {
  if (!existsSync(file)) return {};
  try {
    const lock = JSON.parse(readFileSync(file, 'utf8')) as GraphLock;
    const lists = Object.values(lock).flatMap((versions) => Object.values(versions));
    if (lists.every((nodes) => Array.isArray(nodes) && nodes.every((node) => typeof node === 'string'))) return lock;
    throw new Error('it does not have a list of nodes for each version');
  } catch (cause) {
    const reason = `it cannot be read: ${(cause as Error).message}. Take it from your version control, or write it anew: npm run graphs -- --update.`;
    throw new StepwellError('OPTION_INVALID', { where: file, reason }, { cause });
  }
}

/**
 * Also what the boot in production does: there, a graph that has changed under its number would meet runs of the old one.
 *
 * @throws StepwellError GRAPH_CHANGED
 */
export function refuseChangedGraphs(lock: GraphLock, catalog: WorkflowCatalog): void {
  for (const { definition, graph } of catalog.all()) {
    const changes = changesSince(lock[definition.name]?.[definition.version] ?? [], graph);
    if (isLocked(lock, definition) && changes.length > 0)
      throw new StepwellError('GRAPH_CHANGED', { workflow: definition.name, version: definition.version, changes: changes.join('; ') });
  }
}

/** @returns versions that were never written down */
export function unlocked(lock: GraphLock, catalog: WorkflowCatalog): readonly HostedWorkflow[] {
  return catalog.all().filter(({ definition }) => !isLocked(lock, definition));
}

function isLocked(lock: GraphLock, { name, version }: HostedWorkflow['definition']): boolean {
  return lock[name]?.[version] !== undefined;
}
