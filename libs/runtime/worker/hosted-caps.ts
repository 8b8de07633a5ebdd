/** The caps of the workflows that a worker hosts: tells the database, and looks after the permits. A worker without any pays nothing. */
import type { CapRow, HostedWorkflow, RunLeases, WorkflowCatalog } from '@stepwell/engine';
import type { WorkerLog } from './host.js';

/** How often to look for permits that nobody can be holding. One statement a minute, and only where there are caps. */
export const PERMITS_EVERY_MS = 60_000;

export class HostedCaps {
  /** Hosted workflows have a cap; or had one, and runs of that time may be queued. */
  areThere = false;

  constructor(
    private readonly leases: RunLeases,
    private readonly catalog: WorkflowCatalog,
    private readonly log: WorkerLog,
  ) {}

  async register(): Promise<void> {
    this.areThere = (await this.leases.registerCaps(this.catalog.current().map(capRow))) > 0;
  }

  /** Whether the end of a run of this workflow, or its wait, may be what another run is queued for. */
  hasCap(workflow: string): boolean {
    return this.areThere && this.catalog.get(workflow)?.definition.cap !== undefined;
  }

  /** Frees permits that nobody can be holding. There should never be one, so each is told. */
  async sweep(): Promise<void> {
    for (const { run_id: runId, ...gate } of await this.leases.sweepPermits())
      this.log.warn('A permit was held by a run that is not at work; it was freed', { runId, ...gate });
  }
}

function capRow({ definition: { name, cap } }: HostedWorkflow): CapRow {
  return { workflow: name, capacity: cap?.limit ?? null, heldUntil: cap?.heldUntil ?? 'wait' };
}
