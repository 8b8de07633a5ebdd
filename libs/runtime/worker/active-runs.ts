/**
 * The runs this worker holds: those it advances, and those that are being inserted already leased to it. Both count against its room, so
 * that a burst of starts does not overrun it.
 */
import type { RunLeases } from '@stepwell/engine';
import type { Activation } from './activation.js';

export class ActiveRuns {
  private readonly activations = new Map<string, Activation>();
  private readonly expected = new Set<string>();
  private onEmpty: (() => void) | undefined;

  /** @param onRoom called when half of the room is free again */
  constructor(
    private readonly leases: RunLeases,
    private readonly max: number,
    private readonly onRoom: () => void,
  ) {}

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
    return this.max - this.activations.size - this.expected.size;
  }

  has(id: string): boolean {
    return this.activations.has(id) || this.expected.has(id);
  }

  /** A run is about to be inserted, leased to this worker. */
  expect(id: string): void {
    this.expected.add(id);
  }

  /** @returns false when it was not expected (any more) */
  arrive(id: string): boolean {
    return this.expected.delete(id);
  }

  /** What this worker may still have of the run, from an earlier claim, is over: nothing else would end its handlers. */
  add(activation: Activation): void {
    this.activations.get(activation.run.id)?.abandon('The run was claimed again.');
    this.activations.set(activation.run.id, activation);
  }

  /** An older activation of a run does not remove a newer one. */
  remove(activation: { readonly run: { readonly id: string } }): void {
    const { id } = activation.run;
    if (this.activations.get(id) !== activation) return;
    this.activations.delete(id);
    if (this.activations.size === 0) this.onEmpty?.();
    if (this.activations.size === Math.floor(this.max / 2)) this.onRoom();
  }

  all(): Iterable<Activation> {
    return this.activations.values();
  }

  /** Drops all of them; what they have not committed is lost. */
  abandon(reason: string): void {
    for (const activation of this.activations.values()) activation.abandon(reason);
    this.activations.clear();
    this.expected.clear();
  }

  /** Resolves when none is left; handlers that run may finish, no further one begins. */
  drain(): Promise<void> {
    const empty = new Promise<void>((resolve) => (this.onEmpty = resolve));
    for (const activation of this.activations.values()) activation.drain();
    return this.activations.size === 0 ? Promise.resolve() : empty;
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
