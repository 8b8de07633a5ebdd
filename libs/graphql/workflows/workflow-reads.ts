/** What the pages read about workflows beside what this process hosts: the versions of a tenant, and their runs. */
import { Inject, Injectable } from '@nestjs/common';
import { outline, WorkflowCatalog } from '@stepwell/engine';
import { parkedVersions } from '@stepwell/runtime';
import { latestRuns, listWorkflowVersions, readWorkflowVersions, type Sql } from '@stepwell/storage';
import { runObject } from '../runs/run.mapper.js';
import type { RunObject } from '../runs/run.object.js';
import { SQL } from '../wire/sql.js';
import type { WorkflowGraphObject } from './graph.object.js';
import { storedGraph, versionMarks } from './workflow.mapper.js';
import type { ParkedVersionObject, WorkflowVersionObject } from './workflow.object.js';

export interface VersionKey {
  readonly workflow: string;
  readonly version: number;
}

export const versionKey = ({ workflow, version }: VersionKey): string => `${workflow}@${version}`;

@Injectable()
export class WorkflowReads {
  constructor(
    @Inject(SQL) private readonly sql: Sql,
    private readonly catalog: WorkflowCatalog,
  ) {}

  /** @returns the versions of each workflow, newest first */
  async versions(tenant: string, workflows: readonly string[], first: number): Promise<ReadonlyMap<string, WorkflowVersionObject[]>> {
    const versions = new Map<string, WorkflowVersionObject[]>(workflows.map((name) => [name, []]));
    for (const { graph, ...row } of await listWorkflowVersions(this.sql, tenant, workflows, first))
      versions.get(row.workflow)?.push({ ...row, ...versionMarks(this.hosted(row)), graph: storedGraph(graph) });
    return versions;
  }

  parked(tenant: string): Promise<readonly ParkedVersionObject[]> {
    return parkedVersions(this.sql, tenant, this.catalog);
  }

  /** @returns the latest runs of each workflow, newest first */
  async runs(tenant: string, workflows: readonly string[], first: number): Promise<ReadonlyMap<string, RunObject[]>> {
    const requests = workflows.map((workflow) => ({ workflow, limit: first }));
    const runs = await latestRuns(this.sql, tenant, requests);
    return new Map(workflows.map((name, index) => [name, runs[index]?.map(runObject) ?? []]));
  }

  /** @returns the graphs by `versionKey`: of this build where it hosts the version, otherwise as it was registered */
  async graphs(tenant: string, keys: readonly VersionKey[]): Promise<ReadonlyMap<string, WorkflowGraphObject | null>> {
    const graphs = new Map<string, WorkflowGraphObject | null>();
    const others: VersionKey[] = [];
    for (const key of keys) {
      const hosted = this.hosted(key);
      if (hosted) graphs.set(versionKey(key), outline(hosted.graph));
      else others.push(key);
    }
    if (others.length > 0)
      for (const row of await readWorkflowVersions(this.sql, tenant, others)) graphs.set(versionKey(row), storedGraph(row.graph));
    return graphs;
  }

  private hosted({ workflow, version }: VersionKey) {
    return this.catalog.version(workflow, version);
  }
}
