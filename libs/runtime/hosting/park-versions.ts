/**
 * Before anything is claimed: every run that waits must find the node that it waits at. A version whose graph has changed under its number
 * keeps the graph that it was registered with as long as runs wait at a node that is gone from it: it is parked, so that no worker takes
 * its runs, and it says so. All others serve.
 */
import { type Fact, fold, type GraphOutline, type HostedWorkflow, openNodes, outline, type WorkflowCatalog } from '@stepwell/engine';
import { readJournals, readWorkflowVersions, runsAt, type Sql } from '@stepwell/storage';

/** Runs that are asked for at a time. It takes one that waits at such a node to park its version; most are found with the first. */
const PAGE = 200;

export async function parkVersions(sql: Sql, tenants: readonly string[], catalog: WorkflowCatalog): Promise<void> {
  for (const tenant of tenants) {
    const versions = catalog.served().map(({ definition: { name, version } }) => ({ workflow: name, version }));
    for (const { workflow, version, graph } of await readWorkflowVersions(sql, tenant, versions)) {
      const hosted = catalog.version(workflow, version);
      const gone = hosted && isOutline(graph) ? goneFrom(hosted, graph) : [];
      const at = gone.length > 0 ? await whereRunsWait(sql, tenant, { workflow, version }, gone) : undefined;
      if (at !== undefined) catalog.park({ workflow, version, reason: reasonOf(workflow, version, at) });
    }
  }
}

/** Early versions were registered without one. */
function isOutline(graph: unknown): graph is GraphOutline {
  return typeof graph === 'object' && graph !== null && 'edges' in graph;
}

/** Paths at which a run of the registered graph may wait, and where this build has nothing of that kind. */
function goneFrom({ graph }: HostedWorkflow, registered: GraphOutline): string[] {
  const kinds = new Map(outline(graph).nodes.map(({ path, kind }) => [path, kind]));
  return registered.nodes.flatMap(({ path, kind }) => (kinds.get(path) === kind ? [] : [path]));
}

async function whereRunsWait(
  sql: Sql,
  tenant: string,
  version: { readonly workflow: string; readonly version: number },
  gone: readonly string[],
): Promise<string | undefined> {
  for (let after: string | undefined; ;) {
    const ids = await runsAt(sql, tenant, version, gone, { limit: PAGE, after });
    // One after the other: the first one that waits there is enough, and a journal may be large.
    for (const id of ids) {
      const facts = (await readJournals(sql, [{ tenant, id }])).get(id) ?? [];
      const open = openAt(facts, gone);
      if (open !== undefined) return open;
    }
    if (ids.length < PAGE) return undefined;
    after = ids.at(-1);
  }
}

function openAt(facts: readonly Fact[], paths: readonly string[]): string | undefined {
  try {
    return openNodes(fold(facts)).find(({ path }) => paths.includes(path))?.path;
  } catch {
    // A newer version has written something that this one does not know: no worker of this build advances that run either.
    return undefined;
  }
}

function reasonOf(workflow: string, version: number, path: string): string {
  const what = `Runs of version ${version} of "${workflow}" wait at "${path}", which this build of that version has not, or not of that kind.`;
  return `${what} Give the changed graph a higher version, and host version ${version} beside it as it was.`;
}
