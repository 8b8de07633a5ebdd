/**
 * Takes away what nobody wants: uploads that no start has taken, what was left when a process died in the middle, and, where the
 * installation says so, documents that nobody has taken for a while. Several processes may sweep at a time.
 */
import { Logger } from '@nestjs/common';
import { hideOldDocuments, type Sql } from '@stepwell/storage';
import type { DocumentService } from './document.service.js';

/** A form that is filled in over a day with breaks still finds its uploads. */
const LOOSE_SECONDS = 24 * 3600;
const SWEEP_EVERY_MS = 3_600_000;
/** At a time; what is hidden and not yet removed when the process dies is found again. */
const BATCH = 100;

export class DocumentSweeper {
  private readonly logger = new Logger('Documents');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<unknown> = Promise.resolve();

  /** @param keepDays `null` keeps what was taken for ever */
  constructor(
    private readonly sql: Sql,
    private readonly documents: DocumentService,
    private readonly keepDays: number | null,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.sweeping = this.sweep().catch((error: unknown) => this.logger.warn(`Documents could not be swept: ${String(error)}`));
    }, SWEEP_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** @returns how many were removed */
  async sweep(): Promise<number> {
    const heldSeconds = this.keepDays === null ? null : this.keepDays * 24 * 3600;
    for (let swept = 0; ;) {
      const old = await hideOldDocuments(this.sql, LOOSE_SECONDS, heldSeconds, BATCH);
      for (const key of old) await this.documents.removeHidden(key);
      swept += old.length;
      if (old.length < BATCH) return swept;
    }
  }
}
