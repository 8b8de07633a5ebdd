/**
 * The order of start and stop. Start: partitions, registration of this build's workflows, then the loops that do work. Stop: loops first,
 * so that nothing new begins, then the connections.
 */
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { logLine } from '@stepwell/contracts';
import { ChangeFeed, type HostedWorkflow, outline, WakeUpQueue } from '@stepwell/engine';
import { ensurePartitions, pgSql, registerWorkflows, type Sql, type WorkflowVersionRow } from '@stepwell/storage';
import { DecisionSealer, sealKeys } from '@stepwell/tasks';
import { DataSource } from 'typeorm';
import { Connections } from './connections.js';
import { HandlerRegistry } from './hosting/handler-registry.js';
import { checkLinks } from './hosting/link-check.js';
import { graphFingerprint } from './hosting/graph-fingerprint.js';
import { HOSTED_MODULES, type HostedModules } from './hosting/hosted-workflows.js';
import { parkedVersions } from './hosting/parked-versions.js';
import { schemaDrift } from './hosting/schema-drift.js';
import { RUNTIME_OPTIONS, type RuntimeOptions } from './runtime-options.js';
import { RuntimeLoops } from './runtime-loops.js';
import { TRACING } from './tracing/start-tracing.js';
import type { Tracing } from './tracing/tracing.js';

@Injectable()
export class RuntimeLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Runtime');
  private readonly sql: Sql;
  private readonly sealer: DecisionSealer;

  constructor(
    private readonly connections: Connections,
    @Inject(RUNTIME_OPTIONS) private readonly options: RuntimeOptions,
    private readonly dataSource: DataSource,
    @Inject(HOSTED_MODULES) private readonly hosted: HostedModules,
    private readonly handlers: HandlerRegistry,
    private readonly loops: RuntimeLoops,
    private readonly wakeUps: WakeUpQueue,
    private readonly changes: ChangeFeed,
    @Inject(TRACING) private readonly tracing: Tracing | null,
  ) {
    this.sql = pgSql(connections.engine);
    this.sealer = new DecisionSealer(connections.engine, changes, sealKeys(options.provenanceKey)[0], (tenant, error) =>
      this.logger.warn(logLine(`Decisions could not be sealed; it is tried again with the next one: ${String(error)}`, { tenant })),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    // A child of a process that has done all this.
    if (this.options.roles.includes('isolated')) return this.loops.start();
    await checkLinks(this.hosted.catalog, this.handlers);
    await ensurePartitions(this.sql);
    // Only told: while versions change, an older process may well meet newer tables.
    for (const line of await schemaDrift(this.dataSource, this.hosted.entities)) this.logger.warn(line);
    for (const tenant of this.options.tenants) await this.register(tenant);
    await this.loops.start();
    if (this.options.roles.includes('api')) await this.sealer.start(this.options.tenants);
    for (const tenant of this.options.tenants) await this.tellParked(tenant);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.loops.stop();
    await this.sealer.stop();
    await this.tracing?.stop();
    await this.changes.close();
    await this.wakeUps.close();
    await this.dataSource.destroy();
    await this.connections.close();
  }

  private async register(tenant: string): Promise<void> {
    const changed = await registerWorkflows(this.sql, tenant, this.hosted.catalog.served().map(versionRow));
    for (const { workflow, version } of changed) {
      this.logger.warn(
        logLine(
          `The graph of "${workflow}" has changed, but its version is still ${version}. Raise the version when runs of the old graph may be waiting.`,
          { tenant },
        ),
      );
    }
    await this.loops.register(tenant);
  }

  /** Said at each start of a process: nobody may be looking at the pages. */
  private async tellParked(tenant: string): Promise<void> {
    for (const { runs, reason } of await parkedVersions(this.sql, tenant, this.hosted.catalog))
      this.logger.warn(logLine(`Parked, with ${runs} ${runs === 1 ? 'run' : 'runs'} of tenant "${tenant}": ${reason}`, { tenant }));
  }
}

function versionRow({ definition, graph, processor }: HostedWorkflow): WorkflowVersionRow {
  return {
    workflow: definition.name,
    version: definition.version,
    title: definition.title,
    kind: processor === undefined ? 'workflow' : 'emitter',
    fingerprint: graphFingerprint(graph),
    graph: JSON.stringify(outline(graph)),
  };
}
