// When drafts are saved: a moment after the last change, at once when one leaves, one save at a time, never out of order. What was typed
// while a save was under way is saved right after it. A failed save is tried again, a refused one waits for a decision.
import type { Timers } from '../../../connection/coalesce.js';
import type { Json } from '../../../graphql.js';

/** Short enough to lose nothing worth mentioning, long enough not to save every letter. */
export const SAVE_AFTER_MS = 800;
/** After a failure (network, server) the next try comes by itself. */
export const RETRY_AFTER_MS = 5_000;

export type DraftStatus = 'clean' | 'unsaved' | 'saving' | 'saved' | 'failed' | 'refused';

/** `failed` is tried again; `refused` (another version, another holder) is not, until somebody calls `resume`. */
export type SaveOutcome = 'saved' | 'failed' | 'refused';

interface DraftSaverOptions {
  readonly save: (draft: Json, isLeaving: boolean) => Promise<SaveOutcome>;
  readonly onStatus: (status: DraftStatus) => void;
  readonly timers: Timers;
}

export class DraftSaver {
  private waiting: { readonly draft: Json } | undefined;
  private timer: unknown;
  private flight: Promise<void> | undefined;
  private isHeld = false;

  constructor(private readonly options: DraftSaverOptions) {}

  /** True while something that was typed is not known to be on the server. */
  get isBehind(): boolean {
    return this.waiting !== undefined || this.flight !== undefined;
  }

  change(draft: Json): void {
    this.waiting = { draft };
    if (!this.flight && !this.isHeld) this.options.onStatus('unsaved');
    this.schedule(SAVE_AFTER_MS);
  }

  /** Saves now what waits; resolves when nothing more is under way. */
  async flush(isLeaving = false): Promise<void> {
    this.unschedule();
    await this.flight;
    if (this.waiting && !this.isHeld) await this.start(isLeaving);
  }

  /** Stops saving (the answer itself is on its way, or a decision is needed) and waits for a save under way. */
  async hold(): Promise<void> {
    this.isHeld = true;
    this.unschedule();
    await this.flight;
  }

  resume(): void {
    this.isHeld = false;
    if (this.waiting) this.schedule(SAVE_AFTER_MS);
  }

  /** Forgets what waits: it was decided, or another version was taken. */
  discard(): void {
    this.waiting = undefined;
    this.unschedule();
    this.options.onStatus('clean');
  }

  /** No more tries by itself; what waits is kept for whoever opens the task again. */
  stop(): void {
    this.isHeld = true;
    this.unschedule();
  }

  private schedule(ms: number): void {
    this.unschedule();
    if (this.isHeld || this.flight) return;
    this.timer = this.options.timers.set(() => void this.start(false), ms);
  }

  private unschedule(): void {
    if (this.timer !== undefined) this.options.timers.clear(this.timer);
    this.timer = undefined;
  }

  private async start(isLeaving: boolean): Promise<void> {
    if (this.flight) return this.flight;
    const { waiting } = this;
    if (!waiting) return;
    this.unschedule();
    this.waiting = undefined;
    this.options.onStatus('saving');
    this.flight = this.options.save(waiting.draft, isLeaving).then((outcome) => {
      this.flight = undefined;
      this.land(outcome, waiting);
    });
    return this.flight;
  }

  private land(outcome: SaveOutcome, sent: { readonly draft: Json }): void {
    if (outcome === 'saved') {
      this.options.onStatus(this.waiting ? 'unsaved' : 'saved');
      if (this.waiting) this.schedule(SAVE_AFTER_MS);
      return;
    }
    // What was typed meanwhile holds everything that this save held, and more.
    this.waiting ??= sent;
    this.options.onStatus(outcome);
    if (outcome === 'failed') this.schedule(RETRY_AFTER_MS);
    else this.isHeld = true;
  }
}
