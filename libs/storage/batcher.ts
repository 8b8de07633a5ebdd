/**
 * Gathers items while the previous batches are in flight and sends them together: no linger, no timer. Under load batches grow by
 * themselves; an idle process sends each item at once.
 *
 * Items may have lanes (tenants). Those that wait share a batch equally, lane by lane, whoever has the longer queue. And who has nothing in
 * flight does not wait for the batches of others: while all of them are on their way, one more goes out beside them, with items of such lanes only.
 * Nor does who has hardly anything in a large batch wait for all of it: items of such lanes go out together, beside the others, too.
 */
import { fewApart } from '@stepwell/engine';

export interface BatcherOptions<Item> {
  /**
   * How many batches may be in flight: 2 keeps the database busy while the next batch gathers; more only makes batches smaller. With lanes
   * there may be one more beside them.
   */
  readonly inFlight: number;
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly bytesOf: (item: Item) => number;
  /** So much may wait, beside what is in flight; what comes then is refused at once. Without it all of it waits. */
  readonly mostWaiting?: { readonly bytes: number; readonly refuse: () => Error };
  /** Two items with one key never share a batch: the second waits for the next one. */
  readonly keyOf?: (item: Item) => string;
  /** Whose an item is; items of one lane keep their order. Without it all have one. */
  readonly laneOf?: (item: Item) => string;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly lane: string;
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
  /** How many wait, by lane. */
  private readonly waitingOf = new Map<string, number>();
  /** In how many batches in flight there is something of a lane. */
  private readonly flyingOf = new Map<string, number>();
  /** The batch beside the others: on its way, or about to be made. */
  private isAside = false;

  /** @param send returns one outcome per item, in order; what it throws is the outcome of all of them */
  constructor(
    private readonly send: (items: readonly Item[]) => Promise<readonly ItemOutcome<Result>[]>,
    private readonly options: BatcherOptions<Item>,
  ) {}

  add(item: Item): Promise<Result> {
    const { bytesOf, mostWaiting, laneOf } = this.options;
    if (mostWaiting) {
      const bytes = bytesOf(item);
      // A large one that would wait alone is taken.
      if (this.queue.length > 0 && this.waitingBytes + bytes > mostWaiting.bytes) return Promise.reject(mostWaiting.refuse());
      this.waitingBytes += bytes;
    }
    const lane = laneOf?.(item) ?? '';
    return new Promise((resolve, reject) => {
      this.queue.push({ item, lane, resolve, reject });
      count(this.waitingOf, lane, 1);
      this.schedule();
      this.scheduleAside();
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

  /** Where all batches are on their way, and somebody waits who has nothing in them. */
  private scheduleAside(): void {
    if (this.isAside || this.flying < this.options.inFlight || !this.mayGoAside()) return;
    this.isAside = true;
    setImmediate(() => {
      const batch = this.take((lane) => !this.flyingOf.has(lane));
      if (batch.length === 0) this.isBackFromAside();
      else void this.sendOff(batch, () => this.isBackFromAside());
    });
  }

  private isBackFromAside(): void {
    this.isAside = false;
    this.scheduleAside();
  }

  private mayGoAside(): boolean {
    for (const lane of this.waitingOf.keys()) if (!this.flyingOf.has(lane)) return true;
    return false;
  }

  private async flushOne(): Promise<void> {
    const batch = this.take();
    if (batch.length === 0) return;
    this.flying++;
    this.schedule();
    await this.deliver(batch, () => this.flying--);
    this.schedule();
  }

  /** @param onBack what is to be so before those who wait for the outcomes are told */
  private async deliver(batch: readonly Waiting<Item, Result>[], onBack: () => void): Promise<void> {
    const { few, rest } = this.isAside ? { few: [], rest: batch } : fewApart(batch, ({ lane }) => lane);
    if (few.length > 0) {
      this.isAside = true;
      void this.sendOff(few, () => this.isBackFromAside());
    }
    await this.sendOff(rest, onBack);
  }

  private async sendOff(batch: readonly Waiting<Item, Result>[], onBack: () => void): Promise<void> {
    const lanes = new Set(batch.map(({ lane }) => lane));
    for (const lane of lanes) count(this.flyingOf, lane, 1);
    const outcomes = await this.send(batch.map((waiting) => waiting.item)).catch((error: unknown) =>
      batch.map((): ItemOutcome<Result> => ({ ok: false, error })),
    );
    for (const lane of lanes) count(this.flyingOf, lane, -1);
    onBack();
    batch.forEach((waiting, index) => {
      const outcome = outcomes[index];
      if (outcome?.ok) waiting.resolve(outcome.value);
      else waiting.reject(outcome?.error ?? new Error('The batch returned no outcome for this item.'));
    });
  }

  private take(mayGo?: (lane: string) => boolean): Waiting<Item, Result>[] {
    const taken = mayGo || this.waitingOf.size > 1 ? this.takeByTurns(mayGo ?? (() => true)) : this.takeInOrder();
    const { bytesOf, mostWaiting } = this.options;
    if (mostWaiting) for (const { item } of taken) this.waitingBytes -= bytesOf(item);
    for (const { lane } of taken) count(this.waitingOf, lane, -1);
    return taken;
  }

  private takeInOrder(): Waiting<Item, Result>[] {
    const room = this.room();
    let many = 0;
    while (many < this.queue.length && room(this.queue[many] as Waiting<Item, Result>) === 'fits') many++;
    return this.queue.splice(0, many);
  }

  /** One of each lane, then the second of each, and so on; the lane of the oldest first. */
  private takeByTurns(mayGo: (lane: string) => boolean): Waiting<Item, Result>[] {
    const lanes = new Map<string, Waiting<Item, Result>[]>();
    for (const waiting of this.queue) {
      const own = lanes.get(waiting.lane);
      if (own) own.push(waiting);
      else if (mayGo(waiting.lane)) lanes.set(waiting.lane, [waiting]);
    }
    const room = this.room();
    const taken = new Set<Waiting<Item, Result>>();
    for (let turn = 0, isFull = false; lanes.size > 0 && !isFull; turn++) {
      for (const [lane, own] of lanes) {
        const next = own[turn];
        const verdict = next ? room(next) : 'wait';
        if (verdict === 'fits') taken.add(next as Waiting<Item, Result>);
        else lanes.delete(lane);
        isFull = verdict === 'full';
        if (isFull) break;
      }
    }
    this.queue = this.queue.filter((waiting) => !taken.has(waiting));
    return [...taken];
  }

  /** @returns says of one item after the other whether the batch has room for it, or it has to wait for another one's key */
  private room(): (waiting: Waiting<Item, Result>) => 'fits' | 'full' | 'wait' {
    const { maxItems, maxBytes, bytesOf, keyOf } = this.options;
    const keys = new Set<string>();
    let many = 0;
    let bytes = 0;
    return ({ item }) => {
      if (many === maxItems) return 'full';
      bytes += bytesOf(item);
      if (bytes > maxBytes && many > 0) return 'full';
      if (keyOf && keys.size === keys.add(keyOf(item)).size) return 'wait';
      many++;
      return 'fits';
    };
  }
}

function count(counts: Map<string, number>, lane: string, by: number): void {
  const now = (counts.get(lane) ?? 0) + by;
  if (now === 0) counts.delete(lane);
  else counts.set(lane, now);
}
