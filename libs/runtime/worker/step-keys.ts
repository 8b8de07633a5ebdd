/** The keys of an attempt: what other runs have done under them is used, and what this one does is kept for others. */
import type { Json } from '@stepwell/contracts';
import { type FactDraft, type KeyHolder, UnknownOutcomeError } from '@stepwell/engine';
import type { StepNode, StepPolicy } from '@stepwell/sdk';
import { classify } from '@stepwell/storage';
import { checkedOutput } from './checked-output.js';
import type { Entry } from './entry.js';
import type { ActivationHandle } from './host.js';
import { defaultKeyOf } from './default-key.js';

/** The longest that a run waits before it asks again for a key that another has. */
const LONGEST_PAUSE_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;

export class AttemptKeys {
  private constructor(
    private readonly activation: ActivationHandle,
    private readonly entry: Entry,
    private readonly key: KeyHolder | undefined,
    private readonly cacheKey: string | undefined,
  ) {}

  /** @returns undefined for a step without keys */
  static of(activation: ActivationHandle, entry: Entry): AttemptKeys | undefined {
    const { node, iteration } = entry.action;
    const { key, cacheKey } = activation.state.nodes.get(node.path, iteration) ?? {};
    if (key === undefined && cacheKey === undefined) return undefined;
    const { tenant } = activation.run;
    const holder = key === undefined ? undefined : { tenant, key, holder: defaultKeyOf(activation, entry.action) };
    return new AttemptKeys(activation, entry, holder, cacheKey);
  }

  /** @returns the fact of an output that is there already, or that another run is at it; undefined when the handler is to run */
  async use(): Promise<FactDraft | undefined> {
    const { store, clock } = this.activation.host;
    const { tenant } = this.activation.run;
    const { node, iteration, attempt } = this.entry.action;
    // What interceptors have made of an output is theirs.
    const check = this.activation.interceptors ? null : this.policy.output;
    const checked = async (output: Json) => checkedOutput(node.id, output, check);
    if (this.cacheKey !== undefined) {
      const cached = await store.keys.cached({ tenant, key: this.cacheKey }).catch(unknownOutcome);
      // An older version of the handler may have kept another one than is declared today.
      const isUsable = cached && (await checked(cached.output).then(() => true, () => false)); // prettier-ignore
      if (isUsable) return this.completed(cached.output, 'cache');
    }
    if (!this.key) return undefined;
    const taken = await store.keys.take(this.key, this.leaseMs).catch(unknownOutcome);
    if (taken.state === 'completed') return this.completed(await checked(taken.output), 'key');
    if (taken.state === 'mine') {
      this.renewLater();
      return undefined;
    }
    const { holds = 0 } = this.activation.state.nodes.get(node.path, iteration) ?? {};
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** holds, LONGEST_PAUSE_MS, Math.max(taken.leftMs, 50));
    return {
      type: 'key.held',
      path: node.path,
      iteration,
      attempt,
      payload: { key: this.key.key, retryAt: clock.now() + Math.ceil(pause) },
    };
  }

  /** Before the output is recorded: should this worker die in between, the next one finds it here. */
  async keep(output: Json): Promise<void> {
    const { keys } = this.activation.host.store;
    const { tenant } = this.activation.run;
    this.entry.renewNoMore();
    const { idempotency, cache } = this.policy;
    if (this.key && idempotency) await keys.finish(this.key, output, idempotency.ttlMs).catch(unknownOutcome);
    if (this.cacheKey !== undefined && cache) await keys.cache({ tenant, key: this.cacheKey }, output, cache.ttlMs).catch(unknownOutcome);
  }

  /** An attempt has failed of which it is known that nothing happened outside: its next one may be far off, and another run need not wait for it. */
  async loosen(): Promise<void> {
    this.entry.renewNoMore();
    const { idempotency, externalEffect } = this.policy;
    if (this.key && idempotency && externalEffect)
      await this.activation.host.store.keys.take(this.key, idempotency.leaseMs).catch(() => undefined);
  }

  /** When the step has failed for good, another run need not wait for its lease. */
  failed({ type, payload }: FactDraft): void {
    this.entry.renewNoMore();
    const isFinal = type === 'attempt.failed' && (payload as { retryAt: number | null }).retryAt === null;
    if (this.key && isFinal) this.activation.host.store.keys.drop(this.key).catch(() => undefined);
  }

  /** Not for an entry that was closed while the key was asked for: nobody would clear its timer. */
  private renewLater(): void {
    const { entry, key, leaseMs } = this;
    if (!entry.open || !key) return;
    entry.renewIn(leaseMs / 3, () => {
      this.activation.host.store.keys.take(key, leaseMs).catch(() => undefined);
      this.renewLater();
    });
  }

  private async completed(kept: Json, reused: 'key' | 'cache'): Promise<FactDraft> {
    const { node, iteration, attempt } = this.entry.action;
    const { interceptors } = this.activation;
    const output = interceptors ? await interceptors.afterStep(this.entry, kept) : kept;
    return { type: 'step.completed', path: node.path, iteration, attempt, payload: { output, startedAt: this.entry.startedAt, reused } };
  }

  private get policy(): StepPolicy {
    return (this.entry.action.node.definition as StepNode).policy;
  }

  /** What may have happened outside is not done by another run before somebody has said that it did not. */
  private get leaseMs(): number {
    const { idempotency, externalEffect } = this.policy;
    return (externalEffect ? idempotency?.ttlMs : idempotency?.leaseMs) ?? 0;
  }
}

/** The database's trouble is not the step's: the run is claimed again. An output that it cannot store is the step's. */
function unknownOutcome(cause: unknown): never {
  if (classify(cause) === 'data') throw cause;
  throw new UnknownOutcomeError('The key of a step could not be looked at.', { cause });
}
