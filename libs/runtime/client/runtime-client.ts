import { DEFAULT_TENANT } from '@stepwell/access';
import { StepwellError } from '@stepwell/contracts';
import type { EventService } from '@stepwell/events';
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
import { managerSql, type Sql } from '@stepwell/storage';
import type { PortableCheckpoints } from '../runs/portable-checkpoints.js';
import type { RunSignals } from '../runs/run-signals.js';
import type { RunService } from '../runs/run.service.js';

/** The client of workflow modules, on the services that GraphQL and REST use. */
export class RuntimeClient extends StepwellClient {
  constructor(
    private readonly runs: RunService,
    private readonly events: EventService,
    private readonly signals: RunSignals,
    private readonly checkpoints: PortableCheckpoints,
  ) {
    super();
  }

  async start(workflow: Hosted | string, input: unknown, options: ClientOptions = {}): Promise<StartedRun> {
    const name = typeof workflow === 'string' ? workflow : definitionOf(workflow).name;
    const request = { ...aboutOf(options), workflow: name, input, session: options.session ?? null };
    const sql = transactionOf('start', options);
    return sql ? this.runs.startIn(sql, request) : this.runs.start(request);
  }

  async emit(event: Event<unknown> | string, payload: unknown, options: ClientOptions = {}): Promise<{ readonly eventId: string }> {
    const request = { ...aboutOf(options), name: typeof event === 'string' ? event : event.name, payload };
    const sql = transactionOf('emit', options);
    return sql ? this.events.emitIn(sql, request) : this.events.emit(request);
  }

  signal(runId: string, { name }: Signal<object>, payload: unknown, options: SignalOptions = {}): Promise<void> {
    return this.signals.send({ ...fromOf(options), runId, name, payload });
  }

  updateContext(runId: string, patch: unknown, options: SignalOptions = {}): Promise<void> {
    return this.signals.updateContext({ ...fromOf(options), runId, patch, reason: null });
  }

  async runCheckpoint(checkpoint: string, options: CheckpointOptions = {}): Promise<{ readonly runId: string }> {
    const { overrideData } = options;
    return { runId: await this.checkpoints.use({ ...fromOf(options), checkpoint, overrideData, reason: null }) };
  }

  carryRun(checkpoint: string, to: string, options: SignalOptions = {}): Promise<string> {
    return this.checkpoints.carry({ ...fromOf(options), checkpoint, to });
  }

  installation(): Promise<string> {
    return this.checkpoints.installation();
  }

  inject(runId: string, nodes: readonly InjectedNode[], options: ClientInjectOptions = {}): Promise<InjectionOutcome> {
    const { at, position, iteration = '', idempotencyKey: key = null } = options;
    return this.signals.inject({ ...fromOf(options), runId, nodes, at, position, iteration, key });
  }
}

function fromOf({ tenant = DEFAULT_TENANT, actor = undefined }: SignalOptions) {
  return { tenant, actor: actor ?? null };
}

function aboutOf({ tenant = DEFAULT_TENANT, actor, idempotencyKey }: ClientOptions) {
  return { tenant, actor: actor ?? null, idempotencyKey: idempotencyKey ?? null };
}

/** A manager without a transaction would commit the run by itself, which is not what its caller means. */
function transactionOf(call: string, { manager }: ClientOptions): Sql | undefined {
  if (manager === undefined) return undefined;
  if (manager.queryRunner?.isTransactionActive !== true) throw new StepwellError('TRANSACTION_NEEDED', { call });
  return managerSql(manager);
}
