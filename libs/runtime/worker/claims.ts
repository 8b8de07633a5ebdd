/** Claims runs, going on from tenant to tenant. */
import type { ClaimedRun, RunLeases } from '@stepwell/engine';
import type { HostedCaps } from './hosted-caps.js';

export class Claims {
  /** The last tenant that a claim came to, when it could not come to all: the next one begins behind it. */
  private walkedTo: string | null = null;
  private turn = 0;

  constructor(
    private readonly leases: RunLeases,
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
  ): Promise<{ readonly runs: readonly ClaimedRun[]; readonly hasRest: boolean }> {
    const { queues, walkedTo: after, turn } = this;
    // Among two kinds or three, each has the odd place equally often.
    this.turn = (turn + 1) % 6;
    const { runs, hasRest, walkedTo } = await this.leases.claim({
      worker,
      queues,
      needs,
      limit,
      after,
      turn,
      isCapped: this.caps.areThere,
    });
    this.walkedTo = walkedTo;
    return { runs, hasRest };
  }
}
