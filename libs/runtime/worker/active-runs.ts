/**
 * The runs this worker holds: those it advances, and those that are being inserted already leased to it. Both count against its room, so
 * that a burst of starts does not overrun it. Beside that room there are a few places for tenants that have hardly anything here: what one
 * of them starts does not wait until another one's runs have ended.
 */
import type { RunLeases, RunRef } from '@stepwell/engine';
import type { Activation } from './activation.js';

/** One place more for so many: beside the room, for who has less than these here. */
const PLACES_PER_SPARE = 20;
/** Free places that are worth a claim: with fewer it is dearer per run, with more a run that comes meanwhile waits longer for the next claim. */
const REFILL = 200;

export class ActiveRuns {
  private readonly activations = new Map<string, Activation>();
  /** With their tenants, and how many expect them: who brings the result of a run, and the claim that was quicker. */
  private readonly expected = new Map<string, { readonly tenant: string; times: number }>();
  /** Activations and expected ones. */
  private readonly byTenant = new Map<string, number>();
  private onEmpty: (() => void) | undefined;
  private readonly refillAt: number;
  /** There has been too little room for a claim since `onRoom` was last called. */
  private isFull = false;
  private readonly spare: number;
  private readonly waiting = new Set<{ readonly count: number; readonly tell: () => void }>();

  /** @param onRoom called when there is room again for a claim that is worth it */
  constructor(
    private readonly leases: RunLeases,
    private readonly max: number,
    private readonly onRoom: () => void,
  ) {
    this.refillAt = Math.max(Math.floor(max / 2), max - REFILL);
    this.spare = Math.floor(max / PLACES_PER_SPARE);
  }

  get size(): number {
    return this.activations.size;
  }

  /** Handlers that run now, over all of them. */
  get openEntries(): number {
    let count = 0;
    for (const activation of this.activations.values()) count += activation.openEntryCount;
    return count;
  }

  get room(): number {
    return this.max - this.held;
  }

  private get held(): number {
    return this.activations.size + this.expected.size;
  }

  hasRoomFor(tenant: string): boolean {
    const { room, spare } = this;
    return room > 0 || (room + spare > 0 && (this.byTenant.get(tenant) ?? 0) < spare);
  }

  /** @param tell called once, when there is room for so many. @returns takes it back */
  whenRoomFor(count: number, tell: () => void): () => void {
    const one = { count, tell };
    this.waiting.add(one);
    return () => this.waiting.delete(one);
  }

  has(id: string): boolean {
    return this.activations.has(id) || this.expected.has(id);
  }

  expects(id: string): boolean {
    return this.expected.has(id);
  }

  /** A run is about to be inserted, leased to this worker. */
  expect({ tenant, id }: RunRef): void {
    const before = this.expected.get(id);
    if (before) before.times++;
    else {
      this.expected.set(id, { tenant, times: 1 });
      this.count(tenant, 1);
      this.taken();
    }
  }

  /** @returns false when it was not expected (any more) */
  arrive(id: string): boolean {
    const one = this.expected.get(id);
    if (!one) return false;
    if (--one.times > 0) return true;
    this.expected.delete(id);
    this.count(one.tenant, -1);
    return true;
  }

  /** A run that was expected does not come, as far as this caller knows. */
  decline(id: string): void {
    if (this.arrive(id)) this.freed();
  }

  /** What this worker may still have of the run, from an earlier claim, is over: nothing else would end its handlers. */
  add(activation: Activation): void {
    const { tenant, id } = activation.run;
    const before = this.activations.get(id);
    before?.abandon('The run was claimed again.');
    this.activations.set(id, activation);
    if (!before) this.count(tenant, 1);
    this.taken();
  }

  /** An older activation of a run does not remove a newer one. */
  remove(activation: { readonly run: RunRef }): void {
    const { tenant, id } = activation.run;
    if (this.activations.get(id) !== activation) return;
    this.activations.delete(id);
    this.count(tenant, -1);
    if (this.activations.size === 0) this.onEmpty?.();
    this.freed();
  }

  private taken(): void {
    if (this.held > this.refillAt) this.isFull = true;
  }

  private freed(): void {
    if (this.isFull && this.held <= this.refillAt) {
      this.isFull = false;
      this.onRoom();
    }
    if (this.waiting.size > 0) this.tellRoom();
  }

  private tellRoom(): void {
    for (const one of this.waiting) {
      if (one.count > this.room) continue;
      this.waiting.delete(one);
      one.tell();
    }
  }

  all(): Iterable<Activation> {
    return this.activations.values();
  }

  /** Drops all of them; what they have not committed is lost. */
  abandon(reason: string): void {
    for (const activation of this.activations.values()) activation.abandon(reason);
    this.activations.clear();
    this.expected.clear();
    this.byTenant.clear();
    this.isFull = false;
  }

  /** Resolves when none is left; handlers that run may finish, no further one begins. */
  drain(): Promise<void> {
    const empty = new Promise<void>((resolve) => (this.onEmpty = resolve));
    for (const activation of this.activations.values()) activation.drain();
    return this.activations.size === 0 ? Promise.resolve() : empty;
  }

  private count(tenant: string, by: number): void {
    const now = (this.byTenant.get(tenant) ?? 0) + by;
    if (now === 0) this.byTenant.delete(tenant);
    else this.byTenant.set(tenant, now);
  }

  /** Writes down what long attempts are doing. */
  report(now: number, longerThanMs: number): void {
    for (const activation of this.activations.values()) activation.report(now, longerThanMs);
  }

  /**
   * Asks how it stands with runs that may not commit for long, because a handler is at work or their delivery modes let them: something may have come into the inbox (a
   * cancel, say), or another worker may have taken the run over.
   */
  async watch(now: number, longerThanMs: number): Promise<void> {
    const long = [...this.activations.values()].filter((activation) => isLong(activation, now, longerThanMs));
    if (long.length === 0) return;
    const rows = new Map((await this.leases.watch(long.map((activation) => activation.run))).map((row) => [row.id, row]));
    for (const activation of long) {
      const row = rows.get(activation.run.id);
      if (row?.epoch === activation.run.epoch) activation.attend(row.attention);
      else activation.fence();
    }
  }
}

function isLong({ openEntries, isBehind }: Activation, now: number, longerThanMs: number): boolean {
  if (isBehind) return true;
  for (const entry of openEntries) if (now - entry.startedAt >= longerThanMs) return true;
  return false;
}
