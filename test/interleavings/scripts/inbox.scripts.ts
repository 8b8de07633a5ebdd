/** What others say to runs. */
import type { AppendOutcome } from '@stepwell/engine';
import {
  appendInbox,
  type Busy,
  claimDispatches,
  endDispatch,
  pauseRun,
  recordLateResult,
  resumeRun,
  type SettleOutcome,
  settleAsyncResult,
  settleAsyncResults,
} from '@stepwell/storage';
import type { Script } from '../script.js';
import { EARLIER, type WorldName } from '../world.js';

export const append: Script<AppendOutcome> = {
  name: 'append-inbox',
  covers: ['append-inbox'],
  worlds: ['running', 'waiting'],
  run: (session, { tenant, runs }) =>
    session.transaction((sql) =>
      appendInbox(sql, { tenant, runId: runs[0].id, kind: 'async-result.settled', dedupeKey: `by-${session.side}`, payload: {} }),
    ),
};

const saying = (name: string, tell: typeof pauseRun): Script<string | undefined> => ({
  name,
  covers: ['pause-run'],
  worlds: ['running', 'waiting'],
  run: (session, { tenant, runs }) =>
    session.transaction((sql) => tell(sql, { tenant, runId: runs[0].id, by: null, reason: session.side })),
});
export const pause = saying('pause-run', pauseRun);
export const resume = saying('resume-run', resumeRun);

export const cancelRun: Script<AppendOutcome> = {
  name: 'append-inbox of a cancel',
  covers: [],
  worlds: ['running', 'waiting'],
  run: (session, { tenant, runs }) =>
    session.transaction((sql) =>
      appendInbox(sql, { tenant, runId: runs[0].id, kind: 'cancel.requested', dedupeKey: 'cancel', payload: {} }),
    ),
};

/** By a process whose worker would go on with the run. */
function settling(name: string, worlds: readonly WorldName[], index: 0 | 1, id: string): Script<SettleOutcome> {
  return {
    name,
    covers: [],
    worlds,
    run: (session, { tenant, runs, workers, queue, needs }) =>
      session.transaction((sql) =>
        settleAsyncResult(
          sql,
          { tenant, runId: runs[index].id, id, payload: JSON.stringify({ id }) },
          { worker: workers[session.side], queues: [queue], needs: [needs] },
        ),
      ),
  };
}

export const settle: Script<SettleOutcome> = {
  ...settling('settle-async-result', ['running', 'waiting'], 0, 'result'),
  covers: ['settle-async-result'],
};
/** The run's unread message has it already. */
export const settleAgain = settling('settle-async-result again', ['running'], 0, EARLIER);
/** The run's timer is due. */
export const settleDue = settling('settle-async-result of a due run', ['queued'], 1, 'result');

/** A group of results, one for each run; the second has another id, so that it meets nobody's. */
export const settleMany: Script<readonly (SettleOutcome | Busy)[]> = {
  name: 'settle-async-results',
  covers: ['settle-async-result'],
  worlds: ['running', 'waiting'],
  run: (session, { tenant, runs, workers, queue, needs }) =>
    session.transaction((sql) =>
      settleAsyncResults(
        sql,
        [runs[1], runs[0]].map(({ id: runId }, index) => {
          const id = index === 0 ? `of ${session.side}` : 'result';
          const claimant = { worker: workers[session.side], queues: [queue], needs: [needs] };
          return { message: { tenant, runId, id, payload: JSON.stringify({ id }) }, claimant };
        }),
      ),
    ),
};

/** As a worker of another queue ends its step, inside the step's own transaction: all of it, or nothing. */
export const endOneDispatch: Script<'ended' | 'lost'> = {
  name: 'end-dispatch',
  covers: ['dispatches'],
  worlds: ['running', 'waiting'],
  run: async (session, { tenant, runs, dispatches: [id] }) => {
    try {
      return await session.transaction(async (sql): Promise<'ended'> => {
        if (!(await endDispatch(sql, { tenant, id, run_id: runs[0].id, epoch: 1 }, []))) throw new Lost();
        return 'ended';
      });
    } catch (error) {
      if (error instanceof Lost) return 'lost';
      throw error;
    }
  },
};

class Lost extends Error {}

export const claimDispatch: Script<readonly { readonly id: string }[]> = {
  name: 'claim-dispatches',
  covers: ['dispatches'],
  worlds: ['running'],
  run: (session, { workers, queue, needs }) =>
    session.transaction((sql) => claimDispatches(sql, workers[session.side], [queue], [needs], 10)),
};

/** An attempt that was closed comes back after its run has ended. */
export const lateResult: Script<void> = {
  name: 'record-late-result',
  covers: ['record-late-result'],
  worlds: ['running'],
  run: (session, { tenant, runs }) =>
    session.transaction((sql) =>
      recordLateResult(sql, { tenant, runId: runs[0].id, path: 'step', iteration: '', attempt: 1, reason: 'late' }),
    ),
};
