import DataLoader from 'dataloader';
import type { RunObject } from '../runs/run.object.js';
import type { WorkflowGraphObject } from './graph.object.js';
import { type VersionKey, versionKey, type WorkflowReads } from './workflow-reads.js';
import type { ParkedVersionObject, WorkflowVersionObject } from './workflow.object.js';

/** A list of one workflow, so many long. */
interface ListKey {
  readonly workflow: string;
  readonly first: number;
}

/** What hangs on workflows and versions, in one statement per kind however many a page shows. */
export interface WorkflowLoaders {
  readonly versionsOf: DataLoader<ListKey, readonly WorkflowVersionObject[], string>;
  readonly latestRunsOf: DataLoader<ListKey, readonly RunObject[], string>;
  /** Of the whole tenant: asked once, whichever workflows a page shows. */
  readonly parked: DataLoader<'all', readonly ParkedVersionObject[]>;
  readonly graphOf: DataLoader<VersionKey, WorkflowGraphObject | null, string>;
}

export function workflowLoaders(reads: WorkflowReads, tenant: string): WorkflowLoaders {
  return {
    versionsOf: listLoader((workflows, first) => reads.versions(tenant, workflows, first)),
    latestRunsOf: listLoader((workflows, first) => reads.runs(tenant, workflows, first)),
    parked: new DataLoader(async (keys) => {
      const parked = await reads.parked(tenant);
      return keys.map(() => parked);
    }),
    graphOf: new DataLoader(
      async (keys) => {
        const graphs = await reads.graphs(tenant, keys);
        return keys.map((key) => graphs.get(versionKey(key)) ?? null);
      },
      { cacheKeyFn: versionKey },
    ),
  };
}

function listLoader<T>(read: (workflows: readonly string[], first: number) => Promise<ReadonlyMap<string, readonly T[]>>) {
  return new DataLoader<ListKey, readonly T[], string>(
    async (keys) => {
      const most = Math.max(...keys.map(({ first }) => first));
      const found = await read([...new Set(keys.map(({ workflow }) => workflow))], most);
      return keys.map(({ workflow, first }) => (found.get(workflow) ?? []).slice(0, first));
    },
    { cacheKeyFn: ({ workflow, first }) => `${workflow}#${first}` },
  );
}
