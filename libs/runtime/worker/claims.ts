/** Claims runs, and then reads what they need to go on: in later statements, which see everything that their owners before had committed. */
import type { Fact, InboxRow } from '@stepwell/engine';
import { type ClaimedRun, claimRuns, readInboxes, readJournals, type Sql } from '@stepwell/storage';
import type { HostedCaps } from './hosted-caps.js';

export interface ReadRun {
  readonly run: ClaimedRun;
  readonly facts: readonly Fact[];
  readonly messages: readonly InboxRow[];
}

export class Claims {
  /** The last tenant that a claim came to, when it could not come to all: the next one begins behind it. */
  private walkedTo: string | null = null;

  constructor(
    private readonly sql: Sql,
    private readonly queues: readonly string[],
    private readonly caps: HostedCaps,
  ) {}

  /**
   * @param needs what the worker can advance
   * @returns the claimed runs, and whether more are queued
   */
  async take(
    worker: string,
    needs: readonly string[],
    limit: number,
  ): Promise<{ readonly runs: readonly ReadRun[]; readonly hasRest: boolean }> {
    const { queues, walkedTo: after } = this;
    const { runs, hasRest, walkedTo } = await claimRuns(this.sql, { worker, queues, needs, limit, after, isCapped: this.caps.areThere });
    this.walkedTo = walkedTo;
    if (runs.length === 0) return { runs: [], hasRest };
    const [journals, inboxes] = [await readJournals(this.sql, runs), await readInboxes(this.sql, runs)];
    return { runs: runs.map((run) => ({ run, facts: journals.get(run.id) ?? [], messages: inboxes.get(run.id) ?? [] })), hasRest };
  }
}
