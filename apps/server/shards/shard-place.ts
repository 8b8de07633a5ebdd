/** Keeps one database of the installation open in this process: opens it, and, while it is away, tries again, so that the others need not wait. */
import { setTimeout as delay } from 'node:timers/promises';

/** Before the second attempt; each further one waits twice as long. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface Opened {
  close(): Promise<void>;
}

export interface ShardPlaceParts {
  /** Leaves nothing open when it throws. */
  readonly open: () => Promise<Opened>;
  /** Whether the first attempt may fail so, and be made again; later ones may fail in any way. */
  readonly mayWait: (error: unknown) => boolean;
  readonly warn: (line: string) => void;
  readonly say: (line: string) => void;
  /** Resolves after so long, or at once when it is aborted; Node's timer by default. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const sleep = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => undefined);

export class ShardPlace {
  private readonly stopWanted = new AbortController();
  private opened: Opened | undefined;
  private retrying: Promise<void> | undefined;

  /** @param title for people, as `Shard "eu"` */
  constructor(
    private readonly title: string,
    private readonly parts: ShardPlaceParts,
  ) {}

  /** Resolves when it is open, or will be tried again. @throws what the first attempt threw, unless it may wait */
  async start(): Promise<void> {
    try {
      this.opened = await this.parts.open();
    } catch (error) {
      if (!this.parts.mayWait(error)) throw error;
      this.parts.warn(`${this.title} cannot be opened; all others go on, and it is tried again: ${sentenceOf(error)}`);
      this.retrying = this.retry(sentenceOf(error));
    }
  }

  async stop(): Promise<void> {
    this.stopWanted.abort();
    await this.retrying;
    await this.opened?.close();
    this.opened = undefined;
  }

  private async retry(first: string): Promise<void> {
    const { signal } = this.stopWanted;
    let told = first;
    for (let pauseMs = FIRST_PAUSE_MS; !this.opened; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      await (this.parts.pause ?? sleep)(pauseMs, signal);
      if (signal.aborted) return;
      try {
        this.opened = await this.parts.open();
      } catch (error) {
        const sentence = sentenceOf(error);
        if (sentence !== told) this.parts.warn(`${this.title} still cannot be opened: ${sentence}`);
        told = sentence;
      }
    }
    this.parts.say(`${this.title} is there.`);
  }
}

function sentenceOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
}
