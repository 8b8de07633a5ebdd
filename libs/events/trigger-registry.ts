import { StepwellError } from '@stepwell/contracts';
import type { WorkflowCatalog } from '@stepwell/engine';
import { inTransaction, registerTriggers, type Trigger } from '@stepwell/storage';
import type pg from 'pg';

/** Tells the database what the hosted workflows listen to, so that any process can route (engine rule 6). */
export class TriggerRegistry {
  constructor(
    private readonly pool: pg.Pool,
    private readonly catalog: WorkflowCatalog,
  ) {}

  /**
   * At the start of a process, for each tenant. Listeners that are gone from the code are turned off.
   *
   * @throws StepwellError OPTION_INVALID when a workflow listens twice to one event
   */
  async register(tenant: string): Promise<void> {
    const hosted = this.catalog.current().map(({ definition: { name } }) => ({ workflow: name, version: this.newestOf(name) }));
    const triggers = this.triggers();
    await inTransaction(this.pool, (sql) => registerTriggers(sql, tenant, triggers, hosted));
  }

  private triggers(): Trigger[] {
    return this.catalog.current().flatMap(({ definition: { name, isDeprecated, startOn } }) => {
      if (isDeprecated) return [];
      const events = startOn.map((start) => start.event);
      const twice = events.find((event, index) => events.indexOf(event) < index);
      if (twice !== undefined) {
        throw new StepwellError('OPTION_INVALID', {
          where: `Workflow "${name}", startOn`,
          reason: `it listens to "${twice}" twice, but an event starts at most one run of a workflow. Make one on(...) of the two.`,
        });
      }
      return startOn.map((start) => ({ event: start.event, workflow: name, version: this.newestOf(name), once: start.once }));
    });
  }

  /** By it the database knows the newer build, whichever of its versions listens. */
  private newestOf(name: string): number {
    return this.catalog.versions(name)[0]?.definition.version ?? 0;
  }
}
