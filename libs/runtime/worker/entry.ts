import type { ExecuteAction, FactDraft, StepFault, Timers } from '@stepwell/engine';
import { Alarm } from './alarm.js';
import { NOTHING, type Shield } from './step-config.js';

const IDLE = (): void => undefined;

/**
 * One entry of a handler: an attempt, from when it was begun or entered again until it suspends or ends. It is *open* until its outcome
 * is recorded; the first outcome closes it, and whatever comes later (after a time-out, say) is discarded: the fence of attempts, beside
 * the epoch, which fences workers.
 */
export class Entry {
  /** Made when somebody asks: most handlers do not, and it is dear beside a short step. */
  private aborter: AbortController | undefined;
  private alarm: Alarm | undefined;
  private pulse: Alarm | undefined;
  /** Of the lease of its key, while it is open. */
  private renewal: Alarm | undefined;
  /** Says that the handler is alive. */
  beat: () => void = IDLE;
  open = true;
  /** Set when its transaction has committed the output: the handler's return value no longer matters. */
  sealed = false;
  /** Set when the activation itself has recorded what became of it: the handler has nothing more to say. */
  judged = false;
  announced = false;
  /** To be recorded with its outcome, before it. */
  readonly notes: FactDraft[] = [];
  /** Keeps the secrets that the handler was given out of what is written down. */
  shield: Shield = NOTHING.shield;
  progress: { readonly done: number; readonly total: number; readonly note: string | null } | undefined;

  constructor(
    readonly action: ExecuteAction,
    /** Milliseconds since 1970. */
    readonly startedAt: number,
    private readonly timers: Timers,
  ) {}

  get signal(): AbortSignal {
    return this.abortion.signal;
  }

  /** @returns false when it was closed before */
  close(): boolean {
    if (!this.open) return false;
    this.open = false;
    this.alarm?.clear();
    this.pulse?.clear();
    this.renewal?.clear();
    return true;
  }

  /** Closes it and tells the handler why through its signal. */
  cut(reason: StepFault['message']): boolean {
    if (!this.close()) return false;
    this.abortion.abort(new Error(reason));
    return true;
  }

  /** When the time is up: `record` closes the entry with the fault, then the handler is told. */
  limit(timeoutMs: number | null, record: () => void): void {
    if (timeoutMs === null) return;
    this.alarm ??= new Alarm(this.timers);
    this.alarm.set(timeoutMs, () => {
      record();
      this.abortion.abort(new Error(`The step did not finish within ${timeoutMs} ms.`));
    });
  }

  /** When nothing has been heard for so long: as with `limit`. */
  listen(silenceMs: number | null, record: () => void): void {
    if (silenceMs === null) return;
    const pulse = (this.pulse ??= new Alarm(this.timers));
    this.beat = () => {
      if (!this.open) return;
      pulse.set(silenceMs, () => {
        record();
        this.abortion.abort(new Error(`Nothing was heard from the step for ${silenceMs} ms.`));
      });
    };
    this.beat();
  }

  /** Renews the lease of its key in so long, unless it is closed by then. */
  renewIn(ms: number, renew: () => void): void {
    this.renewal ??= new Alarm(this.timers);
    this.renewal.set(ms, renew);
  }

  /** Its key is nobody's any more, or kept. */
  renewNoMore(): void {
    this.renewal?.clear();
  }

  /** True for an error by which a handler says no more than that it obeyed its signal. */
  isObedience(error: unknown): boolean {
    if (!this.aborter?.signal.aborted) return false;
    return error === this.signal.reason || (error instanceof Error && (error.name === 'AbortError' || error.cause === this.signal.reason));
  }

  private get abortion(): AbortController {
    return (this.aborter ??= new AbortController());
  }
}
