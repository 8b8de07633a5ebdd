/** Two runs under a cap of one: what claims and what frees a permit. The statements are those of other scripts; here they meet over permits. */
import type { Intent } from '@stepwell/engine';
import { appendInbox, claimRuns, flush, giveBack, type Sql } from '@stepwell/storage';
import type { Script, ScriptSession } from '../script.js';
import type { World } from '../world.js';
import { commitOf } from './flush.scripts.js';

type ClaimedIds = readonly string[];

async function claimIn(sql: Sql, { side }: ScriptSession, { workers, queue, needs }: World): Promise<ClaimedIds> {
  const { runs } = await claimRuns(sql, { worker: workers[side], queues: [queue], needs: [needs], limit: 10, isCapped: true });
  return runs.map(({ id }) => id);
}

const script = <Result>(name: string, run: Script<Result>['run']): Script<Result> => ({ name, covers: [], worlds: [], run });

const flushFirst = (session: ScriptSession, world: World, intent: Intent) =>
  session.transaction((sql) => flush(sql, [commitOf(world, 0, session.side, intent)]));

export const claimCapped = script('claim-runs-with-permits', (session, world) =>
  session.transaction((sql) => claimIn(sql, session, world)),
);

/** The owner of the first run ends it, and looks for more. */
export const endFirstThenClaim = script('flush that ends a capped run, then a claim', async (session, world) => {
  await flushFirst(session, world, { kind: 'end', status: 'completed', errorCode: null, errorMessage: null, closesRows: true });
  return session.transaction((sql) => claimIn(sql, session, world));
});

/** The first run goes on waiting. */
export const waitFirst = script('flush that gives a capped run up', (session, world) =>
  flushFirst(session, world, { kind: 'release', reasons: ['task'], dueAt: null, errorCode: null, errorMessage: null }),
);

/** The second run, which queues, is to be canceled. */
export const cancelThenClaim = script('cancel of a capped run, then a claim', async (session, world) => {
  const message = { tenant: world.tenant, runId: world.runs[1].id, kind: 'cancel.requested', dedupeKey: 'cancel', payload: null } as const;
  await session.transaction((sql) => appendInbox(sql, message));
  return session.transaction((sql) => claimIn(sql, session, world));
});

/** The first run is queued again, and claimed with the other one. */
export const giveBackThenClaim = script('give-back of a capped run, then a claim', async (session, world) => {
  await session.transaction((sql) => giveBack(sql, world.tenant, world.runs[0].id, 1));
  return session.transaction((sql) => claimIn(sql, session, world));
});
