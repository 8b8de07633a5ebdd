/**
 * The store in memory, for tests: the rules of the one in PostgreSQL, in one process and without a disk. Each operation is one commit;
 * operations take turns with the transactions that hold the store. Both stores pass `storage/conformance`.
 */
import type { Json } from '@stepwell/contracts';
import type { Fact } from '../facts/fact.js';
import type { InboxRow } from '../facts/inbox.js';
import type { EventStore } from '../ports/event-store.port.js';
import type { AppendOutcome, InboxMessage, JournalStore, LateResult, PauseMessage } from '../ports/journal-store.port.js';
import type { RunLeases, RunRef } from '../ports/run-leases.port.js';
import type { InsertedRun, NewRun } from '../ports/run-starts.port.js';
import type { WorkerStore } from '../ports/worker-store.port.js';
import { claimRuns, nextDue } from './memory-claims.js';
import { prepareCommit, unstorable } from './memory-commit.js';
import { MemoryDispatches } from './memory-dispatches.js';
import { memoryEventStore } from './memory-events.js';
import { MemoryLeases } from './memory-leases.js';
import { copyOf, isEnded, type MemoryFact, type MemoryMessage, MemoryRows } from './memory-rows.js';
import { insertRun } from './memory-starts.js';
import { memorySessions } from './memory-sessions.js';
import { memoryStepKeys } from './memory-step-keys.js';
import { MemoryTransaction } from './memory-transaction.js';

export class MemoryStore implements WorkerStore {
  readonly rows: MemoryRows;
  readonly workers: WorkerStore['workers'];
  readonly runs: RunLeases;
  readonly journals: JournalStore;
  readonly dispatches: WorkerStore['dispatches'];
  readonly committer: WorkerStore['committer'];
  readonly transactions: WorkerStore['transactions'];
  readonly events: EventStore;
  readonly keys: WorkerStore['keys'];
  readonly sessions: WorkerStore['sessions'];
  /** Who holds the store, and those who wait for it. */
  private held: Promise<void> | undefined;

  /** @param now milliseconds since 1970: the store's own clock, by which leases and timers go */
  constructor(now: () => number) {
    const rows = (this.rows = new MemoryRows(now));
    const leases = new MemoryLeases(rows);
    const dispatches = new MemoryDispatches(rows);
    const take = <T>(work: () => T): Promise<T> => this.take(work);
    this.workers = {
      register: (worker, leaseMs) => take(() => leases.register(worker, leaseMs)),
      beat: (worker, leaseMs) => take(() => leases.beat(worker, leaseMs)),
      end: (worker) => take(() => leases.end(worker)),
      forgive: (worker) => take(() => leases.forgive(worker)),
      takeOver: (limit, judge) => take(() => leases.takeOver(limit, judge)),
    };
    this.runs = this.runLeases();
    this.journals = this.journalStore();
    this.dispatches = {
      claim: (worker, queues, needs, limit) => take(() => dispatches.claim(worker, queues, needs, limit)),
      end: (dispatch, facts) =>
        take(() => {
          const end = dispatches.prepareEnd(dispatch, facts);
          end?.();
          return end !== undefined;
        }),
      giveBack: (dispatch) => take(() => dispatches.giveBack(dispatch)),
      leasedTo: (worker) => take(() => [...rows.dispatches.values()].filter((one) => one.worker === worker)),
      watch: (wanted) => take(() => new Map(wanted.flatMap(({ id }) => (rows.dispatches.has(id) ? [[id, rows.dispatches.get(id)?.epoch ?? 0]] : [])))), // prettier-ignore
    };
    this.committer = {
      commit: (commit) =>
        take(() => {
          const { outcome, apply } = prepareCommit(rows, commit);
          apply();
          return outcome;
        }),
    };
    this.transactions = {
      run: async (_idleMs, work) => {
        const transaction = new MemoryTransaction(rows, dispatches, () => this.lock());
        try {
          return await work(transaction);
        } finally {
          await transaction.rollback();
        }
      },
      readCursor: (tenant, emitter) => take(() => parsed(rows.cursors.get(JSON.stringify([tenant, emitter])) ?? 'null')),
    };
    this.events = memoryEventStore(rows, take);
    this.keys = memoryStepKeys(now, take);
    this.sessions = memorySessions(take);
  }

  insertRun(run: NewRun): Promise<InsertedRun> {
    return this.take(() => insertRun(this.rows, run));
  }

  /** One commit, when nobody holds the store. */
  async take<T>(work: () => T): Promise<T> {
    while (this.held) await this.held;
    return work();
  }

  private async lock(): Promise<() => void> {
    while (this.held) await this.held;
    let open!: () => void;
    this.held = new Promise((resolve) => {
      open = () => {
        this.held = undefined;
        resolve();
      };
    });
    return open;
  }

  private runLeases(): RunLeases {
    const { rows } = this;
    return {
      claim: (request) => this.take(() => claimRuns(rows, request)),
      giveBack: ({ id, epoch }) =>
        this.take(() => {
          const run = rows.runs.get(id);
          if (run?.epoch !== epoch || run.status !== 'running') return;
          run.worker = null;
          run.epoch++;
          rows.setStatus(run, 'queued');
        }),
      leasedTo: (worker) => this.take(() => [...rows.runs.values()].filter((run) => run.status === 'running' && run.worker === worker)),
      nextDue: (queues, needs) => this.take(() => nextDue(rows, queues, needs)),
      watch: (wanted) => this.take(() => wanted.flatMap(({ id }) => rows.runs.get(id) ?? []).map(({ id, epoch, attention }) => ({ id, epoch, attention }))), // prettier-ignore
      registerCaps: (hosted) =>
        this.take(() => {
          const known = hosted.filter(({ workflow, capacity }) => capacity !== null || rows.caps.has(workflow));
          for (const cap of known) rows.caps.set(cap.workflow, cap);
          return known.length;
        }),
      // A permit and the status of its run change in one step, so there is never one to be freed.
      sweepPermits: async () => [],
    };
  }

  private journalStore(): JournalStore {
    const { rows } = this;
    const read = (runs: readonly RunRef[]) => new Map(runs.map(({ id }) => [id, (rows.journals.get(id) ?? []).map(factOf)]));
    return {
      read: (runs) => this.take(() => read(runs)),
      readThatFit: (runs) => this.take(() => ({ journals: read(runs), count: runs.length })),
      readNode: (run, path, iterations) =>
        this.take(() => (read([run]).get(run.id) ?? []).filter((fact) => fact.path === path && iterations.includes(fact.iteration))),
      outputs: (tenant, runs) =>
        this.take(() => {
          const own = runs.filter((id) => rows.runs.get(id)?.tenant === tenant);
          return new Map(own.map((id) => [id, outputOf(rows.journals.get(id) ?? [])]));
        }),
      inboxes: (runs) =>
        this.take(() => {
          const unread = runs.map(({ id }) => [id, rows.inboxes.get(id) ?? []] as const).filter(([, messages]) => messages.length > 0);
          return new Map(unread.map(([id, messages]) => [id, messages.map((message) => this.unread(message))]));
        }),
      append: (message) => this.take(() => this.append(message)),
      pause: (message) => this.take(() => this.pause(message)),
      resume: (message) => this.take(() => this.resume(message)),
      recordLateResult: (late) => this.take(() => this.recordLateResult(late)),
      probe: async (json, texts) => [...json, ...texts.map((text) => JSON.stringify(text))].map(unstorable).find((reason) => reason !== undefined), // prettier-ignore
    };
  }

  private unread({ id, kind, payload, heldUntil }: MemoryMessage): InboxRow {
    const forMs = heldUntil === null ? 0 : heldUntil - this.rows.now();
    return { id, kind, payload: copyOf(payload), ...(heldUntil !== null && forMs > 0 ? { held: { until: heldUntil, forMs } } : {}) };
  }

  private append({ tenant, runId, kind, dedupeKey, payload, holdMs = null }: InboxMessage): AppendOutcome {
    const run = this.rows.runs.get(runId);
    if (!run || run.tenant !== tenant || isEnded(run)) return { kind: 'run-ended' };
    const appended = this.rows.addMessage(run, kind, dedupeKey, payload, holdMs);
    this.rows.raise(run);
    return { kind: 'accepted', appended, queue: run.queue };
  }

  private pause({ tenant, runId, by, reason }: PauseMessage): string | undefined {
    const run = this.rows.runs.get(runId);
    if (run?.tenant !== tenant || isEnded(run) || run.status === 'paused' || run.cancelRequestedAt !== null) return undefined;
    this.rows.addMessage(run, 'pause.requested', `pause:${run.attention}`, { by, reason });
    run.attention++;
    if (run.status !== 'running') this.rows.setStatus(run, 'paused');
    return run.queue;
  }

  private resume({ tenant, runId, by, reason }: PauseMessage): string | undefined {
    const run = this.rows.runs.get(runId);
    if (run?.tenant !== tenant || isEnded(run) || run.status === 'waiting') return undefined;
    this.rows.addMessage(run, 'resume.requested', `resume:${run.attention}`, { by, reason });
    run.attention++;
    if (run.status === 'paused') this.rows.setStatus(run, 'queued');
    return run.queue;
  }

  private recordLateResult({ runId, path, iteration, attempt, reason }: LateResult): void {
    const run = this.rows.runs.get(runId);
    if (!run || !isEnded(run)) return;
    const payload = JSON.stringify({ reason });
    this.rows.addFact(runId, { seq: ++run.lastSeq, type: 'attempt.discarded', path, iteration, attempt, payload });
  }
}

function outputOf(facts: readonly MemoryFact[]): Json {
  const end = facts.findLast(({ type }) => type === 'run.ended');
  return end ? ((parsed(end.payload) as { readonly output?: Json }).output ?? null) : null;
}

function factOf({ payload, ...fact }: MemoryFact): Fact {
  return { ...fact, version: 1, payload: parsed(payload) };
}

function parsed(text: string): Json {
  return JSON.parse(text) as Json;
}
