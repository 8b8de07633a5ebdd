/** Which worker may advance which run: the claim, and how it is given up. */
import type { Actor } from '@stepwell/contracts';

export interface RunRef {
  readonly tenant: string;
  readonly id: string;
}

/** A run as one owner holds it: with the next epoch it is another's. */
export interface RunLease extends RunRef {
  readonly epoch: number;
}

/** A worker with room for one more run, and what it may take. */
export interface Claimant {
  readonly worker: string;
  readonly queues: readonly string[];
  readonly needs: readonly string[];
}

export interface ClaimedRun extends RunLease {
  readonly workflow: string;
  readonly version: number;
  readonly queue: string;
  readonly attention: number;
  readonly last_seq: number;
  readonly lineage_root: string;
  readonly actor: Actor | null;
  /** The run that waits for the end of this one. */
  readonly parent_run: string | null;
  /** The timer for which it was claimed, milliseconds since 1970, by the store's clock; null when it was queued. */
  readonly due_at: number | null;
  /** It was claimed without the permit that its cap asks for, because it is to be canceled. */
  readonly only_ends?: boolean;
}

export interface ClaimRequest {
  readonly worker: string;
  readonly queues: readonly string[];
  /** What the worker hosts: `workflow@version`. */
  readonly needs: readonly string[];
  /** At most so many; of those that are queued, due and under a cap equal parts. */
  readonly limit: number;
  /** `walkedTo` of the claim before. */
  readonly after?: string | null;
  /** Counts the claims of the worker, by sixes; default 0. An odd place goes to another kind with each. */
  readonly turn?: number;
  /** Whether it hosts workflows that have a cap, or had one. */
  readonly isCapped?: boolean;
  /** Whether weights or limits of tenants are to be heeded. */
  readonly hasShares?: boolean;
  /** With shares: what was left of the turn of `after`. */
  readonly left?: number;
}

export interface Claim {
  readonly runs: readonly ClaimedRun[];
  /** More were queued: beyond the limit or the share of their tenant, or locked by somebody at this moment. Or more may be due. */
  readonly hasRest: boolean;
  /** The last tenant, when there were more than the limit: the next claim begins behind it. */
  readonly walkedTo: string | null;
  /** With shares: how many runs that tenant is still to be given in its turn, which the next claim begins with. */
  readonly left?: number;
}

/** What an operator has given to tenants, as the store has it. */
export interface TenantShares {
  readonly areThere: boolean;
  /** Those that may have so many runs at work at a time: none of theirs is leased but by a claim. */
  readonly limited: readonly string[];
}

export const NO_SHARES: TenantShares = { areThere: false, limited: [] };

export interface NextDue {
  /** In how many milliseconds the next timer is due of a run that this worker could claim or have isolated, by the store's clock; negative when it is overdue. */
  readonly inMs: number | undefined;
  /** Something waits for a worker in isolation. */
  readonly hasSuspects: boolean;
  readonly shares: TenantShares;
}

/** What a worker may hold, and what else it may have isolated. */
export interface Needs {
  readonly ordinary: readonly string[];
  readonly inIsolation: readonly string[];
}

export interface LeaseRow {
  readonly id: string;
  readonly epoch: number;
  readonly attention: number;
}

export interface CapRow {
  readonly workflow: string;
  /** null: it has none. */
  readonly capacity: number | null;
  readonly heldUntil: 'wait' | 'end';
}

export interface LeakedPermit {
  readonly tenant: string;
  readonly workflow: string;
  readonly key: string;
  readonly run_id: string;
}

export interface RunLeases {
  /** Takes queued runs, and waiting ones whose timer is due, each with a new epoch. */
  claim(request: ClaimRequest): Promise<Claim>;
  /** Gives one run back to the queue with a new epoch, if this epoch still holds it; waits for, or fences, what is still in flight. */
  giveBack(lease: RunLease): Promise<void>;
  /** The runs leased to a worker: after a lost answer it may hold runs it does not know of. */
  leasedTo(worker: string): Promise<readonly RunLease[]>;
  nextDue(queues: readonly string[], needs: Needs): Promise<NextDue>;
  /** How it stands with runs that may not commit for long; takes no lock. */
  watch(runs: readonly RunRef[]): Promise<readonly LeaseRow[]>;
  /** At the start of a worker. @returns how many of the workflows have a cap, or had one */
  registerCaps(hosted: readonly CapRow[]): Promise<number>;
  /** Frees the permits whose run is not at work (or, of a singleton, has ended). @returns what was freed: each is a fault worth a look */
  sweepPermits(): Promise<readonly LeakedPermit[]>;
}
