/** What people and machines do with events from outside any run: emit them, and look at what they did. */
import { type Actor, findNonJson, type Json, StepwellError } from '@stepwell/contracts';
import { eventsAwaitedBy, eventsEmittedBy, type WakeUpQueue, type WorkflowCatalog } from '@stepwell/engine';
import {
  deliveriesToRuns,
  type DeliveryRow,
  type EventListRequest,
  type EventRow,
  eventsOfRuns,
  hasListener,
  insertEvent,
  listEvents,
  notifyAtCommit,
  pgSql,
  readDeliveries,
  readEvents,
  type Sql,
  uuidV7,
} from '@stepwell/storage';
import type pg from 'pg';
import { EVENTS_QUEUE } from './event-loop.js';

/**
 * Of one run; one that is told of more is a program that talks to itself, and its journal has them all. And of one event, for which runs by
 * the hundred thousand may wait: each of those has it.
 */
const MAX_DELIVERIES = 100;

export interface EmitRequest {
  readonly tenant: string;
  readonly name: string;
  readonly payload: unknown;
  /** For tracing, and for listeners that take each key only once; two emits with one key are two events. */
  readonly idempotencyKey: string | null;
  readonly actor: Actor | null;
}

export interface EventView {
  readonly id: string;
  readonly name: string;
  readonly payload: Json;
  readonly idempotencyKey: string | null;
  /** ISO 8601. */
  readonly emittedAt: string;
  readonly sourceRun: string | null;
  readonly actor: Actor | null;
  /** At most 100: to what it starts, then to runs that wait for it. */
  readonly deliveries: readonly DeliveryView[];
  readonly hasMoreDeliveries: boolean;
}

/** What an event did at one consumer. */
export interface DeliveryView {
  readonly eventId: string;
  readonly consumer: string;
  readonly workflow: string | null;
  readonly status: DeliveryRow['status'];
  readonly attempts: number;
  /** The run it started, or the one it was told; of a duplicate the run that was started first. */
  readonly runId: string | null;
  readonly error: string | null;
  readonly decidedAt: string | null;
}

export class EventService {
  private readonly sql: Sql;
  private readonly known: ReadonlySet<string>;

  /** @param declaredEvents names in the modules' `events`: what handlers emit, or others may emit from outside */
  constructor(
    pool: pg.Pool,
    catalog: WorkflowCatalog,
    private readonly wakeUps: WakeUpQueue,
    declaredEvents: readonly string[],
  ) {
    this.sql = pgSql(pool);
    this.known = new Set([...declaredEvents, ...eventsOf(catalog)]);
  }

  /** @throws StepwellError EVENT_NOT_FOUND, INPUT_INVALID when the payload is not JSON (`fields` has the path) */
  async emit(request: EmitRequest): Promise<{ eventId: string }> {
    const eventId = await this.append(this.sql, request);
    this.wakeUps.wake([EVENTS_QUEUE]);
    return { eventId };
  }

  /** As `emit`, within a transaction of the caller's; it is routed after that commit. */
  async emitIn(sql: Sql, request: EmitRequest): Promise<{ eventId: string }> {
    const eventId = await this.append(sql, request);
    await notifyAtCommit(sql, this.wakeUps.atCommit([EVENTS_QUEUE]));
    return { eventId };
  }

  private async append(sql: Sql, { tenant, name, payload, idempotencyKey, actor }: EmitRequest): Promise<string> {
    if (!this.known.has(name) && !(await hasListener(sql, tenant, name))) throw new StepwellError('EVENT_NOT_FOUND', { event: name });
    const value = payload ?? null;
    requireJson(value, 'payload');
    if (idempotencyKey !== null) requireJson(idempotencyKey, 'idempotency key');
    const id = uuidV7();
    await insertEvent(sql, { tenant, id, name, payload: JSON.stringify(value), idempotencyKey, actor });
    return id;
  }

  /** Events by id; unknown ids are absent. */
  async find(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, EventView>> {
    const views = await this.withDeliveries(tenant, await readEvents(this.sql, tenant, ids));
    return new Map(views.map((view) => [view.id, view]));
  }

  /** What runs emitted, oldest first, by run id; runs that emitted nothing are absent. */
  async emittedBy(tenant: string, runIds: readonly string[]): Promise<ReadonlyMap<string, readonly EventView[]>> {
    const views = await this.withDeliveries(tenant, await eventsOfRuns(this.sql, tenant, runIds));
    return grouped(views, (view) => view.sourceRun ?? '');
  }

  /** Events newest first, at most `limit`. */
  async list(tenant: string, request: EventListRequest): Promise<EventView[]> {
    return this.withDeliveries(tenant, await listEvents(this.sql, tenant, request));
  }

  /** What events did at runs (started, woke or canceled them, or were declined), oldest first, by run id; runs without any are absent. */
  async deliveredTo(tenant: string, runIds: readonly string[]): Promise<ReadonlyMap<string, readonly DeliveryView[]>> {
    const rows = await deliveriesToRuns(this.sql, tenant, runIds, MAX_DELIVERIES);
    return grouped(rows.map(deliveryView), ({ runId }) => runId ?? '');
  }

  private async withDeliveries(tenant: string, rows: readonly EventRow[]): Promise<EventView[]> {
    if (rows.length === 0) return [];
    const ids = rows.map((row) => row.id);
    const found = grouped(await readDeliveries(this.sql, tenant, ids, MAX_DELIVERIES + 1), (row) => row.event_id);
    const deliveriesOf = ({ id }: EventRow): readonly DeliveryRow[] => found.get(id) ?? [];
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      payload: row.payload,
      idempotencyKey: row.idempotency_key,
      emittedAt: row.emitted_at.toISOString(),
      sourceRun: row.source_run,
      actor: row.actor,
      deliveries: deliveriesOf(row).slice(0, MAX_DELIVERIES).map(deliveryView),
      hasMoreDeliveries: deliveriesOf(row).length > MAX_DELIVERIES,
    }));
  }
}

function deliveryView(row: DeliveryRow): DeliveryView {
  const { event_id: eventId, consumer, workflow, status, attempts, error } = row;
  return { eventId, consumer, workflow, status, attempts, runId: row.run_id, error, decidedAt: row.decided_at?.toISOString() ?? null };
}

/** What the hosted workflows emit and listen to. */
function eventsOf(catalog: WorkflowCatalog): string[] {
  return catalog.all().flatMap(({ definition: { startOn }, graph }) => {
    const heard = [...startOn, ...eventsAwaitedBy(graph)].map(({ event }) => event);
    return [...heard, ...eventsEmittedBy(graph)];
  });
}

function requireJson(value: unknown, what: string): void {
  const bad = findNonJson(value);
  if (!bad) return;
  throw new StepwellError(
    'INPUT_INVALID',
    { reason: `The ${what} is not JSON: at ${bad.path}, ${bad.reason}.` },
    { fields: [{ path: bad.path, message: bad.reason }] },
  );
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
