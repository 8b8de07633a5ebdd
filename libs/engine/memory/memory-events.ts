/**
 * Events in memory, with the rules of `route-events`, `look-up-waits`, `deliver-to-waits`, `deliver-outbox`, `claim-deliveries` and
 * `settle-deliveries` in `storage/queries/`: each event reaches each consumer once, whoever came first, the wait or the event.
 */
import type { Json } from '@stepwell/contracts';
import type { ClaimedDelivery, Committed, Decided, EventStore, EventWork, Listening, Routed, Told } from '../ports/event-store.port.js';
import {
  isEnded,
  type MemoryDelivery,
  type MemoryEvent,
  type MemoryEventWait,
  type MemoryOutboxMessage,
  type MemoryRows,
  type MemoryRun,
} from './memory-rows.js';
import { insertRun, runKey } from './memory-starts.js';

/** The synchronous side of an `EventStore`. */
export class MemoryEvents {
  constructor(private readonly rows: MemoryRows) {}

  route(): Routed {
    const { events, triggers, waits } = this.rows;
    const fresh = [...events.values()].filter((event) => !event.routed);
    const workflows = new Set<string>();
    let areAwaited = false;
    for (const event of fresh) {
      event.routed = true;
      for (const { workflow } of triggers.get(event.name) ?? [])
        if (this.deliver(event, `start:${workflow}`, workflow, null)) workflows.add(workflow);
      for (const wait of waits.values())
        if (wait.since <= event.emittedAt && fits(wait, event) && this.deliver(event, `wait:${wait.id}`, null, wait.runId))
          areAwaited = true;
    }
    return { events: fresh.length, areAwaited, workflows: [...workflows] };
  }

  work(workflows: readonly string[]): EventWork {
    const { events, waits, outbox, now } = this.rows;
    const pending = this.pending();
    return {
      unrouted: [...events.values()].some((event) => !event.routed),
      waits: [...waits.values()].some((wait) => !wait.lookedUp),
      events: pending.some(({ workflow }) => workflow === null),
      messages: outbox.length > 0,
      deliveries: pending.some(
        ({ workflow, nextAttemptAt }) => workflow !== null && workflows.includes(workflow) && nextAttemptAt <= now(),
      ),
    };
  }

  lookUpWaits(): { readonly waits: number; readonly events: number } {
    const fresh = [...this.rows.waits.values()].filter((wait) => !wait.lookedUp);
    let found = 0;
    for (const wait of fresh) {
      wait.lookedUp = true;
      for (const event of this.rows.events.values()) {
        if (event.emittedAt < wait.since || !fits(wait, event) || this.hasTaken(wait.runId, event)) continue;
        if (this.deliver(event, `wait:${wait.id}`, null, wait.runId)) found++;
      }
    }
    return { waits: fresh.length, events: found };
  }

  deliverToWaits(): Told {
    const due = this.pending().filter(({ workflow }) => workflow === null);
    const told = due.flatMap((delivery) => {
      const { event, consumer } = delivery;
      const run = this.rows.runs.get(delivery.runId ?? '');
      const lives = run !== undefined && !isEnded(run);
      delivery.status = lives ? 'delivered' : 'declined';
      delivery.error = lives ? null : 'The run has ended.';
      if (!lives) return [];
      const waitId = consumer.slice('wait:'.length);
      const payload = { waitId, event: eventAsTold(event) };
      if (!this.rows.addMessage(run, 'event.arrived', `${consumer}:${event.id}`, payload)) return [];
      if (run.permitKey !== null && this.isCancel(run, waitId)) run.cancelRequestedAt ??= this.rows.now();
      return [run];
    });
    return this.woken(due.length, told);
  }

  deliverOutbox(): Told {
    const due = together(this.rows.outbox);
    this.rows.outbox = [];
    const told = due.flatMap(({ toRun, kind, dedupeKey, payload }) => {
      const run = this.rows.runs.get(toRun);
      return run && !isEnded(run) && this.rows.addMessage(run, kind, dedupeKey, payload) ? [run] : [];
    });
    return this.woken(due.length, told);
  }

  claimDeliveries(listening: readonly Listening[], leaseMs: number): ClaimedDelivery[] {
    const now = this.rows.now();
    const isOurs = ({ workflow, event }: MemoryDelivery) => listening.some((one) => one.workflow === workflow && one.event === event.name);
    const due = this.pending().filter((delivery) => delivery.nextAttemptAt <= now && isOurs(delivery));
    return due.map((delivery) => {
      delivery.nextAttemptAt = now + leaseMs;
      const { tenant, consumer, workflow, attempts, event } = delivery;
      const { id: event_id, name, payload, idempotencyKey, sourceRun, emittedAt } = event;
      const about = { name, payload, idempotency_key: idempotencyKey, source_run: sourceRun, emitted_at: emittedAt };
      return { tenant, event_id, consumer, workflow: workflow ?? '', attempts, ...about };
    });
  }

  commitVerdicts(decided: readonly Decided[]): Committed {
    const settled = decided.filter((one) => this.settle(one));
    return { settled, started: settled.flatMap((one) => this.start(one)) };
  }

  private settle({ delivery: { event_id, consumer, attempts }, verdict }: Decided): boolean {
    const row = this.rows.deliveries.get(`${event_id} ${consumer}`);
    if (row?.status !== 'pending' || row.attempts !== attempts) return false;
    row.attempts++;
    row.error = 'error' in verdict ? verdict.error : null;
    row.runId = verdict.kind === 'start' ? verdict.run.id : null;
    if (verdict.kind === 'retry') row.nextAttemptAt = this.rows.now() + verdict.delayMs;
    else row.status = verdict.kind === 'start' ? 'started' : verdict.kind;
    return true;
  }

  private start({ delivery: { event_id, consumer }, verdict }: Decided) {
    if (verdict.kind !== 'start') return [];
    const { run, onceKey } = verdict;
    const once = onceKey === null ? undefined : runKey(run.tenant, run.workflow, onceKey);
    const before = once === undefined ? undefined : this.rows.runKeys.get(once);
    const { runId, existing } = before === undefined ? insertRun(this.rows, run) : { runId: before, existing: true };
    if (once !== undefined) this.rows.runKeys.set(once, runId);
    const row = this.rows.deliveries.get(`${event_id} ${consumer}`);
    if (existing && row) [row.status, row.runId] = ['duplicate', runId];
    return existing ? [] : [run];
  }

  private deliver(event: MemoryEvent, consumer: string, workflow: string | null, runId: string | null): boolean {
    const key = `${event.id} ${consumer}`;
    if (this.rows.deliveries.has(key)) return false;
    const nextAttemptAt = this.rows.now();
    this.rows.deliveries.set(key, { tenant: event.tenant, event, consumer, workflow, runId, status: 'pending', attempts: 0, nextAttemptAt, error: null }); // prettier-ignore
    return true;
  }

  private pending(): MemoryDelivery[] {
    return [...this.rows.deliveries.values()].filter(({ status }) => status === 'pending');
  }

  private hasTaken(runId: string, event: MemoryEvent): boolean {
    return [...this.rows.deliveries.values()].some((one) => one.event === event && one.runId === runId && one.status === 'woke');
  }

  private isCancel({ id }: MemoryRun, waitId: string): boolean {
    const isStart = ({ type, payload }: { type: string; payload: string }) => type === 'cancel-on.started' && payload.includes(waitId);
    return (this.rows.journals.get(id) ?? []).some(isStart);
  }

  private woken(delivered: number, told: readonly MemoryRun[]): Told {
    const runs = [...new Set(told)];
    for (const run of runs) this.rows.raise(run);
    return { delivered, runs: runs.map(({ tenant, id, queue }) => ({ tenant, id, queue })) };
  }
}

/** The ends of one parent's children as one message, as if they had been in one flush. */
function together(messages: readonly MemoryOutboxMessage[]): readonly MemoryOutboxMessage[] {
  const isEnd = ({ kind }: MemoryOutboxMessage) => kind === 'child.ended';
  const parents = new Set(messages.filter(isEnd).map(({ toRun }) => toRun));
  const ends = [...parents].flatMap((parent): readonly MemoryOutboxMessage[] => {
    const own = messages.filter((message) => isEnd(message) && message.toRun === parent);
    const [first] = own;
    return first && own.length > 1 ? [{ ...first, kind: 'children.ended', payload: { ends: own.map(({ payload }) => payload) } }] : own;
  });
  return [...messages.filter((message) => !isEnd(message)), ...ends];
}

/** @param take lets each operation wait for its turn */
export function memoryEventStore(rows: MemoryRows, take: <T>(work: () => T) => Promise<T>): EventStore {
  const events = new MemoryEvents(rows);
  return {
    route: () => take(() => events.route()),
    work: (workflows) => take(() => events.work(workflows)),
    lookUpWaits: () => take(() => events.lookUpWaits()),
    deliverToWaits: () => take(() => events.deliverToWaits()),
    deliverOutbox: () => take(() => events.deliverOutbox()),
    claimDeliveries: (listening, leaseMs) => take(() => events.claimDeliveries(listening, leaseMs)),
    commitVerdicts: (decided) => take(() => events.commitVerdicts(decided)),
  };
}

function eventAsTold({ id, name, payload, idempotencyKey, sourceRun: runId, emittedAt }: MemoryEvent): Json {
  // eslint-disable-next-line no-restricted-globals -- writes an instant down; no clock is asked
  return { id, name, payload, idempotencyKey, runId, emittedAt: new Date(emittedAt).toISOString() };
}

function fits({ tenant, event: name, match }: MemoryEventWait, event: MemoryEvent): boolean {
  if (event.tenant !== tenant || event.name !== name) return false;
  const fields = Object.entries(match);
  if (fields.length === 0) return true;
  const { payload } = event;
  if (payload === null || typeof payload !== 'object' || Array.isArray(payload)) return false;
  return fields.every(
    ([field, value]) => Object.hasOwn(payload, field) && textOf((payload as Record<string, Json>)[field]) === textOf(value),
  );
}

/** The same for the same value, whatever the order of its fields. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(byName)) : inner,
  );
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
