import { DEFAULT_TENANT } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import {
  type CheckpointOptions,
  type ClientInjectOptions,
  type ClientOptions,
  definitionOf,
  type Event,
  type Hosted,
  type InjectedNode,
  type InjectionOutcome,
  type Signal,
  type SignalOptions,
  type StartedRun,
  StepwellClient,
} from '@stepwell/sdk';
import type { TenantClients } from './tenant-clients.js';
import { databaseOf, type TenantPlacement } from './tenant-placement.js';

/**
 * The client of workflow modules where there are several databases: what is said to a tenant goes to the database that has it. Only there is
 * it written, so a transaction of one database refuses what is for another (TENANT_ELSEWHERE): two databases have no commit in common.
 */
export class ClientByTenant extends StepwellClient {
  /**
   * @param here the client of this database
   * @param clients those of the others; a process in isolation has none, and refuses what is for them
   */
  constructor(
    private readonly here: StepwellClient,
    private readonly placement: TenantPlacement,
    private readonly clients: TenantClients | undefined,
  ) {
    super();
  }

  async start(workflow: Hosted | string, input: unknown, options: ClientOptions = {}): Promise<StartedRun> {
    return this.of(options, 'start').start(typeof workflow === 'string' ? workflow : definitionOf(workflow).name, input, options);
  }

  async emit(event: Event<unknown> | string, payload: unknown, options: ClientOptions = {}): Promise<{ readonly eventId: string }> {
    return this.of(options, 'emit').emit(typeof event === 'string' ? event : event.name, payload, options);
  }

  async signal(runId: string, signal: Signal<object>, payload: object, options: SignalOptions = {}): Promise<void> {
    return this.of(options, 'signal').signal(runId, signal, payload, options);
  }

  async updateContext(runId: string, patch: Readonly<Record<string, unknown>>, options: SignalOptions = {}): Promise<void> {
    return this.of(options, 'updateContext').updateContext(runId, patch, options);
  }

  async runCheckpoint(checkpoint: string, options: CheckpointOptions = {}): Promise<{ readonly runId: string }> {
    return this.of(options, 'runCheckpoint').runCheckpoint(checkpoint, options);
  }

  async carryRun(checkpoint: string, to: string, options: SignalOptions = {}): Promise<string> {
    return this.of(options, 'carryRun').carryRun(checkpoint, to, options);
  }

  /** Of this database: each is an installation to whom runs are carried. */
  installation(): Promise<string> {
    return this.here.installation();
  }

  async inject(runId: string, nodes: readonly InjectedNode[], options: ClientInjectOptions = {}): Promise<InjectionOutcome> {
    return this.of(options, 'inject').inject(runId, nodes, options);
  }

  private of({ tenant = DEFAULT_TENANT, manager }: ClientOptions, call: string): StepwellClient {
    const database = databaseOf(this.placement, tenant);
    if (database === this.placement.database) return this.here;
    if (manager !== undefined || !this.clients) {
      const reason =
        manager === undefined ? 'a process in isolation reaches one database only' : `the transaction is in "${this.placement.database}"`;
      throw new StepwellError('TENANT_ELSEWHERE', { call, tenant, database, reason });
    }
    return this.clients.of(database, tenant);
  }
}
