/**
 * What could not be advanced is given back after a pause that grows with each time, so that nothing spins: a run whose commits fail, a
 * run that this build cannot fold. Meanwhile its lease stays here; if this process dies, the sweep of others gives it back.
 */
import type { Timers } from '@stepwell/engine';
import { SYSTEM_TIMERS } from './system-timers.js';

/** The first time may be bad luck (a connection broke): go on at once. Then 100 ms, doubling up to half a minute. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Whoever has been well for so long starts anew. */
const FORGET_AFTER_MS = 600_000;

interface Failing {
  readonly times: number;
  readonly since: number;
  /** Set while it waits. */
  takeBack: (() => void) | undefined;
}

export class HeldBack<Lease> {
  private readonly failing = new Map<string, Failing>();

  /**
   * @param giveBack when it fails, the lease is held for another pause
   * @param onGivenBack somebody may claim it again
   */
  constructor(
    private readonly giveBack: (lease: Lease) => Promise<void>,
    private readonly onGivenBack: () => void,
    private readonly timers: Timers = SYSTEM_TIMERS,
  ) {}

  /** True while it waits here for being given back. */
  has(id: string): boolean {
    return this.failing.get(id)?.takeBack !== undefined;
  }

  hold(id: string, lease: Lease): void {
    const before = this.failing.get(id);
    before?.takeBack?.();
    const times = (before?.times ?? 0) + 1;
    const pauseMs = times === 1 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (times - 2), LONGEST_PAUSE_MS);
    const failing: Failing = { times, since: this.timers.steadyNow(), takeBack: undefined };
    failing.takeBack = this.timers.after(pauseMs, () => void this.release(id, lease, failing));
    this.failing.set(id, failing);
  }

  /** It went well. */
  forget(id: string): void {
    if (this.failing.size === 0) return;
    this.failing.get(id)?.takeBack?.();
    this.failing.delete(id);
  }

  clear(): void {
    for (const { takeBack } of this.failing.values()) takeBack?.();
    this.failing.clear();
  }

  private async release(id: string, lease: Lease, failing: Failing): Promise<void> {
    try {
      await this.giveBack(lease);
      failing.takeBack = undefined;
      this.onGivenBack();
    } catch {
      if (this.failing.get(id) === failing) this.hold(id, lease);
    }
  }

  /** Called now and then. */
  purge(): void {
    const limit = this.timers.steadyNow() - FORGET_AFTER_MS;
    for (const [id, { since, takeBack }] of this.failing) if (since < limit && takeBack === undefined) this.failing.delete(id);
  }
}
