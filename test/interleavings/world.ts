/**
 * A small world for two sessions to meet in, made anew for every order: two runs with a task each, and one of everything else that hot
 * statements touch. Its tenant and its queue are its own, so that leftovers of another world are never seen.
 */
import { randomUUID } from 'node:crypto';
import type { Actor } from '@stepwell/contracts';
import { uuidV7 } from '@stepwell/storage';
import type pg from 'pg';
import { BOTH, type Side } from './gates.js';

/**
 * How the runs of a world stand:
 * - running: leased to a living worker, with an unread message
 * - orphaned: leased to a worker whose lease has expired
 * - queued: nobody's; the first is queued, with an unread message, the second waits for a timer that is due
 * - waiting: nobody's; both wait for their tasks
 * - capped: under a cap of one; the first has the permit and is leased to a living worker, the second is queued
 */
const WORLD_NAMES = ['running', 'orphaned', 'queued', 'waiting', 'capped'] as const;
export type WorldName = (typeof WORLD_NAMES)[number];

export interface World {
  readonly name: WorldName;
  readonly tenant: string;
  readonly queue: string;
  readonly workflow: string;
  /** Which the world's runs need: `workflow@1`. */
  readonly needs: string;
  /** Holds the leases, where there are any; has epoch 1. */
  readonly worker: string;
  /** Died with the first run, and with its first dispatch, beside three others: one more is the last proof. */
  readonly crashed: string;
  /** The runs, in the order of their ids. */
  readonly runs: readonly [WorldRun, WorldRun];
  /** The unread message of the first run; only in worlds with one. */
  readonly message: string | undefined;
  /** A step of the first run on another queue: the first is being worked on by `worker`, the second is queued. */
  readonly dispatches: readonly [string, string];
  /** An event that nobody has routed. */
  readonly event: string;
  /** An event with a pending delivery. */
  readonly delivered: string;
  /** The first run waits for `event`'s name since long, and was not looked up yet; the second has a pending delivery of `delivered`. */
  readonly waits: readonly [string, string];
  readonly schedule: string;
  /** The person, the claiming worker and the new run of each side. */
  readonly people: Readonly<Record<Side, Actor>>;
  readonly workers: Readonly<Record<Side, string>>;
  readonly newRuns: Readonly<Record<Side, string>>;
}

export interface WorldRun {
  readonly id: string;
  /** What its owner has read so far. */
  readonly attention: number;
  /** The first run's is open, the second's is claimed by `holder`. */
  readonly task: string;
}

/** Who holds the second run's task. */
export const HOLDER: Actor = { id: 'holder', name: 'Holder', kind: 'user' };
/** The async result of which the unread message tells. */
export const EARLIER = 'earlier';
export const EARLIER_MESSAGE = `async-result:${EARLIER}`;
export const START_KEY = 'order-7';

export async function makeWorld(pool: pg.Pool, name: WorldName): Promise<World> {
  const tenant = `world-${randomUUID()}`;
  const hasMessage = hasMessageIn(name);
  const world: World = {
    name,
    tenant,
    queue: `queue of ${tenant}`,
    workflow: tenant,
    needs: `${tenant}@1`,
    worker: randomUUID(),
    crashed: randomUUID(),
    runs: [
      { id: uuidV7(), attention: hasMessage ? 1 : 0, task: uuidV7() },
      { id: uuidV7(), attention: 0, task: uuidV7() },
    ],
    message: hasMessage ? uuidV7() : undefined,
    dispatches: [uuidV7(), uuidV7()],
    event: uuidV7(),
    delivered: uuidV7(),
    waits: [uuidV7(), uuidV7()],
    schedule: 'nightly',
    people: perSide((side) => ({ id: `person-${side}`, name: side, kind: 'user' })),
    workers: perSide(() => randomUUID()),
    newRuns: perSide(() => uuidV7()),
  };
  await pool.query({ name: `make-${name}`, text: `SELECT ${makerOf(name)}($1, $2)`, values: [tenant, idsOf(world)] });
  return world;
}

const TABLES_OF_A_TENANT = [
  'runs',
  'permits',
  'journal',
  'inbox',
  'tasks',
  'task_history',
  'decisions',
  'decision_seals',
  'dispatches',
  'events',
  'event_deliveries',
  'event_waits',
  'outbox',
  'triggers',
  'run_keys',
  'emissions',
  'emission_reads',
  'emitter_cursors',
  'schedules',
  'slots',
];
/** One statement, planned once: worlds are cleared by the ten thousand. */
const CLEAR = `WITH ${TABLES_OF_A_TENANT.map((table) => `of_${table} AS (DELETE FROM ${table} WHERE tenant = $1)`).join(', ')},
  -- the workflow is named like the tenant
  of_caps AS (DELETE FROM caps WHERE workflow = $1)
  DELETE FROM workers WHERE id = ANY($2::uuid[])`;

/** Removes what a world has left behind. */
export async function clearWorld(pool: pg.Pool, { tenant, worker, workers }: World): Promise<void> {
  await pool.query({ name: 'clear-world', text: CLEAR, values: [tenant, [worker, ...BOTH.map((side) => workers[side])]] });
}

function perSide<T>(make: (side: Side) => T): Record<Side, T> {
  return { a: make('a'), b: make('b') };
}

function makerOf(name: WorldName): string {
  return `interleaving_world_${name}`;
}

function hasMessageIn(name: WorldName): boolean {
  return name !== 'waiting' && name !== 'capped';
}

function idsOf({ worker, crashed, runs, message, dispatches, event, delivered, waits, workers }: World): readonly (string | undefined)[] {
  const [first, second] = runs;
  return [
    ...[worker, crashed, first.id, second.id, first.task, second.task, ...dispatches, event, delivered, ...waits],
    ...[workers.a, workers.b, message],
  ];
}

/** A world as its function sees it: each value is an expression over the function's tenant and ids. */
function inFunction(name: WorldName) {
  const id = (number: number): string => `$2[${number}]`;
  const run = (number: number, attention: number): WorldRun => ({ id: id(number), task: id(number + 2), attention });
  return {
    ...{ name, tenant: '$1', workflow: '$1', needs: `$1 || '@1'`, queue: `'queue of ' || $1`, schedule: `'nightly'` },
    ...{ worker: id(1), crashed: id(2), runs: [run(3, hasMessageIn(name) ? 1 : 0), run(4, 0)] as const },
    ...{ dispatches: [id(7), id(8)], event: id(9), delivered: id(10), waits: [id(11), id(12)] },
    ...{ workers: { a: id(13), b: id(14) }, message: hasMessageIn(name) ? id(15) : undefined },
  };
}
type InFunction = ReturnType<typeof inFunction>;

function workersOf({ name, worker, workers }: InFunction): string {
  const row = (id: string, expires: string): string => `(${id}, 'host', 1, '{worker}', '{}', clock_timestamp() + interval '${expires}')`;
  const rows = [row(worker, name === 'orphaned' ? '-1 second' : '1 hour'), ...BOTH.map((side) => row(workers[side], '1 hour'))];
  return `INSERT INTO workers (id, host, pid, roles, queues, expires_at) VALUES ${rows.join(', ')}`;
}

function runsOf({ name, tenant, workflow, needs, queue, worker, crashed, runs, message, dispatches }: InFunction): string {
  const isLeased = name === 'running' || name === 'orphaned';
  const first = isLeased ? 'running' : name === 'capped' ? 'waiting' : name;
  const second = name === 'queued' ? 'waiting' : first;
  const due = name === 'queued' ? "clock_timestamp() - interval '1 second'" : 'NULL';
  const crashes = `ARRAY[${crashed}, gen_random_uuid(), gen_random_uuid(), gen_random_uuid()]::uuid[]`;
  const row = ({ id, attention }: WorldRun, index: number): string =>
    `(${tenant}, ${id}, ${workflow}, 1, ${needs}, ${queue}, '${index === 0 ? first : second}', ${isLeased ? worker : 'NULL'}, 1, ${attention}, 1, ${index === 0 ? 'NULL' : due}, 'api', ${id}, ${index === 0 ? crashes : 'NULL'})`;
  const fact = ({ id }: WorldRun): string => `(${tenant}, ${id}, 1, 'run.started', '{"input": null}')`;
  const statements = [
    `INSERT INTO runs (tenant, id, workflow, version, needs, queue, status, worker, epoch, attention, last_seq, due_at, started_by, lineage_root, crashes) VALUES ${runs.map(row).join(', ')}`,
    `INSERT INTO journal (tenant, run_id, seq, type, payload) VALUES ${runs.map(fact).join(', ')}`,
    `INSERT INTO dispatches (tenant, id, run_id, path, iteration, attempt, queue, needs, status, worker, epoch, crashes) VALUES
      (${tenant}, ${dispatches[0]}, ${runs[0].id}, 'slow', '', 1, ${queue}, ${needs}, 'running', ${worker}, 1, ${crashes}),
      (${tenant}, ${dispatches[1]}, ${runs[0].id}, 'slower', '', 1, ${queue}, ${needs}, 'queued', NULL, 0, NULL)`,
  ];
  if (message !== undefined) {
    statements.push(
      `INSERT INTO inbox (tenant, run_id, id, kind, dedupe_key, payload) VALUES (${tenant}, ${runs[0].id}, ${message}, 'async-result.settled', '${EARLIER_MESSAGE}', '{}')`,
    );
  }
  return statements.join(';\n');
}

function capOf({ tenant, workflow, worker, runs: [first, second] }: InFunction): string {
  return `UPDATE runs SET permit_key = '', status = CASE id WHEN ${first.id} THEN 'running' ELSE 'queued' END,
      worker = CASE id WHEN ${first.id} THEN ${worker} END WHERE tenant = ${tenant} AND id IN (${first.id}, ${second.id});
    INSERT INTO caps (workflow, capacity, held_until) VALUES (${workflow}, 1, 'wait');
    INSERT INTO permits (tenant, workflow, key, number, run_id, held_until) VALUES (${tenant}, ${workflow}, '', 1, ${first.id}, 'wait')`;
}

function tasksOf({ tenant, workflow, runs }: InFunction): string {
  const row = ({ id, task }: WorldRun, claim: string): string =>
    `(${tenant}, ${task}, ${id}, 'ask', '', ${workflow}, 1, 'ask', 'Ask', 'Ask', '{}', ${claim})`;
  return `INSERT INTO tasks (tenant, id, run_id, path, iteration, workflow, workflow_version, screen, title, subject, form, status, version, claimed_by, claimed_until) VALUES
    ${row(runs[0], "'open', 1, NULL, NULL")},
    ${row(runs[1], `'claimed', 2, '${JSON.stringify(HOLDER)}', clock_timestamp() + interval '10 minutes'`)}`;
}

function eventsOf({ tenant, workflow, event, delivered, waits, runs, schedule }: InFunction): string {
  return `INSERT INTO events (tenant, id, name, payload, routed) VALUES (${tenant}, ${event}, 'order.placed', '{}', false), (${tenant}, ${delivered}, 'order.placed', '{}', true);
    INSERT INTO triggers (tenant, event, workflow, version) VALUES (${tenant}, 'order.placed', ${workflow}, 1);
    INSERT INTO event_deliveries (tenant, event_id, consumer, workflow, version, run_id, status) VALUES
      (${tenant}, ${delivered}, 'start:' || ${workflow}, ${workflow}, 1, NULL, 'pending'),
      (${tenant}, ${delivered}, 'wait:' || ${waits[1]}, NULL, NULL, ${runs[1].id}, 'pending');
    INSERT INTO event_waits (tenant, run_id, id, event, shape, key, since, looked_up) VALUES
      (${tenant}, ${runs[0].id}, ${waits[0]}, 'order.placed', '{}', '', '2026-01-01', false),
      (${tenant}, ${runs[1].id}, ${waits[1]}, 'order.placed', '{}', '', '2026-01-01', true);
    INSERT INTO outbox (tenant, run_id, kind, dedupe_key, payload) VALUES (${tenant}, ${runs[0].id}, 'child.ended', 'child', '{}');
    INSERT INTO schedules (tenant, id, workflow, cron, zone, overlap, catch_up, settled_until) VALUES (${tenant}, ${schedule}, ${workflow}, '0 0 * * *', 'UTC', 'skip', 'latest', '2026-01-01')`;
}

/** The worlds are made by functions of the database, which are planned once: they, too, are made by the ten thousand. */
export const INSTALL_WORLDS = WORLD_NAMES.map((name) => {
  const world = inFunction(name);
  const parts = [workersOf(world), runsOf(world), tasksOf(world), eventsOf(world), ...(name === 'capped' ? [capOf(world)] : [])];
  return `CREATE FUNCTION ${makerOf(name)}(text, uuid[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${parts.join(';\n')}; END $$`;
}).join(';\n');
