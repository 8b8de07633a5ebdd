/** Claims runs, going on from tenant to tenant. */
import { type Claim, type ClaimedRun, NO_SHARES, type RunLeases, type TenantShares } from '@stepwell/engine';
import type { HostedCaps } from './hosted-caps.js';

export class Claims {
  /** The last tenant that a claim came to, when it could not come to all: the next one begins behind it. */
  private walkedTo: string | null = null;
  /** The tenants that had runs queued at the last claim, if it left some, and those of which some were queued here since; null while that is not known. */
  private crowd: Set<string> | null = new Set();
  /** Those of which some were queued here since the last claim began. It may not have seen them, nor may the next, when they are not committed yet. */
  private noted = new Set<string>();
  private turn = 0;
  /** What is left of that tenant's turn. */
  private left = 0;
  private shares: TenantShares = NO_SHARES;

  constructor(
    private readonly leases: RunLeases,
    private readonly queues: readonly string[],
    /** What the worker can advance. */
    private readonly needs: readonly string[],
    private readonly caps: HostedCaps,
  ) {}

  /** Whether runs of this tenant may be queued, as far as the last claim has seen: then its next one goes behind them. */
  mayHaveQueued(tenant: string): boolean {
    return this.crowd?.has(tenant) ?? true;
  }

  /** As an operator has set them, when somebody has looked last. */
  heed(shares: TenantShares): void {
    this.shares = shares;
  }

  /** Whether a run of this tenant is leased by a claim only, and its end or its wait may be what another one of it is queued for. */
  isLimited(tenant: string): boolean {
    return this.shares.limited.includes(tenant);
  }

  /** Whether a run of this tenant may be leased without a claim, while there is a backlog of anybody's or none. */
  isNext(tenant: string, hasBacklog: boolean): boolean {
    return !this.isLimited(tenant) && (!hasBacklog || !this.mayHaveQueued(tenant));
  }

  /** A run of this tenant is queued, for it could not be leased at once. */
  noteQueued(tenant: string): void {
    this.crowd?.add(tenant);
    this.noted.add(tenant);
  }

  /** @returns the claimed runs, and whether more are queued */
  async take(worker: string, limit: number): Promise<{ readonly runs: readonly ClaimedRun[]; readonly hasRest: boolean }> {
    const { noted, turn, caps, shares } = this;
    this.noted = new Set();
    // Among two kinds or three, each has the odd place equally often.
    this.turn = (turn + 1) % 6;
    const { runs, hasRest, walkedTo, left = 0 } = await this.claim(worker, limit, turn);
    this.left = left;
    this.walkedTo = walkedTo;
    // With more tenants than room it has not come to all.
    this.crowd =
      hasRest && walkedTo !== null
        ? null
        : new Set([...(hasRest ? mayHaveMore(runs, !caps.areThere && !shares.areThere) : []), ...noted, ...this.noted]);
    return { runs, hasRest };
  }

  /** Beside `take`: what it takes says nothing of what is left, and moves nobody's turn. */
  async takeBeside(worker: string, limit: number): Promise<readonly ClaimedRun[]> {
    return (await this.claim(worker, limit, this.turn)).runs;
  }

  private claim(worker: string, limit: number, turn: number): Promise<Claim> {
    const { queues, needs, walkedTo: after, left, shares, caps } = this;
    const isCapped = caps.areThere;
    return this.leases.claim({
      worker,
      queues,
      needs,
      limit,
      after,
      turn,
      isCapped,
      ...(shares.areThere ? { hasShares: true, left } : {}),
    });
  }
}

/**
 * Of a claim that has left some: the tenants that they may be of. Who has had less than his share has no more, but for what somebody held at
 * this moment.
 *
 * @param isEven each tenant was given the same share of what is queued: it was claimed without caps and weights
 */
function mayHaveMore(runs: readonly ClaimedRun[], isEven: boolean): Iterable<string> {
  if (!isEven) return runs.map(({ tenant }) => tenant);
  const taken = new Map<string, { readonly tenant: string; count: number }>();
  const more = new Set<string>();
  for (const { tenant, queue, due_at } of runs) {
    const of = `${queue}/${tenant}`;
    const one = taken.get(of);
    if (due_at !== null) more.add(tenant);
    else if (one) one.count++;
    else taken.set(of, { tenant, count: 1 });
  }
  const share = Math.max(...[...taken.values()].map(({ count }) => count));
  for (const { tenant, count } of taken.values()) if (count === share) more.add(tenant);
  return more;
}
