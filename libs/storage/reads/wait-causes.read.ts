/**
 * Why runs wait: one statement that says of each run that has not ended what stands between it and its next step, from the rows of this
 * moment. Nothing of it is stored, so nothing of it can be old.
 *
 * Takes no lock. Each part begins with the runs that were asked for and finds the rest by an index. What may be many is counted up to a
 * bound, in the order of its index.
 */
import { ISOLATION } from '@stepwell/engine';
import { byRequest, type Answering } from './by-request.js';
import { type Sql, statement } from '../sql.js';

/** Queued runs before one, tenants beside it, and children, are counted no further. */
export const MOST_COUNTED = 10_000;
/** So many holders of places, or children, are named. */
const MOST_NAMED = 10;

/**
 * Why a run is not at work: `queue`, `capacity`, `singleton`, `tenant-limit`, `no-worker`, `version`, `isolation`, `due`, `paused`; or by whom it is
 * (`lease`); or what it waits for, as in `WaitReason`; or that it is to be canceled (`cancel`).
 */
export interface WaitCauseRow {
  readonly kind: string;
  /** A queue, a worker, a task, an event, a signal, a person, an error: what belongs to the kind. */
  readonly name: string | null;
  /** How many: runs before it, permits that are held, children that have not ended. At most `MOST_COUNTED` and one more. */
  readonly count: number | null;
  /** Of how many places, or how many other tenants take turns. */
  readonly limit: number | null;
  /** When it is due, or the lease ends. */
  readonly until: Date | null;
  /** Runs that hold the places, or are waited for; the first ten. */
  readonly runIds: readonly string[];
  readonly taskId: string | null;
}

const LIVES = (queue: string) => `w.ended_at IS NULL AND w.expires_at > clock_timestamp() AND ${queue} = ANY(w.queues)`;

/** Queued runs that go before `a`, by the order of the index: two ranges, since a row that is compared as a whole would be no bound for one. */
const BEFORE = (gate: string, order: string) => `(
  SELECT count(*)::int FROM (
    (SELECT FROM runs q WHERE q.status = 'queued' AND ${gate} AND q.priority > a.priority ORDER BY ${order} LIMIT ${MOST_COUNTED + 1})
    UNION ALL
    (SELECT FROM runs q WHERE q.status = 'queued' AND ${gate} AND q.priority = a.priority AND q.id < a.id ORDER BY ${order} LIMIT ${MOST_COUNTED + 1})
    LIMIT ${MOST_COUNTED + 1}) AS before)`;

const IN_QUEUE = 'q.permit_key IS NULL AND q.queue = a.queue AND q.tenant = a.tenant';
const AT_GATE =
  'q.permit_key IS NOT NULL AND q.queue = a.queue AND q.tenant = a.tenant AND q.workflow = a.workflow AND q.permit_key = a.permit_key';

/** From tenant to tenant that has queued runs: one look into the index for each. */
const OTHER_TENANTS = `(
  WITH RECURSIVE walk AS (
    (SELECT q.tenant, 1 AS place FROM runs q WHERE q.status = 'queued' AND q.permit_key IS NULL AND q.queue = a.queue ORDER BY q.tenant, q.priority DESC, q.id LIMIT 1)
    UNION ALL
    SELECT next.tenant, w.place + 1 FROM walk w CROSS JOIN LATERAL (
      SELECT q.tenant FROM runs q WHERE q.status = 'queued' AND q.permit_key IS NULL AND q.queue = a.queue AND q.tenant > w.tenant
      ORDER BY q.tenant, q.priority DESC, q.id LIMIT 1) AS next
    WHERE w.place <= ${MOST_COUNTED})
  SELECT count(*)::int FROM walk WHERE tenant <> a.tenant)`;

/** Of the last fact of a type in the run's own journal. */
const LAST = (type: string, what: string) =>
  `(SELECT ${what} FROM journal j WHERE j.tenant = a.tenant AND j.run_id = a.id AND j.type = '${type}' ORDER BY j.seq DESC LIMIT 1)`;

interface Part {
  readonly kind: string;
  readonly from?: string;
  readonly where: string;
  readonly name?: string;
  readonly count?: string;
  readonly limit?: string;
  readonly until?: string;
  readonly runs?: string;
  readonly task?: string;
}

/** A cause that is a reason of a waiting run. */
const reason = (kind: string, more: Partial<Part> = {}): Part => ({
  kind: `'${kind}'`,
  ...more,
  where: `a.status = 'waiting' AND '${kind}' = ANY(a.wait_reasons)${more.where ? ` AND ${more.where}` : ''}`,
});

/** In the order in which they are told: what keeps it from everything first. */
const PARTS: readonly Part[] = [
  { kind: `'cancel'`, where: 'a.cancel_requested_at IS NOT NULL', until: 'NULL' },
  {
    kind: `'paused'`,
    where: `a.status = 'paused'`,
    name: `coalesce((SELECT i.payload->'by'->>'name' FROM inbox i WHERE i.tenant = a.tenant AND i.run_id = a.id AND i.kind = 'pause.requested' ORDER BY i.id DESC LIMIT 1),
      ${LAST('run.paused', "j.payload->'by'->>'name'")})`,
  },
  {
    kind: `'lease'`,
    from: 'LEFT JOIN workers w ON w.id = a.worker',
    where: `a.status = 'running'`,
    name: `w.host || '/' || w.pid`,
    until: 'w.expires_at',
  },
  {
    kind: `CASE WHEN here.hosts IS NULL THEN 'no-worker' ELSE 'version' END`,
    from: `CROSS JOIN LATERAL (
      SELECT bool_or(w.hosts IS NULL OR a.workflow || '@' || a.version = ANY(w.hosts)) AS hosts FROM workers w WHERE ${LIVES('a.queue')}) AS here`,
    where: `(a.status = 'queued' AND here.hosts IS NOT TRUE OR a.status IN ('waiting', 'paused') AND NOT here.hosts)`,
    name: `CASE WHEN here.hosts IS NULL THEN a.queue ELSE a.workflow || '@' || a.version END`,
  },
  { kind: `'isolation'`, where: `a.status = 'queued' AND starts_with(a.needs, '${ISOLATION}')`, count: 'cardinality(a.crashes)' },
  {
    kind: `CASE WHEN c.held_until = 'end' THEN 'singleton' ELSE 'capacity' END`,
    from: `JOIN caps c ON c.workflow = a.workflow
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS held, (array_agg(p.run_id ORDER BY p.number))[1:${MOST_NAMED}] AS runs FROM permits p
       WHERE p.tenant = a.tenant AND p.workflow = a.workflow AND p.key = a.permit_key AND p.run_id <> a.id) AS gate`,
    where: `a.status = 'queued' AND a.permit_key IS NOT NULL AND a.cancel_requested_at IS NULL AND gate.held >= c.capacity`,
    name: `nullif(a.permit_key, '')`,
    count: 'gate.held',
    limit: 'c.capacity',
    runs: 'gate.runs',
  },
  {
    kind: `'tenant-limit'`,
    // In the order of the index of leases: it has an entry for each run at work, and for no other.
    from: `JOIN tenant_shares s ON s.tenant = a.tenant
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS runs, (array_agg(l.id ORDER BY l.id))[1:${MOST_NAMED}] AS first
       FROM (SELECT tenant, id FROM runs WHERE status = 'running' ORDER BY worker) AS l WHERE l.tenant = a.tenant) AS at_work`,
    where: `a.status = 'queued' AND a.cancel_requested_at IS NULL AND at_work.runs >= s.at_work`,
    count: 'at_work.runs',
    limit: 's.at_work',
    runs: 'at_work.first',
  },
  {
    kind: `'queue'`,
    where: `a.status = 'queued' AND a.permit_key IS NULL`,
    name: 'a.queue',
    count: BEFORE(IN_QUEUE, 'q.priority DESC, q.id'),
    limit: OTHER_TENANTS,
  },
  {
    kind: `'queue'`,
    where: `a.status = 'queued' AND a.permit_key IS NOT NULL`,
    name: 'a.queue',
    count: BEFORE(AT_GATE, 'q.priority DESC, q.id'),
  },
  { kind: `'due'`, where: `a.status = 'waiting' AND a.due_at <= clock_timestamp()`, name: 'a.queue', until: 'a.due_at' },
  reason('incident', { name: 'a.error_message' }),
  reason('checkpoint'),
  reason('task', {
    from: `JOIN tasks t ON t.tenant = a.tenant AND t.run_id = a.id AND t.status IN ('open', 'claimed')`,
    name: 't.title',
    until: 't.due_at',
    task: 't.id',
  }),
  ...['timer', 'retry', 'async-result', 'verification'].map((kind) => reason(kind, { until: 'a.due_at' })),
  reason('key', { name: LAST('key.held', "j.payload->>'key'"), until: 'a.due_at' }),
  reason('dispatch', {
    from: `JOIN dispatches d ON d.tenant = a.tenant AND d.run_id = a.id LEFT JOIN workers dw ON dw.id = d.worker`,
    name: `d.queue || CASE WHEN dw.id IS NOT NULL THEN ' on ' || dw.host || '/' || dw.pid
      WHEN EXISTS (SELECT FROM workers w WHERE ${LIVES('d.queue')}) THEN '' ELSE ', which no worker serves' END`,
    until: 'dw.expires_at',
  }),
  // Not what it only listens to, such as an event that would cancel it.
  reason('event', {
    from: 'JOIN event_waits e ON e.tenant = a.tenant AND e.run_id = a.id',
    where: `EXISTS (SELECT FROM journal j WHERE j.tenant = a.tenant AND j.run_id = a.id AND j.type = 'event-wait.started' AND j.payload->>'waitId' = e.id::text)`,
    name: 'e.event',
  }),
  reason('signal', { name: LAST('signal-wait.started', "j.payload->>'signal'") }),
  reason('child', {
    from: `CROSS JOIN LATERAL (
      SELECT count(*)::int AS many, (array_agg(c.id ORDER BY c.id))[1:${MOST_NAMED}] AS runs FROM (
        SELECT id FROM runs c WHERE c.tenant = a.tenant AND c.cause_run = a.id AND c.parent_run = a.id AND c.status NOT IN ('completed', 'failed', 'canceled')
        ORDER BY id LIMIT ${MOST_COUNTED + 1}) AS c) AS open`,
    count: 'open.many',
    runs: 'open.runs',
  }),
];

const part = ({ kind, from = '', where, name, count, limit, until, runs, task }: Part, place: number) => `
  SELECT a.of, ${place} AS place, ${kind} AS kind, (${name ?? 'NULL'})::text AS name, (${count ?? 'NULL'})::int AS count, (${limit ?? 'NULL'})::int AS "limit",
    (${until ?? 'NULL'})::timestamptz AS until, coalesce(${runs ?? 'NULL'}, '{}')::uuid[] AS "runIds", (${task ?? 'NULL'})::uuid AS "taskId"
  FROM asked a ${from} WHERE ${where}`;

export const READ_WAIT_CAUSES = statement(
  'read-wait-causes',
  `WITH asked AS MATERIALIZED (
     SELECT o.ordinality::int - 1 AS of, r.* FROM unnest($2::uuid[]) WITH ORDINALITY AS o(id, ordinality)
     CROSS JOIN LATERAL (
       SELECT tenant, id, workflow, version, needs, queue, status, wait_reasons, worker, due_at, cancel_requested_at, priority, permit_key, error_message, crashes
       FROM runs WHERE tenant = $1 AND id = o.id AND status NOT IN ('completed', 'failed', 'canceled')) AS r)
   ${PARTS.map(part).join('\n  UNION ALL')}
   ORDER BY of, place, until, name`,
);

/** @returns in the order of the ids; nothing of a run that has ended, or that there is not */
export async function readWaitCauses(sql: Sql, tenant: string, ids: readonly string[]): Promise<WaitCauseRow[][]> {
  const rows = await sql.query<WaitCauseRow & Answering & { readonly place: number }>(READ_WAIT_CAUSES, [tenant, ids]);
  return byRequest<WaitCauseRow>(ids, rows.map(({ place: _, ...row }) => row)); // prettier-ignore
}
