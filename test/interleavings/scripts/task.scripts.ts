/** What people do to tasks. */
import {
  claimNextTask,
  claimTask,
  decideTask,
  type DecideOutcome,
  reassignTask,
  releaseTask,
  saveTaskDraft,
  type TaskRecord,
} from '@stepwell/storage';
import type { Script, ScriptSession } from '../script.js';
import { HOLDER, type World } from '../world.js';

const ANYWHERE = { worlds: ['waiting'], isAtHomeAnywhere: true } as const;
const LEASE_MS = 600_000;

class NotDecided extends Error {
  constructor(readonly outcome: DecideOutcome) {
    super(outcome.kind);
  }
}

async function deciding(session: ScriptSession, decision: Parameters<typeof decideTask>[1]): Promise<DecideOutcome> {
  try {
    return await session.transaction(async (sql) => {
      const outcome = await decideTask(sql, decision);
      if (outcome.kind !== 'decided') throw new NotDecided(outcome);
      return outcome;
    });
  } catch (error) {
    if (error instanceof NotDecided) return error.outcome;
    throw error;
  }
}

function answer(world: World, index: 0 | 1, actor: typeof HOLDER, expectedVersion: number): Parameters<typeof decideTask>[1] {
  const { id: runId, task: id } = world.runs[index];
  return {
    tenant: world.tenant,
    id,
    runId,
    actor,
    expectedVersion,
    undoMs: null,
    formHash: null,
    build: null,
    isAgreed: false,
    verdict: { status: 'completed', answer: { by: actor.id }, idempotencyKey: null },
  };
}

/** The side's person answers the open task of the first run. */
export const decideOpen: Script<DecideOutcome> = {
  name: 'decide-task',
  covers: ['decide-task'],
  worlds: ['running', 'waiting'],
  run: (session, world) => deciding(session, answer(world, 0, world.people[session.side], 1)),
};

/** The holder answers the claimed task of the second run. */
export const decideHeld: Script<DecideOutcome> = {
  name: 'decide-task by its holder',
  covers: ['decide-task'],
  ...ANYWHERE,
  run: (session, world) => deciding(session, answer(world, 1, HOLDER, 2)),
};

export const claimOpen: Script<boolean> = {
  name: 'claim-task',
  covers: ['claim-task'],
  ...ANYWHERE,
  run: async (session, { tenant, runs, people }) =>
    (await session.transaction((sql) =>
      claimTask(sql, { tenant, id: runs[0].task, actor: people[session.side], leaseMs: LEASE_MS, isAgreed: false }),
    )) !== undefined,
};

/** Somebody gives the claimed task of the second run to a group. */
export const reassignHeld: Script<boolean> = {
  name: 'reassign-task',
  covers: ['reassign-task'],
  ...ANYWHERE,
  run: async (session, { tenant, runs, people }) =>
    (await session.transaction((sql) =>
      reassignTask(sql, {
        ...{
          tenant,
          id: runs[1].task,
          actor: people[session.side],
          expectedVersion: null,
          to: { groups: [session.side] },
          note: null,
          isOwn: false,
          isAgreed: false,
        },
      }),
    )) !== undefined,
};

export const claimNext: Script<TaskRecord | undefined> = {
  name: 'claim-next-task',
  covers: ['claim-next-task'],
  ...ANYWHERE,
  run: (session, { tenant, runs, people }) =>
    session.transaction(async (sql) => {
      const next = await claimNextTask(sql, {
        tenant,
        actor: people[session.side],
        leaseMs: LEASE_MS,
        after: runs[1].task,
        // No index has this filter in this order: the longer form, with the other one in it.
        ...{ filter: { priority: { min: -1_000, max: null } }, order: 'opened' },
      });
      return next?.kind === 'claimed' ? next.task : undefined;
    }),
};

export const releaseHeld: Script<boolean> = {
  name: 'release-task',
  covers: ['release-task'],
  ...ANYWHERE,
  run: async (session, { tenant, runs }) =>
    (await session.transaction((sql) =>
      releaseTask(sql, { tenant, id: runs[1].task, actor: HOLDER, expectedVersion: null, isAny: false, reason: null }),
    )) !== undefined,
};

export const saveDraft: Script<boolean> = {
  name: 'save-task-draft',
  covers: ['save-task-draft'],
  ...ANYWHERE,
  run: async (session, { tenant, runs }) =>
    (await session.transaction((sql) =>
      saveTaskDraft(sql, {
        tenant,
        id: runs[1].task,
        actor: HOLDER,
        expectedDraftVersion: 0,
        draft: `{"by": "${session.side}"}`,
        leaseMs: LEASE_MS,
      }),
    )) !== undefined,
};
