import { isTerminal, type Json, type RunStatus, type WaitReason } from '@stepwell/contracts';
import { type CheckpointContext, contextBehind, type Fact, fold } from '@stepwell/engine';
import type { RunView } from './stores/kit-store.js';

/** A run, as it stands when it is asked. */
export class RunUnderTest {
  /** @param existing the idempotency key had been used, and this is the run that used it first */
  constructor(
    readonly id: string,
    readonly existing: boolean,
    private readonly view: () => Promise<RunView>,
    private readonly facts: () => Promise<readonly Fact[]>,
  ) {}

  async status(): Promise<RunStatus> {
    return (await this.view()).status;
  }

  /** What it waits for; empty while it does not wait. */
  async waitsFor(): Promise<readonly WaitReason[]> {
    return (await this.view()).waitsFor;
  }

  /** Why it has failed, or has an incident; null otherwise. */
  async error(): Promise<{ readonly code: string; readonly message: string | null } | null> {
    const { errorCode: code, errorMessage: message } = await this.view();
    return code === null ? null : { code, message };
  }

  /** @throws Error when it has not completed, with how it stands */
  async output<T = Json>(): Promise<T> {
    const { status, waitsFor, workflow } = await this.view();
    if (status !== 'completed') throw new Error(`The run of "${workflow}" has no output: it ${await this.standing(status, waitsFor)}.`);
    const ended = (await this.facts()).find(({ type }) => type === 'run.ended');
    return (ended?.payload as { output?: T } | undefined)?.output ?? (null as T);
  }

  /** What it knows now. */
  async context(): Promise<CheckpointContext> {
    const facts = await this.facts();
    return contextBehind(fold(facts), facts.length);
  }

  /** Its facts, oldest first. */
  journal(): Promise<readonly Fact[]> {
    return this.facts();
  }

  private async standing(status: RunStatus, waitsFor: readonly WaitReason[]): Promise<string> {
    const error = await this.error();
    const why = error ? ` (${error.code}: ${error.message ?? 'no message'})` : '';
    if (isTerminal(status)) return `has ended as ${status}${why}`;
    return waitsFor.length > 0 ? `waits for ${waitsFor.join(', ')}${why}` : `is ${status}`;
  }
}
