/**
 * Takes away what nobody wants: uploads that no start has taken, what was left when a process died in the middle, and, where the
 * installation says so, documents that nobody has taken for a while. Several processes may sweep at a time.
 */
import { Logger } from '@nestjs/common';
import { logLine } from '@stepwell/contracts';
import { type DocumentKey, hideOldDocuments, type Sql } from '@stepwell/storage';
import type { DocumentService } from './document.service.js';

/** A form that is filled in over a day with breaks still finds its uploads. */
const LOOSE_SECONDS = 24 * 3600;
const SWEEP_EVERY_MS = 3_600_000;
/** At a time; what is hidden and not yet removed when the process dies is found again. */
const BATCH = 100;

interface Failure extends DocumentKey {
  readonly reason: string;
}

export class DocumentSweeper {
  private readonly logger = new Logger('Documents');
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<unknown> = Promise.resolve();
  private isStopping = false;

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
    this.isStopping = true;
    await this.sweeping;
  }

  /**
   * Goes through all that is old, once: what cannot be removed is told of, and tried again by the next sweep.
   *
   * @returns how many were removed
   */
  async sweep(): Promise<number> {
    const heldSeconds = this.keepDays === null ? null : this.keepDays * 24 * 3600;
    const failures: Failure[] = [];
    let removed = 0;
    for (let last: DocumentKey | undefined; ;) {
      const old = await hideOldDocuments(this.sql, LOOSE_SECONDS, heldSeconds, BATCH, last);
      for (const key of old) {
        if (this.isStopping) return removed;
        const failure = await this.remove(key);
        if (failure) failures.push(failure);
        else removed++;
      }
      last = old.at(-1);
      if (old.length < BATCH) break;
    }
    for (const tenant of new Set(failures.map((failure) => failure.tenant)))
      this.tell(tenant, failures.filter((failure) => failure.tenant === tenant)); // prettier-ignore
    return removed;
  }

  private async remove(key: DocumentKey): Promise<Failure | undefined> {
    try {
      await this.documents.removeHidden(key);
      return undefined;
    } catch (error) {
      return { ...key, reason: (error as Error).message };
    }
  }

  private tell(tenant: string, [first, ...more]: readonly Failure[]): void {
    if (!first) return;
    const which = more.length === 0 ? `Document ${first.id}` : `${more.length + 1} documents, the first of them ${first.id},`;
    this.logger.warn(logLine(`${which} could not be removed: ${first.reason}. The next sweep tries again, within an hour.`, { tenant }));
  }
}
