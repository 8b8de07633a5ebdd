import { type Json, StepwellError } from '@stepwell/contracts';
import { type SessionStore, UnknownOutcomeError } from '@stepwell/engine';
import type { SessionSnapshot, StepSession } from '@stepwell/sdk';
import { checkedOutput } from './checked-output.js';

export interface WorkerSessionParts {
  readonly store: SessionStore;
  readonly tenant: string;
  readonly stepId: string;
  /** The same whenever this entry of the step is repeated, and another one than those of its entries before and after it. */
  readonly entryKey: string;
  readonly signal: AbortSignal;
  /** Writes what a change may follow from: others see it at once. @returns false when the attempt is over */
  readonly catchUp: () => Promise<boolean>;
  /** @throws StepwellError where nothing may be changed */
  readonly refuseHere: (call: string) => void;
  /** @throws StepwellError SECRET_EXPOSED */
  readonly check: (data: Json) => void;
}

/** The session of a run, for one entry of a step: its changes are counted. */
export class WorkerSession implements StepSession {
  private changes = 0;

  constructor(
    readonly name: string,
    private readonly parts: WorkerSessionParts,
  ) {}

  async get<T>(): Promise<SessionSnapshot<T>> {
    const { data, version } = await this.read(null);
    return { data: data as T, version };
  }

  /** Whether or not the handler awaits it, no rejection of it goes unheard. */
  update<T>(change: (data: T) => T): Promise<SessionSnapshot<T>> {
    const made = this.make(change);
    made.catch(() => undefined);
    return made;
  }

  private async make<T>(change: (data: T) => T): Promise<SessionSnapshot<T>> {
    const { store, tenant, stepId, entryKey, signal, catchUp, refuseHere, check } = this.parts;
    refuseHere('session.update');
    const key = `${entryKey}:${++this.changes}`;
    if (!(await catchUp())) {
      signal.throwIfAborted();
      throw new Error('The attempt was over before its change was made.');
    }
    for (;;) {
      signal.throwIfAborted();
      const { data, version, isCompleted, isMade } = await this.read(key);
      if (isMade) return { data: data as T, version };
      if (isCompleted) throw new StepwellError('SESSION_CLOSED', { name: this.name, state: 'completed', what: 'change' });
      const next = await checkedOutput(`${stepId} → session`, change(data as T), null);
      check(next);
      const made = await known(store.change({ tenant, name: this.name }, key, version, next));
      if (made !== undefined) return { data: next as T, version: made };
    }
  }

  private async read(key: string | null) {
    const { store, tenant } = this.parts;
    const found = await known(store.read({ tenant, name: this.name }, key));
    if (!found) throw new StepwellError('SESSION_NOT_FOUND', { name: this.name });
    return found;
  }
}

/** A database that is away counts for nothing: the attempt is neither an output nor a failure. */
function known<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((cause: unknown) => {
    throw new UnknownOutcomeError('The session cannot be reached.', { cause });
  });
}
