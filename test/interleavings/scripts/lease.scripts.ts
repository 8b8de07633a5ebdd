/** What workers do to leases: claim, give back, take over, stay alive. */
import type { ClaimedRun } from '@stepwell/engine';
import {
  claimRuns,
  FORGIVE_DISPATCHES,
  FORGIVE_RUNS,
  giveBack,
  heartbeat,
  readInboxes,
  readJournals,
  RECORD_CRASH_OF_DISPATCH,
  RECORD_CRASH_OF_RUN,
  TAKE_OVER_DISPATCHES,
  TAKE_OVER_RUNS,
} from '@stepwell/storage';
import type { Script } from '../script.js';

export interface ClaimedAndRead {
  readonly run: ClaimedRun;
  /** Facts and messages that the later read found. */
  readonly facts: number;
  readonly messages: readonly string[];
}

/** Claim, then read, in a later statement: the read must find all that the claim promised. */
export const claim: Script<readonly ClaimedAndRead[]> = {
  name: 'claim-runs',
  covers: ['claim-runs', 'read-journal'],
  worlds: ['queued'],
  run: async (session, { workers, queue, needs }) => {
    const claimed = await session.transaction(
      async (sql) => (await claimRuns(sql, { worker: workers[session.side], queues: [queue], needs: [needs], limit: 10 })).runs,
    );
    if (claimed.length === 0) return [];
    const [journals, inboxes] = await session.transaction(
      async (sql) => [await readJournals(sql, claimed), await readInboxes(sql, claimed)] as const,
    );
    return claimed.map((run) => ({
      run,
      facts: journals.get(run.id)?.length ?? 0,
      messages: (inboxes.get(run.id) ?? []).map(({ id }) => id),
    }));
  },
};

/** The same while some tenant has a weight or a limit. */
export const claimWithShares: Script<readonly string[]> = {
  name: 'claim-runs-with-shares',
  covers: ['claim-runs-with-shares'],
  worlds: ['queued'],
  run: (session, { workers, queue, needs }) =>
    session.transaction(async (sql) => {
      const request = { worker: workers[session.side], queues: [queue], needs: [needs], limit: 10, hasShares: true };
      return (await claimRuns(sql, request)).runs.map(({ id }) => id);
    }),
};

/** After an unknown outcome: the owner itself gives the first run back. */
export const giveBackOne: Script<void> = {
  name: 'give-back',
  covers: ['give-back'],
  worlds: ['running'],
  run: (session, { tenant, runs }) => session.transaction((sql) => giveBack(sql, tenant, runs[0].id, 1)),
};

const TAKE_OVER = { covers: ['take-over'], worlds: ['orphaned'] } as const;

/** @returns the queues of the runs it has taken */
export const takeRunsOver: Script<readonly { readonly queue: string }[]> = {
  ...TAKE_OVER,
  name: 'take-over of runs',
  run: (session, { workers }) => session.transaction((sql) => sql.query(TAKE_OVER_RUNS, [10, workers[session.side]])),
};

export const takeDispatchesOver: Script<readonly { readonly queue: string }[]> = {
  ...TAKE_OVER,
  name: 'take-over of dispatches',
  run: (session, { workers }) => session.transaction((sql) => sql.query(TAKE_OVER_DISPATCHES, [10, workers[session.side]])),
};

/** @returns false when the worker was taken for dead */
export const beat: Script<boolean> = {
  name: 'heartbeat',
  covers: ['workers'],
  worlds: ['orphaned'],
  run: (session, { worker }) => session.transaction(async (sql) => (await heartbeat(sql, worker, 60_000)) !== undefined),
};

const CRASHES = { covers: ['crashes'], worlds: ['running'] } as const;
/** A dispatch does not mind how its run stands; a run that waits is woken. */
const CRASHES_OF_DISPATCHES = { covers: ['crashes'], worlds: ['running', 'waiting'] } as const;

/** The worker ended with the code of the first run, in isolation, for the third time. */
export const recordRunCrash: Script<readonly unknown[]> = {
  ...CRASHES,
  name: 'a crash with runs',
  run: (session, { worker, runs }) =>
    session.transaction((sql) => sql.query(RECORD_CRASH_OF_RUN, [worker, runs[0].id, 'incident.opened', '{}'])),
};

export const recordDispatchCrash: Script<readonly unknown[]> = {
  ...CRASHES_OF_DISPATCHES,
  name: 'a crash with dispatches',
  run: (session, { worker, runs }) =>
    session.transaction((sql) => sql.query(RECORD_CRASH_OF_DISPATCH, [worker, runs[0].id, 'incident.opened', '{}'])),
};

/** Whoever was taken for dead is back. */
export const forgiveRuns: Script<readonly unknown[]> = {
  ...CRASHES,
  name: 'forgiving runs',
  run: (session, { crashed }) => session.transaction((sql) => sql.query(FORGIVE_RUNS, [crashed])),
};

export const forgiveDispatches: Script<readonly unknown[]> = {
  ...CRASHES_OF_DISPATCHES,
  name: 'forgiving dispatches',
  run: (session, { crashed }) => session.transaction((sql) => sql.query(FORGIVE_DISPATCHES, [crashed])),
};
