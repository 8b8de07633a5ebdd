/** Keeps one place of the fleet filled: what dies there is started again, a little later each time; what was asked to end, at once. */
import { setTimeout as delay } from 'node:timers/promises';
import type { WorkerProcess } from './worker-process.js';

type PlacedProcess = Pick<WorkerProcess, 'served' | 'ended' | 'closed' | 'kill'>;

/** Before the first restart; each further one in a row waits twice as long. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Whoever has lived for so long starts with a clean slate. */
const FORGET_MS = 600_000;
/** A drain takes half of it; whoever hangs is killed, which costs no accepted work. */
const STOP_MS = 20_000;

export interface PlaceParts {
  readonly begin: () => PlacedProcess;
  readonly warn: (line: string) => void;
  /** Resolves after so long, or at once when it is aborted; Node's timer by default. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined);

export class WorkerPlace {
  private current: PlacedProcess | undefined;
  private last: PlacedProcess | undefined;
  private isCurrentServing = false;
  private readonly stopWanted = new AbortController();

  constructor(
    readonly name: string,
    private readonly parts: PlaceParts,
  ) {}

  get isServing(): boolean {
    return this.isCurrentServing;
  }

  /** Resolves when the first process takes work, or has ended before it did. */
  async start(): Promise<void> {
    const first = this.begin();
    void this.keep(first);
    await first.served;
  }

  /** Drains the process of the moment and starts another; resolves when that one takes work, or has ended before it did. */
  async renew(): Promise<void> {
    const old = this.current;
    if (!old) return;
    await this.end(old);
    // `keep` has waited for the same end for longer, so by now there is the next one; none when the old one died just then.
    await this.current?.served;
  }

  async stop(): Promise<void> {
    this.stopWanted.abort();
    if (this.current) await this.end(this.current);
    await this.last?.closed;
  }

  kill(): void {
    this.stopWanted.abort();
    this.current?.kill('SIGKILL');
  }

  private begin(): PlacedProcess {
    const process = this.parts.begin();
    this.current = this.last = process;
    void process.served.then((isServing) => {
      if (this.current === process) this.isCurrentServing = isServing;
    });
    return process;
  }

  private async keep(first: PlacedProcess): Promise<void> {
    let failures = 0;
    for (let process = first; ; process = this.begin()) {
      const begunAt = performance.now();
      const { reason, wasAsked } = await process.ended;
      this.current = undefined;
      this.isCurrentServing = false;
      if (this.stopWanted.signal.aborted) return;
      if (wasAsked) continue;
      if (performance.now() - begunAt > FORGET_MS) failures = 0;
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS);
      this.parts.warn(
        `${this.name} has ended by itself (${reason}). It is started again in ${pauseMs / 1_000} s; what it held goes on elsewhere.`,
      );
      await (this.parts.pause ?? sleep)(pauseMs, this.stopWanted.signal);
      if (this.stopWanted.signal.aborted) return;
    }
  }

  private async end(process: PlacedProcess): Promise<void> {
    process.kill('SIGTERM');
    const tooLong = setTimeout(() => process.kill('SIGKILL'), STOP_MS);
    await process.ended;
    clearTimeout(tooLong);
  }
}
