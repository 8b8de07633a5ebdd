/** The rows of the store in memory: what a crash leaves. They are changed in one piece by each operation, as a commit would. */
import type { Actor, Json, RunStatus, WaitReason } from '@stepwell/contracts';
import type { TaskAssignment } from '@stepwell/sdk';
import type { DispatchDraft } from '../facts/fact.js';
import type { InboxRow } from '../facts/inbox.js';
import type { CapRow } from '../ports/run-leases.port.js';
import type { LedgerRow } from '../ports/own-transactions.port.js';
import type { TaskReviews } from '../reviews.js';

export interface MemoryRun {
  readonly tenant: string;
  readonly id: string;
  readonly workflow: string;
  readonly version: number;
  needs: string;
  readonly queue: string;
  status: RunStatus;
  worker: string | null;
  epoch: number;
  attention: number;
  lastSeq: number;
  priority: number;
  /** While a step that it waits at has lent it another one. */
  ownPriority: number | null;
  readonly permitKey: string | null;
  readonly startedBy: 'api' | 'event' | 'schedule' | 'emitter' | 'parent';
  readonly actor: Actor | null;
  readonly causeEvent: string | null;
  readonly causeRun: string | null;
  readonly parentRun: string | null;
  readonly lineageRoot: string;
  readonly createdAt: number;
  waitReasons: readonly WaitReason[];
  dueAt: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  endedAt: number | null;
  cancelRequestedAt: number | null;
  /** The workers that died with it since it last waited. */
  crashes: readonly string[];
}

/** As `Fact`, but for its payload, which is JSON text: nobody shares an object with the journal. */
export interface MemoryFact {
  readonly seq: number;
  readonly type: string;
  readonly path: string;
  readonly iteration: string;
  readonly attempt: number;
  readonly payload: string;
  readonly at: number;
}

export interface MemoryTask {
  readonly tenant: string;
  readonly id: string;
  readonly runId: string;
  readonly path: string;
  readonly iteration: string;
  readonly screen: string;
  readonly title: string;
  readonly subject: string;
  readonly instructions: string | null;
  readonly priority: number;
  readonly dueAt: number | null;
  readonly undoMs: number | null;
  undoUntil: number | null;
  readonly followUpAt?: number;
  assignment?: TaskAssignment;
  /** The ids of those who may not have it, whomever it names; null: nobody is refused. */
  excluded: readonly string[] | null;
  readonly display?: Readonly<Record<string, string>>;
  reviews?: TaskReviews;
  readonly props: Json;
  readonly form: Json;
  readonly suggestion: Json;
  status: 'open' | 'completed' | 'canceled' | 'expired';
  answer: Json;
  decidedBy: Actor | null;
  /** 0 while it waits. */
  endedAt: number;
}

export interface MemoryDispatch extends DispatchDraft {
  readonly priority: number;
  readonly tenant: string;
  readonly runId: string;
  needs: string;
  status: 'queued' | 'running';
  worker: string | null;
  epoch: number;
  crashes: readonly string[];
}

export interface MemoryMessage extends Omit<InboxRow, 'held'> {
  readonly dedupeKey: string;
  readonly heldUntil: number | null;
}

export interface MemoryEventWait {
  readonly tenant: string;
  readonly runId: string;
  readonly id: string;
  readonly event: string;
  readonly match: Readonly<Record<string, Json>>;
  readonly since: number;
  lookedUp: boolean;
}

export interface MemoryEvent {
  readonly tenant: string;
  readonly id: string;
  readonly name: string;
  readonly payload: Json;
  readonly idempotencyKey: string | null;
  readonly sourceRun: string | null;
  readonly actor: Actor | null;
  readonly emittedAt: number;
  routed: boolean;
}

export interface MemoryDelivery {
  readonly tenant: string;
  readonly event: MemoryEvent;
  readonly consumer: string;
  /** Of the workflow that may start; null for a run that waits. */
  readonly workflow: string | null;
  runId: string | null;
  status: 'pending' | 'started' | 'declined' | 'failed' | 'duplicate' | 'delivered' | 'woke' | 'canceled';
  attempts: number;
  nextAttemptAt: number;
  error: string | null;
}

export interface MemoryOutboxMessage {
  readonly tenant: string;
  readonly toRun: string;
  readonly kind: string;
  readonly dedupeKey: string;
  readonly payload: Json;
}

export interface MemoryWorker {
  expiresAt: number;
  heardAt: number;
  heardSince: number;
  ended: boolean;
  crashed: boolean;
  readonly isIsolated: boolean;
  readonly queues: readonly string[];
}

export interface MemoryPermit {
  readonly gate: string;
  readonly tenant: string;
  readonly workflow: string;
  readonly key: string;
  readonly runId: string;
  readonly heldUntil: CapRow['heldUntil'];
}

/** The database in memory, one map per table. Runs are found by their id, which is unique over tenants. */
export class MemoryRows {
  readonly runs = new Map<string, MemoryRun>();
  readonly journals = new Map<string, MemoryFact[]>();
  readonly inboxes = new Map<string, MemoryMessage[]>();
  readonly tasks = new Map<string, MemoryTask>();
  readonly dispatches = new Map<string, MemoryDispatch>();
  readonly waits = new Map<string, MemoryEventWait>();
  readonly events = new Map<string, MemoryEvent>();
  /** By event and consumer. */
  readonly deliveries = new Map<string, MemoryDelivery>();
  readonly workers = new Map<string, MemoryWorker>();
  /** The run that used a key first, by tenant, workflow and key. */
  readonly runKeys = new Map<string, string>();
  readonly caps = new Map<string, CapRow>();
  permits: MemoryPermit[] = [];
  outbox: MemoryOutboxMessage[] = [];
  /** Workflows that start on an event, by the event's name. */
  readonly triggers = new Map<string, { readonly workflow: string; readonly version: number }[]>();
  readonly cursors = new Map<string, string>();
  readonly emissions = new Map<string, string>();
  readonly ledger: (LedgerRow & { readonly emitter: string; readonly emitterRun: string })[] = [];
  private messages = 0;

  /** @param now milliseconds since 1970: the store's clock */
  constructor(readonly now: () => number) {}

  addFact(runId: string, fact: Omit<MemoryFact, 'at'>): void {
    const journal = this.journals.get(runId);
    const row = { ...fact, at: this.now() };
    if (journal) journal.push(row);
    else this.journals.set(runId, [row]);
  }

  /** @returns false when an unread message has this key */
  addMessage(run: MemoryRun, kind: string, dedupeKey: string, payload: unknown, holdMs: number | null = null): boolean {
    const inbox = this.inboxes.get(run.id) ?? [];
    if (inbox.some((message) => message.dedupeKey === dedupeKey)) return false;
    inbox.push({
      id: `message-${++this.messages}`,
      kind,
      dedupeKey,
      payload: copyOf(payload),
      heldUntil: holdMs === null ? null : this.now() + holdMs,
    });
    this.inboxes.set(run.id, inbox);
    if (kind === 'cancel.requested' || kind === 'task.canceled') {
      run.cancelRequestedAt ??= this.now();
      if (run.status === 'paused') this.setStatus(run, 'queued');
    }
    return true;
  }

  /** Every change of a status goes through here, for the permit that may be free with it. */
  setStatus(run: MemoryRun, status: RunStatus): void {
    if (run.status === status) return;
    run.status = status;
    if (run.permitKey === null || status === 'running') return;
    const hasEnded = isEnded(run);
    this.permits = this.permits.filter((permit) => permit.runId !== run.id || (permit.heldUntil === 'end' && !hasEnded));
  }

  /** Somebody has something to say: a run that waits is queued, and its owner has to read its inbox. */
  raise(run: MemoryRun): void {
    run.attention++;
    if (run.status === 'waiting') this.setStatus(run, 'queued');
  }
}

export function isEnded({ status }: MemoryRun): boolean {
  return status === 'completed' || status === 'failed' || status === 'canceled';
}

/** JSON as a database gives it back: another object, without what JSON does not have. */
export function copyOf(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? null)) as Json;
}
