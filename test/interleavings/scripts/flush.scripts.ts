/** What the owner of the runs commits: both runs in one flush, named in opposite order by the two sides. */
import type { FlushedRun, Intent, RunCommit } from '@stepwell/engine';
import { flush } from '@stepwell/storage';
import type { Script } from '../script.js';
import type { Side } from '../gates.js';
import { EARLIER, type World } from '../world.js';

export type Flushed = readonly FlushedRun[];

/** The commit of one run by the owner of epoch 1, who has read everything that was there. */
export function commitOf(world: World, index: 0 | 1, side: Side, intent: Intent): RunCommit {
  const { id, attention } = world.runs[index];
  const consumed = index === 0 && world.message !== undefined ? [world.message] : [];
  const fact = { path: 'step', iteration: '', attempt: 1, payload: JSON.stringify({ by: side }) };
  return {
    tenant: world.tenant,
    runId: id,
    epoch: 1,
    lastSeq: 1,
    attention,
    facts:
      intent.kind === 'end'
        ? [
            { ...fact, type: 'step.completed' },
            { ...fact, type: 'run.ended' },
          ]
        : [{ ...fact, type: 'step.completed' }],
    intent,
    cancelRequested: false,
    consumed,
    tasks: [],
    events: [],
    dispatches: [],
    waits: [],
    settled: [],
    children: [],
    messages: [],
    workflow: world.workflow,
    version: 1,
  };
}

function flushing(name: string, intent: Intent): Script<Flushed> {
  return {
    name,
    covers: ['flush'],
    worlds: ['running'],
    run: (session, world) => {
      const order: readonly (0 | 1)[] = session.side === 'a' ? [0, 1] : [1, 0];
      return session.transaction((sql) =>
        flush(
          sql,
          order.map((index) => commitOf(world, index, session.side, intent)),
        ),
      );
    },
  };
}

/** The owner makes a fact of the unread message. */
export const takeMessage: Script<Flushed> = {
  name: 'flush that takes the message',
  covers: [],
  worlds: ['running'],
  run: (session, world) => {
    const commit = commitOf(world, 0, session.side, { kind: 'continue' });
    const payload = JSON.stringify({ id: EARLIER, by: session.side });
    const facts = commit.facts.map((fact) => ({ ...fact, type: 'async-result.settled', payload }));
    return session.transaction((sql) => flush(sql, [{ ...commit, facts }]));
  },
};

export const goOn = flushing('flush that goes on', { kind: 'continue' });
export const giveUp = flushing('flush that gives the lease up', {
  kind: 'release',
  reasons: ['task'],
  dueAt: null,
  errorCode: null,
  errorMessage: null,
});
export const endRuns = flushing('flush that ends the runs', {
  kind: 'end',
  status: 'failed',
  errorCode: 'STEP_FAILED',
  errorMessage: 'no',
  closesRows: true,
});

/** The time of the first run's open task is over: its owner has it answered by default. */
export const answerByDefault: Script<Flushed> = {
  name: 'flush that answers by default',
  covers: [],
  worlds: ['running'],
  run: (session, world) => {
    const escalations = [{ taskId: world.runs[0].task, step: 1, what: 'answer', answer: { by: 'default' } }] as const;
    return session.transaction((sql) => flush(sql, [{ ...commitOf(world, 0, session.side, { kind: 'continue' }), escalations }]));
  },
};
