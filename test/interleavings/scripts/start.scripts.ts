/** What starts runs: people, events, schedules, emitters. */
import type { NewRun } from '@stepwell/engine';
import {
  claimDeliveries,
  claimRecordKeys,
  deliverOutbox,
  deliverToWaits,
  flush,
  insertEvent,
  insertReads,
  insertRuns,
  insertSlots,
  lockRun,
  lockSchedule,
  lookUpWaits,
  moveCursor,
  reserveKeys,
  routeEvents,
  settleDeliveries,
  settleUntil,
  uuidV7,
} from '@stepwell/storage';
import type { Script, ScriptSession } from '../script.js';
import { START_KEY, type World } from '../world.js';
import { commitOf } from './flush.scripts.js';

const ANYWHERE = { worlds: ['waiting'], isAtHomeAnywhere: true } as const;
const DUE_AT = Date.UTC(2026, 0, 2);

function newRun({ tenant, workflow, queue, newRuns }: World, { side }: ScriptSession, more: Partial<NewRun>): NewRun {
  const run: NewRun = {
    tenant,
    id: newRuns[side],
    workflow,
    version: 1,
    queue,
    worker: null,
    startedBy: 'api',
    actor: null,
    causeEvent: null,
    causeRun: null,
    key: null,
    input: 'null',
    priority: 0,
    permitKey: null,
  };
  return { ...run, ...more };
}

/** Both sides start with the same key, leased to themselves at once. */
export const startKeyed: Script<boolean> = {
  name: 'insert-runs',
  covers: ['insert-runs'],
  ...ANYWHERE,
  run: (session, world) =>
    session.transaction(async (sql) =>
      (await insertRuns(sql, [newRun(world, session, { key: START_KEY, worker: world.workers[session.side] })])).has(
        world.newRuns[session.side],
      ),
    ),
};

export const emitEvent: Script<void> = {
  name: 'insert-event',
  covers: ['insert-event'],
  ...ANYWHERE,
  run: (session, { tenant }) =>
    session.transaction((sql) =>
      insertEvent(sql, { tenant, id: uuidV7(), name: 'order.placed', payload: '{}', idempotencyKey: null, actor: null }),
    ),
};

export const route: Script<number> = {
  name: 'route-events',
  covers: ['route-events'],
  ...ANYWHERE,
  run: (session) => session.transaction(async (sql) => (await routeEvents(sql)).events),
};

const PAID = 'order.paid';

/** The first run begins to wait for an event; what had come before is looked up after that commit. */
export const listenThenLookUp: Script<void> = {
  name: 'flush that listens, then look-up-waits',
  covers: [],
  worlds: [],
  run: async (session, world) => {
    const wait = { id: world.newRuns[session.side], event: PAID, match: { order: 7 }, since: 'start' } as const;
    const commit = { ...commitOf(world, 0, session.side, { kind: 'continue' }), waits: [wait] };
    await session.transaction((sql) => flush(sql, [commit]));
    await session.transaction((sql) => lookUpWaits(sql));
  },
};

/** Somebody emits that event; it is routed after that commit. */
export const emitThenRoute: Script<void> = {
  name: 'insert-event, then route-events',
  covers: [],
  worlds: [],
  run: async (session, { tenant }) => {
    const event = { tenant, id: uuidV7(), name: PAID, payload: '{"order": 7}', idempotencyKey: null, actor: null };
    await session.transaction((sql) => insertEvent(sql, event));
    await session.transaction((sql) => routeEvents(sql));
  },
};

/** Runs that have begun to wait get what had come before. */
export const lookUp: Script<number> = {
  name: 'look-up-waits',
  covers: ['look-up-waits'],
  ...ANYWHERE,
  run: (session) => session.transaction(async (sql) => (await lookUpWaits(sql)).waits),
};

/** Runs are told of the events that they wait for. */
export const tellWaits: Script<readonly string[]> = {
  name: 'deliver-to-waits',
  covers: ['deliver-to-waits'],
  ...ANYWHERE,
  run: (session) => session.transaction(async (sql) => (await deliverToWaits(sql)).runs.map(({ id }) => id)),
};

/** Runs are told what other runs have to say to them. */
export const tellMessages: Script<readonly string[]> = {
  name: 'deliver-outbox',
  covers: ['deliver-outbox'],
  ...ANYWHERE,
  run: (session) => session.transaction(async (sql) => (await deliverOutbox(sql)).runs.map(({ id }) => id)),
};

/** A delivery is claimed, for a while; nothing else happens before author code has evaluated it. */
export const claimDelivery: Script<boolean> = {
  name: 'claim-deliveries',
  covers: ['claim-deliveries'],
  ...ANYWHERE,
  run: async (session, { workflow, delivered }) => {
    // A claim of no length: both sides may have it, as after a claim that took too long.
    const claimed = await session.transaction((sql) => claimDeliveries(sql, [{ workflow, event: 'order.placed' }], 0));
    return claimed.some(({ event_id }) => event_id === delivered);
  },
};

/** A claimed delivery is settled together with the run it starts, under a key that only one may use. */
export const settleDelivery: Script<boolean> = {
  name: 'settle-deliveries',
  covers: ['settle-deliveries', 'reserve-keys'],
  ...ANYWHERE,
  run: (session, world) =>
    session.transaction(async (sql) => {
      const { tenant, workflow, delivered, newRuns } = world;
      const runId = newRuns[session.side];
      const delivery = { tenant, event_id: delivered, consumer: `start:${workflow}` };
      const outcome = { ...delivery, attempts: 0, status: 'started', delayMs: 0, version: 1, runId, error: null } as const;
      if ((await settleDeliveries(sql, [outcome])).length === 0) return false;
      const reserved = await reserveKeys(sql, [{ tenant, workflow, key: `event:${delivered}`, runId }]);
      if (!reserved.has(runId)) return false;
      await insertRuns(sql, [newRun(world, session, { startedBy: 'event', causeEvent: delivered })]);
      return true;
    }),
};

/** The two in a row, as a worker does them. */
export const deliver: Script<boolean> = {
  name: 'claim-deliveries, then settle-deliveries',
  covers: [],
  worlds: [],
  run: async (session, world) => (await claimDelivery.run(session, world)) && settleDelivery.run(session, world),
};

/** A due slot fires: the slot's row decides whose run it is. */
export const fireSlot: Script<boolean> = {
  name: 'settle-slots',
  covers: ['settle-slots', 'schedules'],
  ...ANYWHERE,
  run: (session, world) =>
    session.transaction(async (sql) => {
      const { tenant, schedule, newRuns } = world;
      if (!(await lockSchedule(sql, tenant, schedule))) return false;
      const fresh = await insertSlots(sql, tenant, schedule, [
        { dueAt: DUE_AT, outcome: 'fired', reason: null, runId: newRuns[session.side] },
      ]);
      if (fresh.has(DUE_AT)) await insertRuns(sql, [newRun(world, session, { startedBy: 'schedule' })]);
      await settleUntil(sql, tenant, schedule, DUE_AT);
      return fresh.size === 1;
    }),
};

/** A batch of an emitter; the sides are two runs of it, which have read the same record from the same place. */
export const emitBatch: Script<'committed' | 'fenced' | 'moved'> = {
  name: 'emit-batch',
  covers: ['lock-run', 'emit-batch'],
  worlds: ['running'],
  run: async (session, world) => {
    const { tenant, workflow, runs, newRuns } = world;
    const index = session.side === 'a' ? 0 : 1;
    const { id } = runs[index];
    const runId = newRuns[session.side];
    try {
      return await session.transaction(async (sql): Promise<'committed'> => {
        if (!(await lockRun(sql, tenant, id, 1))) throw new NotEmitted('fenced');
        const fresh = await claimRecordKeys(sql, tenant, workflow, ['record'], [runId]);
        if (fresh.size > 0) await insertRuns(sql, [newRun(world, session, { startedBy: 'emitter', causeRun: id })]);
        const read = { position: 1, recordKey: 'record', reason: null, excerpt: null };
        const outcome = fresh.size > 0 ? ({ outcome: 'started', runId } as const) : ({ outcome: 'deduplicated', runId: null } as const);
        await insertReads(sql, tenant, id, 0, workflow, [{ ...read, ...outcome }]);
        if (!(await moveCursor(sql, tenant, workflow, 'null', '1', id))) throw new NotEmitted('moved');
        const commit = { ...commitOf(world, index, session.side, { kind: 'continue' }), consumed: [] };
        if ((await flush(sql, [commit])).length === 0) throw new NotEmitted('fenced');
        return 'committed';
      });
    } catch (error) {
      if (error instanceof NotEmitted) return error.why;
      throw error;
    }
  },
};

class NotEmitted extends Error {
  constructor(readonly why: 'fenced' | 'moved') {
    super(why);
  }
}
