/** What operators do to runs that have ended, or that nobody is at work on. */
import { flush, migrateRun, retryRuns, settleLetters } from '@stepwell/storage';
import type { Script, ScriptSession } from '../script.js';
import type { World } from '../world.js';
import { commitOf } from './flush.scripts.js';

function retrying(session: ScriptSession, { tenant, runs, newRuns }: World): Promise<boolean> {
  const own = [{ type: 'retry.started', path: '', iteration: '', attempt: 0, payload: { by: session.side } }];
  const run = { id: runs[0].id, newId: newRuns[session.side], parent: null, facts: 1, own };
  return session.transaction(async (sql) => (await retryRuns(sql, tenant, [run])).length > 0);
}

/** The first run, if it has ended. @returns whether it is retried */
export const retryOne: Script<boolean> = {
  name: 'retry-runs',
  covers: ['retry-runs'],
  worlds: ['running'],
  run: retrying,
};

/** Ends the first run, and retries it, unless somebody else has. */
export const endThenRetry: Script<boolean> = {
  name: 'flush that ends a run, then retry-runs',
  covers: [],
  worlds: [],
  run: async (session, world) => {
    const end = { kind: 'end', status: 'failed', errorCode: 'STEP_FAILED', errorMessage: 'no', closesRows: true } as const;
    await session.transaction((sql) => flush(sql, [commitOf(world, 0, session.side, end)]));
    return retrying(session, world);
  },
};

/** Dismisses the first run, if it has failed. @returns whether it did */
export const settleOne: Script<boolean> = {
  name: 'settle-letters',
  covers: ['settle-letters'],
  worlds: ['running'],
  run: (session, { tenant, runs }) =>
    session.transaction(async (sql) => {
      const letter = { as: 'dismissed', runId: null, by: { id: session.side }, reason: null } as const;
      return (await settleLetters(sql, tenant, [runs[0].id], letter)).length > 0;
    }),
};

/** Takes the first run to another version, if nobody is at work on it. @returns its queue, if it was */
export const migrate: Script<string | undefined> = {
  name: 'migrate-run',
  covers: ['migrate-run'],
  worlds: ['waiting'],
  run: (session, { tenant, runs }) => {
    const fact = { type: 'run.migrated', payload: { by: session.side } };
    const places = { moved: [{ from: 'a', to: 'b' }], closes: [] };
    return session.transaction((sql) => migrateRun(sql, { tenant, id: runs[0].id, from: 1, lastSeq: 1, to: 2, fact, ...places }));
  },
};
