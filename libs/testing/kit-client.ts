import { type CheckpointOptions, type ClientInjectOptions, type ClientOptions, definitionOf, type Event, type Hosted, type InjectedNode, type InjectionOutcome, type Signal, type StartedRun, StepwellClient } from '@stepwell/sdk'; // prettier-ignore

export interface KitStarts {
  start(workflow: string, input: unknown, options: ClientOptions): Promise<StartedRun>;
  emit(event: string, payload: unknown, options: ClientOptions): Promise<string>;
  signal(runId: string, name: string, payload: unknown): Promise<unknown>;
  updateContext(runId: string, patch: unknown): Promise<unknown>;
  inject(runId: string, nodes: readonly InjectedNode[], options: ClientInjectOptions): Promise<InjectionOutcome>;
  runCheckpoint(checkpoint: string, overrideData: unknown): Promise<string>;
}

/** The client that handlers and services of the modules under test inject. */
export class KitClient extends StepwellClient {
  constructor(private readonly starts: KitStarts) {
    super();
  }

  start(workflow: Hosted | string, input: unknown, options: ClientOptions = {}): Promise<StartedRun> {
    return this.starts.start(typeof workflow === 'string' ? workflow : definitionOf(workflow).name, input, withoutManager(options));
  }

  async emit(event: Event<unknown> | string, payload: unknown, options: ClientOptions = {}): Promise<{ readonly eventId: string }> {
    const name = typeof event === 'string' ? event : event.name;
    return { eventId: await this.starts.emit(name, payload, withoutManager(options)) };
  }

  async signal(runId: string, { name }: Signal<object>, payload: unknown): Promise<void> {
    await this.starts.signal(runId, name, payload);
  }

  async updateContext(runId: string, patch: unknown): Promise<void> {
    await this.starts.updateContext(runId, patch);
  }

  inject(runId: string, nodes: readonly InjectedNode[], options: ClientInjectOptions = {}): Promise<InjectionOutcome> {
    return this.starts.inject(runId, nodes, options);
  }

  async runCheckpoint(checkpoint: string, { overrideData }: CheckpointOptions = {}): Promise<{ readonly runId: string }> {
    return { runId: await this.starts.runCheckpoint(checkpoint, overrideData) };
  }

  carryRun(): Promise<string> {
    return Promise.reject(new Error('The test kit is one installation; test a run that is carried to another one against two servers.'));
  }

  installation(): Promise<string> {
    return Promise.resolve('0'.repeat(16));
  }
}

function withoutManager(options: ClientOptions): ClientOptions {
  if (options.manager === undefined) return options;
  throw new Error('The client of the test kit takes no part in transactions; test a start with { manager } against the server.');
}
