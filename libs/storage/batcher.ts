/**
 * Gathers items while the previous batches are in flight and sends them together: no linger, no timer. Under load batches grow by
 * themselves; an idle process sends each item at once.
 */
export interface BatcherOptions<Item> {
  /** How many batches may be in flight: 2 keeps the database busy while the next batch gathers; more only makes batches smaller. */
  readonly inFlight: number;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly bytesOf: (item: Item) => number;
  /** So much may wait, beside what is in flight; what comes then is refused at once. Without it all of it waits. */
  readonly mostWaiting?: { readonly bytes: number; readonly refuse: () => Error };
  /** Two items with one key never share a batch: the second waits for the next one. */
  readonly keyOf?: (item: Item) => string;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** The outcome of one item of a batch. */
export type ItemOutcome<Result> = { readonly ok: true; readonly value: Result } | { readonly ok: false; readonly error: unknown };

export class Batcher<Item, Result> {
  private queue: Waiting<Item, Result>[] = [];
  private flying = 0;
  private scheduled = false;
  private waitingBytes = 0;

  /** @param send returns one outcome per item, in order; what it throws is the outcome of all of them */
  constructor(
    private readonly send: (items: readonly Item[]) => Promise<readonly ItemOutcome<Result>[]>,
    private readonly options: BatcherOptions<Item>,
  ) {}

  add(item: Item): Promise<Result> {
    const { bytesOf, mostWaiting } = this.options;
    if (mostWaiting) {
      const bytes = bytesOf(item);
      // A large one that would wait alone is taken.
      if (this.queue.length > 0 && this.waitingBytes + bytes > mostWaiting.bytes) return Promise.reject(mostWaiting.refuse());
      this.waitingBytes += bytes;
    }
    return new Promise((resolve, reject) => {
      this.queue.push({ item, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    if (this.scheduled || this.flying >= this.options.inFlight || this.queue.length === 0) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.flushOne();
    });
  }

  private async flushOne(): Promise<void> {
    const batch = this.take();
    if (batch.length === 0) return;
    this.flying++;
    this.schedule();
    const outcomes = await this.send(batch.map((waiting) => waiting.item)).catch((error: unknown) =>
      batch.map((): ItemOutcome<Result> => ({ ok: false, error })),
    );
    this.flying--;
    batch.forEach((waiting, index) => {
      const outcome = outcomes[index];
      if (outcome?.ok) waiting.resolve(outcome.value);
      else waiting.reject(outcome?.error ?? new Error('The batch returned no outcome for this item.'));
    });
    this.schedule();
  }

  private take(): Waiting<Item, Result>[] {
    const { maxItems, maxBytes, bytesOf, keyOf, mostWaiting } = this.options;
    const keys = new Set<string>();
    let count = 0;
    for (let bytes = 0; count < this.queue.length && count < maxItems; count++) {
      const { item } = this.queue[count] as Waiting<Item, Result>;
      bytes += bytesOf(item);
      if (bytes > maxBytes && count > 0) break;
      if (keyOf && keys.size === keys.add(keyOf(item)).size) break;
    }
    const taken = this.queue.splice(0, count);
    if (mostWaiting) for (const { item } of taken) this.waitingBytes -= bytesOf(item);
    return taken;
  }
}
