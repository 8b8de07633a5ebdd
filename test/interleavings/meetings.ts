/** Who may win against whom, for the pairs where it matters most. Each is played in every order by meetings.int-spec.ts. */
import type { TestDatabase } from '../postgres/test-database.js';
import type { Side } from './gates.js';
import type { RunNow, WorldNow } from './invariants.js';
import type { Script } from './script.js';
import { BY_DEFAULT } from '@stepwell/engine';
import { awaitChildren, bearChild, endChildrenThenTell, ENDS } from './scripts/child.scripts.js';
import { answerByDefault, endRuns, type Flushed, giveUp, goOn, takeMessage } from './scripts/flush.scripts.js';
import {
  append,
  cancelRun,
  endOneDispatch,
  lateResult,
  pause,
  resume,
  settle,
  settleAgain,
  settleDue,
  settleMany,
} from './scripts/inbox.scripts.js';
import { beat, claim, giveBackOne, takeDispatchesOver, takeRunsOver } from './scripts/lease.scripts.js';
import { cancelThenClaim, claimCapped, endFirstThenClaim, giveBackThenClaim, waitFirst } from './scripts/permit.scripts.js';
import { endThenRetry, retryOne } from './scripts/retry.scripts.js';
import {
  deliver,
  emitBatch,
  emitThenRoute,
  fireSlot,
  listenThenLookUp,
  route,
  startKeyed,
  tellMessages,
  tellWaits,
} from './scripts/start.scripts.js';
import { claimNext, claimOpen, decideHeld, decideOpen, releaseHeld, saveDraft } from './scripts/task.scripts.js';
import { EARLIER_MESSAGE, type World, type WorldName } from './world.js';

/** What two scripts returned, and the world after them. */
export interface Met<A, B> {
  readonly a: A;
  readonly b: B;
  readonly now: WorldNow;
  readonly world: World;
  readonly database: TestDatabase;
}

export interface Meeting {
  readonly says: string;
  readonly a: Script;
  readonly b: Script;
  readonly worlds: readonly WorldName[];
  readonly check: (met: Met<never, never>) => Promise<void> | void;
}

function meeting<A, B>(
  says: string,
  a: Script<A>,
  b: Script<B>,
  worlds: readonly WorldName[],
  check: (met: Met<A, B>) => Promise<void> | void,
): Meeting {
  return { says, a, b, worlds, check };
}

function runOf(now: WorldNow, { runs }: World, index: 0 | 1): RunNow {
  const run = now.runs.find(({ id }) => id === runs[index].id);
  if (!run) throw new Error('The run is gone.');
  return run;
}

/** The facts of a flush are there exactly where the flush says so. */
function expectFencedOrWhole(flushed: Flushed, { now, world }: Pick<Met<unknown, unknown>, 'now' | 'world'>, side: Side): void {
  for (const index of [0, 1] as const) {
    const run = runOf(now, world, index);
    expect(run.facts.some(({ by }) => by === side)).toBe(flushed.some(({ id }) => id === run.id));
  }
}

const ownerAndInbox: readonly Meeting[] = [
  meeting(
    'who gives the lease up sees the message, or the message finds the run waiting and queues it',
    giveUp,
    append,
    ['running'],
    (met) => {
      const outcome = met.a.find(({ id }) => id === met.world.runs[0].id);
      const run = runOf(met.now, met.world, 0);
      expect([met.b.kind, run.messages]).toEqual(['accepted', ['by-b']]);
      if (outcome?.status === 'running') expect([outcome.attention, run.status]).toEqual([2, 'running']);
      else expect([outcome?.status, run.status]).toEqual(['waiting', 'queued']);
    },
  ),
  meeting('who ends a run reads what came before, and what comes after is refused', endRuns, append, ['running'], (met) => {
    const outcome = met.a.find(({ id }) => id === met.world.runs[0].id);
    const { messages } = runOf(met.now, met.world, 0);
    if (met.b.kind === 'run-ended') expect([outcome?.status, messages]).toEqual(['failed', []]);
    else expect([outcome?.status, outcome?.attention, messages]).toEqual(['running', 2, ['by-b']]);
  }),
  meeting('a run that is to be canceled does not stay paused', cancelRun, pause, ['running', 'waiting'], ({ now, world }) => {
    expect(runOf(now, world, 0).status).toBe(world.name === 'running' ? 'running' : 'queued');
  }),
  meeting(
    'of a pause and a resume both count, in their order',
    pause,
    resume,
    ['running', 'waiting'],
    (met: Met<string | undefined, string | undefined>) => {
      const { status, messages } = runOf(met.now, met.world, 0);
      const isLast = messages.some((key) => key.startsWith('resume:'));
      expect(status).toBe(met.world.name === 'running' ? 'running' : isLast ? 'queued' : 'paused');
      expect(messages.filter((key) => key.startsWith('pause:'))).toHaveLength(1);
    },
  ),
  meeting('who claims reads the message, or learns from attention that there is one', claim, append, ['queued'], (met) => {
    const mine = met.a.find(({ run }) => run.id === met.world.runs[0].id);
    const run = runOf(met.now, met.world, 0);
    expect(run.messages).toEqual([EARLIER_MESSAGE, 'by-b']);
    if (mine && mine.messages.length < 2) expect(run.attention).toBeGreaterThan(mine.run.attention);
  }),
];

const children: readonly Meeting[] = [
  meeting(
    'a child that is leased at once begins with the commit that starts it, and is claimed by nobody else',
    bearChild,
    claim,
    ['running'],
    ({ a, b, now, world }) => {
      expect([a.length, b.map(({ run }) => run.id)]).toEqual([1, []]);
      const child = now.runs.find(({ id }) => id === world.newRuns.a);
      expect(child).toMatchObject({ status: 'running', worker: world.workers.a, epoch: 1, last_seq: 1 });
    },
  ),
  meeting('a parent that was given back leaves no child', bearChild, giveBackOne, ['running'], ({ a, now, world }) => {
    expect(now.runs.filter(({ id }) => id === world.newRuns.a)).toHaveLength(a.length);
  }),
  meeting(
    'a parent hears at once of all children that have ended in one flush, or is queued by them',
    awaitChildren,
    endChildrenThenTell,
    ['running'],
    async ({ a, now, world, database }) => {
      const run = runOf(now, world, 0);
      expect(run.messages).toEqual(['child', ENDS[0]]);
      expect(run.status).toBe(a[0]?.status === 'running' ? 'running' : 'queued');
      const { rows } = await database.pool.query(`SELECT kind, payload FROM inbox WHERE tenant = $1 AND dedupe_key = $2`, [world.tenant, ENDS[0]]); // prettier-ignore
      expect(rows).toEqual([{ kind: 'children.ended', payload: { ends: ENDS.map((childId) => ({ childId })) } }]);
    },
  ),
];

const results: readonly Meeting[] = [
  meeting('of two results of one question one is taken', settle, settle, ['running', 'waiting'], ({ a, b, now, world }) => {
    expect([a.kind, b.kind].sort()).toEqual(['accepted', 'settled-before']);
    expect(runOf(now, world, 0).messages).toContain('async-result:result');
  }),
  meeting(
    'of a group of results and one of its own each is taken once; a group passes over what is held, and takes the rest',
    settleMany,
    settle,
    ['running', 'waiting'],
    ({ a: [other, ours], b, now, world }) => {
      expect([ours?.kind, b.kind]).toEqual(
        ours?.kind === 'busy' ? ['busy', 'accepted'] : [ours?.kind, ours?.kind === 'accepted' ? 'settled-before' : 'accepted'],
      );
      expect(other?.kind).toBe('accepted');
      expect(runOf(now, world, 0).messages).toContain('async-result:result');
      expect(runOf(now, world, 1).messages).toContain('async-result:of a');
    },
  ),
  meeting(
    'who gives leases up sees the results of a group, or who brings them goes on with the runs, or is told to come again',
    giveUp,
    settleMany,
    ['running'],
    ({ a, b, now, world }) => {
      b.forEach((outcome, index) => {
        const run = runOf(now, world, index === 0 ? 1 : 0);
        const released = a.find(({ id }) => id === run.id);
        expect(run.messages.filter((key) => key !== EARLIER_MESSAGE)).toHaveLength(outcome.kind === 'accepted' ? 1 : 0);
        if (outcome.kind === 'accepted' && outcome.claimed) expect([run.status, run.worker]).toEqual(['running', world.workers.b]);
        else if (outcome.kind === 'accepted') expect([run.status, run.worker]).toEqual(['running', world.worker]);
        else expect([outcome.kind, released?.status ?? run.status]).toEqual(['busy', run.status]);
      });
    },
  ),
  meeting(
    'a second result is refused, whether the first is still a message, or a fact, or just on its way from one to the other',
    takeMessage,
    settleAgain,
    ['running'],
    ({ a, b }) => expect([a.length, b.kind]).toEqual([1, 'settled-before']),
  ),
  meeting(
    'who gives the lease up sees the result, or who brings it goes on with the run',
    giveUp,
    settle,
    ['running'],
    ({ a, b, now, world }) => {
      const outcome = a.find(({ id }) => id === world.runs[0].id);
      const run = runOf(now, world, 0);
      expect([b.kind, run.messages, run.status]).toEqual(['accepted', ['async-result:result'], 'running']);
      const claimed = b.kind === 'accepted' ? b.claimed : undefined;
      if (outcome?.status === 'running') expect([outcome.attention, claimed, run.worker]).toEqual([2, undefined, world.worker]);
      else expect([outcome?.status, claimed?.run.epoch, run.epoch, run.worker]).toEqual(['waiting', 2, 2, world.workers.b]);
    },
  ),
  meeting(
    'a run whose timer is due, and a result: either the claimer or who brings the result goes on with it, and both are seen',
    claim,
    settleDue,
    ['queued'],
    ({ a, b, now, world }) => {
      const run = runOf(now, world, 1);
      const mine = a.find(({ run: { id } }) => id === world.runs[1].id);
      const theirs = b.kind === 'accepted' ? b.claimed : undefined;
      expect([mine, theirs].filter((one) => one !== undefined)).toHaveLength(1);
      expect(run).toMatchObject({ status: 'running', epoch: 2, worker: mine ? world.workers.a : world.workers.b });
      if (mine && mine.messages.length === 0) expect(run.attention).toBeGreaterThan(mine.run.attention);
    },
  ),
];

const staleOwners: readonly Meeting[] = [
  ...[goOn, giveUp, endRuns].map((flushing) =>
    meeting(`a ${flushing.name}, and a take-over: a stale epoch writes nothing`, flushing, takeRunsOver, ['orphaned'], (met) => {
      expectFencedOrWhole(met.a, met, 'a');
      for (const index of [0, 1] as const) {
        const run = runOf(met.now, met.world, index);
        // Taken over, it is nobody's; committed before that, it may have been taken with its facts.
        if (run.epoch > 1) expect(run.status).toBe('queued');
        else expect(met.a.map(({ id }) => id)).toContain(run.id);
      }
    }),
  ),
  meeting('a flush and a give-back: nothing is kept after the epoch was raised', goOn, giveBackOne, ['running'], (met) => {
    expectFencedOrWhole(met.a, met, 'a');
    expect(runOf(met.now, met.world, 0)).toMatchObject({ status: 'queued', epoch: 2 });
  }),
  meeting('a commit that is repeated, because nobody knows its outcome, is made once', goOn, goOn, ['running'], ({ a, b, now, world }) => {
    for (const index of [0, 1] as const) {
      const run = runOf(now, world, index);
      expect([...a, ...b].filter(({ id }) => id === run.id)).toHaveLength(1);
      expect(run.facts).toHaveLength(2);
    }
  }),
  ...[goOn, giveUp].map((flushing) =>
    meeting(
      `a ${flushing.name}, and a claim: the claim’s read finds every fact, and none comes after it`,
      flushing,
      claim,
      ['running', 'queued'],
      (met) => {
        for (const { run, facts } of met.b) {
          expect(facts).toBe(run.last_seq);
          expect(met.now.runs.find(({ id }) => id === run.id)?.facts).toHaveLength(facts);
        }
      },
    ),
  ),
  meeting(
    'a give-back and a claim: the claim has a later epoch, and reads the whole journal',
    giveBackOne,
    claim,
    ['running'],
    ({ b: claimed }) => {
      for (const { run, facts } of claimed) expect([run.epoch, facts]).toEqual([3, run.last_seq]);
    },
  ),
  meeting('a worker is alive in time, or taken for dead; never both', beat, takeRunsOver, ['orphaned'], ({ a: isAlive, b: taken }) => {
    expect(taken).toHaveLength(isAlive ? 0 : 2);
  }),
  meeting(
    'who has a dispatch tells its end, or has lost it',
    endOneDispatch,
    takeDispatchesOver,
    ['orphaned'],
    async ({ a: end, b: taken, now, world, database }) => {
      const { rows } = await database.pool.query('SELECT status, epoch FROM dispatches WHERE id = $1', [world.dispatches[0]]);
      expect(rows).toEqual(end === 'ended' ? [] : [{ status: 'queued', epoch: 2 }]);
      expect(taken).toHaveLength(end === 'ended' ? 0 : 1);
      expect(runOf(now, world, 0).messages).toHaveLength(end === 'ended' ? 2 : 1);
    },
  ),
  meeting('a dispatch ends once', endOneDispatch, endOneDispatch, ['running'], ({ a, b }) =>
    expect([a, b].sort()).toEqual(['ended', 'lost']),
  ),
  meeting(
    'an attempt that comes back is recorded behind the end of its run, or not at all',
    endRuns,
    lateResult,
    ['running'],
    ({ now, world }) => {
      const ended = ['run.started', 'step.completed', 'run.ended'];
      expect([ended, [...ended, 'attempt.discarded']]).toContainEqual(runOf(now, world, 0).facts.map(({ type }) => type));
    },
  ),
];

const workers: readonly Meeting[] = [
  meeting('two workers that claim get each run once', claim, claim, ['queued'], ({ a, b, world }) => {
    expect([...a, ...b].map(({ run }) => run.id).sort()).toEqual(world.runs.map(({ id }) => id).sort());
  }),
  meeting('two workers that take over take each run once', takeRunsOver, takeRunsOver, ['orphaned'], ({ a, b, now, world }) => {
    expect(a.length + b.length).toBe(2);
    for (const index of [0, 1] as const) expect(runOf(now, world, index)).toMatchObject({ status: 'queued', epoch: 2 });
  }),
];

const people: readonly Meeting[] = [
  meeting('of two who decide one wins', decideOpen, decideOpen, ['waiting', 'running'], ({ a, b, now, world }) => {
    expect([a.kind, b.kind].sort()).toEqual(['decided', 'lost']);
    const winner = world.people[a.kind === 'decided' ? 'a' : 'b'];
    expect(now.tasks[0]).toMatchObject({ status: 'completed', decided_by: winner.id, version: 2, history: ['completed'] });
    expect(runOf(now, world, 0).messages.filter((key) => key.startsWith('task:'))).toHaveLength(1);
  }),
  ...[decideOpen, decideHeld].map((deciding, index) =>
    meeting(
      `${deciding.name}, and the end of the run: the run reads the answer, or has closed the task`,
      deciding,
      endRuns,
      ['running'],
      ({ a: decided, now, world }) => {
        expect(now.tasks[index]?.status).toBe(decided.kind === 'decided' ? 'completed' : 'canceled');
        expect(runOf(now, world, index === 0 ? 0 : 1).status).toBe(decided.kind === 'decided' ? 'running' : 'failed');
      },
    ),
  ),
  meeting('of a person and the answer by default one decides', decideOpen, answerByDefault, ['running'], ({ a, now, world }) => {
    const decider = a.kind === 'decided' ? world.people.a.id : BY_DEFAULT.id;
    expect(now.tasks[0]).toMatchObject({ status: 'completed', decided_by: decider, version: 2, history: ['completed'] });
    expect(runOf(now, world, 0).messages.filter((key) => key.startsWith('task:'))).toHaveLength(a.kind === 'decided' ? 1 : 0);
  }),
  meeting('of two who claim one task one has it', claimOpen, claimOpen, ['waiting'], ({ a, b }) =>
    expect([a, b].sort()).toEqual([false, true]),
  ),
  meeting('two who claim the next free task do not get the same', claimNext, claimNext, ['waiting'], ({ a, b, world }) => {
    expect([a?.id, b?.id].sort()).toEqual([world.runs[0].task, undefined]);
  }),
  meeting('who claims the next free task does not get what another claims', claimNext, claimOpen, ['waiting'], ({ a, b }) => {
    expect([a !== undefined, b].sort()).toEqual([false, true]);
  }),
  meeting('a claim and a decision: one of them', claimOpen, decideOpen, ['waiting'], ({ a: isClaimed, b, now }) => {
    expect(b.kind).toBe(isClaimed ? 'lost' : 'decided');
    expect(now.tasks[0]?.status).toBe(isClaimed ? 'claimed' : 'completed');
  }),
  meeting('of two windows one saves its draft, and nothing is overwritten unseen', saveDraft, saveDraft, ['waiting'], ({ a, b, now }) => {
    expect([a, b].sort()).toEqual([false, true]);
    expect(now.tasks[1]).toMatchObject({ draft: a ? 'a' : 'b', draft_version: 1, version: 2 });
  }),
  meeting('no draft outlives the decision', saveDraft, decideHeld, ['waiting'], ({ b, now }) => {
    expect(b.kind).toBe('decided');
    expect(now.tasks[1]).toMatchObject({ status: 'completed', draft: null });
  }),
  meeting('a task is given back or decided', releaseHeld, decideHeld, ['waiting'], ({ a: isReleased, b, now }) => {
    expect(b.kind).toBe(isReleased ? 'lost' : 'decided');
    expect(now.tasks[1]?.status).toBe(isReleased ? 'open' : 'completed');
  }),
];

const starts: readonly Meeting[] = [
  meeting('two starts of one key insert one run', startKeyed, startKeyed, ['waiting'], ({ a, b, now }) => {
    expect([a, b].sort()).toEqual([false, true]);
    expect(now.runs).toHaveLength(3);
  }),
  meeting('two processes fire a slot once', fireSlot, fireSlot, ['waiting'], ({ a, b, now }) => {
    expect([a, b].sort()).toEqual([false, true]);
    expect(now.runs).toHaveLength(3);
  }),
  meeting('two workers start one run for a delivery', deliver, deliver, ['waiting'], ({ a, b, now }) => {
    expect([a, b].sort()).toEqual([false, true]);
    expect(now.runs).toHaveLength(3);
  }),
  meeting('two routers deliver an event to each listener once', route, route, ['waiting'], async ({ world, database }) => {
    const { rows } = await database.pool.query<{ consumer: string }>('SELECT consumer FROM event_deliveries WHERE event_id = $1', [
      world.event,
    ]);
    const listeners = [`start:${world.workflow}`, ...world.waits.map((id) => `wait:${id}`)];
    expect(rows.map(({ consumer }) => consumer).sort()).toEqual(listeners.sort());
  }),
  meeting(
    'who begins to wait, and an event: one of the two sees the other, and the event is delivered once',
    listenThenLookUp,
    emitThenRoute,
    ['running'],
    async ({ world, database }) => {
      const { rows } = await database.pool.query(
        `SELECT d.run_id FROM event_deliveries d JOIN events e ON e.tenant = d.tenant AND e.id = d.event_id
         WHERE d.tenant = $1 AND e.name = 'order.paid'`,
        [world.tenant],
      );
      expect(rows).toEqual([{ run_id: world.runs[0].id }]);
    },
  ),
  meeting('two processes bring a message of another run once', tellMessages, tellMessages, ['waiting'], ({ a, b, now, world }) => {
    expect([...a, ...b]).toEqual([world.runs[0].id]);
    expect(runOf(now, world, 0)).toMatchObject({ status: 'queued', attention: 1, messages: ['child'] });
  }),
  meeting('two processes tell a run of its event once', tellWaits, tellWaits, ['waiting'], ({ a, b, now, world }) => {
    const { id } = world.runs[1];
    expect([...a, ...b]).toEqual([id]);
    expect(runOf(now, world, 1)).toMatchObject({ status: 'queued', attention: 1, messages: [`wait:${world.waits[1]}:${world.delivered}`] });
  }),
  meeting(
    'of two runs of an emitter that read the same record one starts a run for it',
    emitBatch,
    emitBatch,
    ['running'],
    ({ a, b, now }) => {
      expect([a, b].sort()).toEqual(['committed', 'moved']);
      expect(now.runs).toHaveLength(3);
    },
  ),
  meeting(
    'a batch whose emitter was taken over leaves nothing',
    emitBatch,
    takeRunsOver,
    ['orphaned'],
    async ({ a: outcome, now, world, database }) => {
      const { rows } = await database.pool.query(
        `SELECT (SELECT count(*)::int FROM emissions WHERE tenant = $1) AS keys, (SELECT count(*)::int FROM emission_reads WHERE tenant = $1) AS reads,
         (SELECT count(*)::int FROM emitter_cursors WHERE tenant = $1) AS cursors`,
        [world.tenant],
      );
      const kept = outcome === 'committed' ? 1 : 0;
      expect(rows).toEqual([{ keys: kept, reads: kept, cursors: kept }]);
      expect(now.runs).toHaveLength(2 + kept);
    },
  ),
];

const retries: readonly Meeting[] = [
  meeting(
    'a run is retried only when its end is committed, and goes on from before it',
    endRuns,
    retryOne,
    ['running'],
    ({ a, b, now, world }) => {
      const next = now.runs.find(({ id }) => id === world.newRuns.b);
      expect([a.length, next !== undefined]).toEqual([2, b]);
      if (next) expect(next.facts.map(({ type }) => type)).toEqual(['run.started', 'retry.started']);
    },
  ),
  meeting('of two who retry one run one does', endThenRetry, retryOne, ['running'], ({ a, b, now, world }) => {
    expect([a, b].filter((isRetried) => isRetried)).toHaveLength(1);
    expect(now.runs.filter(({ id }) => id === world.newRuns.a || id === world.newRuns.b)).toHaveLength(1);
  }),
];

/** Nobody is at work without a permit, and there is one. */
async function expectOnePermit({ database, world }: Pick<Met<unknown, unknown>, 'database' | 'world'>): Promise<void> {
  const { rows } = await database.pool.query<{ held: string[]; running: string[] }>(
    `SELECT ARRAY(SELECT run_id FROM permits WHERE tenant = $1) AS held, ARRAY(SELECT id FROM runs WHERE tenant = $1 AND status = 'running') AS running`,
    [world.tenant],
  );
  const [{ held, running } = { held: ['?'], running: [] }] = rows;
  expect(held).toEqual(running);
  expect(held.length).toBeLessThan(2);
}

const permits: readonly Meeting[] = [
  meeting('who ends and who claims: the permit is handed on, or is still held', endFirstThenClaim, claimCapped, ['capped'], async (met) => {
    await expectOnePermit(met);
    expect([...met.a, ...met.b]).toEqual([met.world.runs[1].id]);
  }),
  meeting('two who claim for a permit that both have seen free', giveBackThenClaim, claimCapped, ['capped'], async (met) => {
    await expectOnePermit(met);
    expect(met.a.length + met.b.length).toBeGreaterThan(0);
  }),
  meeting(
    'who cancels the run that queues, and who claims: one of them has it, without a permit',
    cancelThenClaim,
    claimCapped,
    ['capped'],
    async (met) => {
      const [first, second] = met.world.runs;
      expect([...met.a, ...met.b]).toEqual([second.id]);
      const { rows } = await met.database.pool.query('SELECT run_id FROM permits WHERE tenant = $1', [met.world.tenant]);
      expect(rows).toEqual([{ run_id: first.id }]);
    },
  ),
  meeting('who gives the lease up to wait leaves the permit to who claims', waitFirst, claimCapped, ['capped'], expectOnePermit),
];

export const MEETINGS: readonly Meeting[] = [
  ...ownerAndInbox,
  ...children,
  ...results,
  ...staleOwners,
  ...workers,
  ...people,
  ...starts,
  ...retries,
  ...permits,
];
