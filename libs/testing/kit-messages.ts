/** What is said to runs under test, checked as the services check it. */
import { type Actor, StepwellError } from '@stepwell/contracts';
import { type Fact, fold, type JournalStore, type RunState, type WorkflowCatalog } from '@stepwell/engine';
import {
  type Addressee,
  type CheckpointUse,
  injectionMessage,
  type PortableCheckpoint,
  type Said,
  signalMessage,
  updateMessage,
} from '@stepwell/runtime';
import type { ClientInjectOptions, InjectedNode, InjectionOutcome } from '@stepwell/sdk';
import { uuidV7 } from '@stepwell/storage';
import { heldMessage } from './held-checkpoint.js';
import { type RunView, TENANT } from './stores/kit-store.js';

interface Surroundings {
  readonly catalog: WorkflowCatalog;
  readonly view: (runId: string) => Promise<RunView>;
  /** Of the process that lives. */
  readonly journals: () => JournalStore;
  readonly wake: () => void;
}

export class KitMessages {
  constructor(private readonly around: Surroundings) {}

  async signal(runId: string, name: string, payload: unknown, by: Actor | null): Promise<void> {
    await this.say(runId, (to) => signalMessage(to, name, payload, by));
  }

  async updateContext(runId: string, patch: unknown, by: Actor | null): Promise<void> {
    await this.say(runId, (to, { input }) => updateMessage(to, input, { patch, by, reason: null }));
  }

  async inject(
    runId: string,
    nodes: readonly InjectedNode[],
    { idempotencyKey, iteration = '', at, position }: ClientInjectOptions,
    by: Actor | null,
  ): Promise<InjectionOutcome> {
    const key = idempotencyKey ?? null;
    const check = (to: Addressee, state: RunState) => {
      // There is no place left in its graph; that it has ended says more.
      if (state.status !== 'running') throw new StepwellError('RUN_ENDED', { id: runId, status: state.status });
      return injectionMessage(to, state, { nodes, at, position, iteration, key, by });
    };
    return { existing: !(await this.say(runId, check, key === null ? undefined : `injection:${key}`)) };
  }

  /** The run is held at a checkpoint, and that is run. @returns which run goes on */
  async goOn(checkpoint: PortableCheckpoint, use: CheckpointUse, now: number): Promise<string> {
    const { runId, nonce } = checkpoint;
    const check = (_to: Addressee, _state: RunState, facts: readonly Fact[]) =>
      heldMessage(checkpoint, this.around.catalog, facts, use, now);
    await this.say(runId, check, `checkpoint:${nonce}`);
    return runId;
  }

  /**
   * @param check makes a message of it, or says what is wrong with it; undefined when there is nothing to say
   * @returns false when there was nothing to say, or it had been said
   * @throws StepwellError RUN_ENDED
   */
  async say(
    runId: string,
    check: (to: Addressee, state: RunState, facts: readonly Fact[]) => Said | undefined | Promise<Said | undefined>,
    dedupeKey = uuidV7(),
  ): Promise<boolean> {
    const { catalog, view, journals, wake } = this.around;
    const { workflow, status } = await view(runId);
    const facts = (await journals().read([{ tenant: TENANT, id: runId }])).get(runId) ?? [];
    const said = await check({ id: runId, hosted: catalog.get(workflow) }, fold(facts), facts);
    if (!said) return false;
    const outcome = await journals().append({ tenant: TENANT, runId, dedupeKey, ...said });
    if (outcome.kind === 'run-ended') throw new StepwellError('RUN_ENDED', { id: runId, status });
    wake();
    return outcome.appended;
  }
}
