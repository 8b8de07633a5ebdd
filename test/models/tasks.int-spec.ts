/**
 * A task beside its model: people claim, skip, hand on, decide and take back, also two of them at the same instant; time passes, the run is
 * canceled or taken to another version, and processes die. On a real PostgreSQL, by a clock that the test moves.
 */
import { type Actor, StepwellError } from '@stepwell/contracts';
import { migrateFrom, Screen, type ScreenHandler, type ScreenPlacement, workflow, WorkflowModule } from '@stepwell/sdk';
import { type RunUnderTest, testKit, type TestKit } from '@stepwell/sdk/testing';
import { createPool } from '@stepwell/storage';
import { TaskAssignments, TaskClaims, TaskService } from '@stepwell/tasks';
import { IsIn } from 'class-validator';
import fc from 'fast-check';
import type pg from 'pg';
import { mustEqual } from '../../libs/engine/testing/must-equal.js';
import { NoFeed } from '../engine/no-feed.js';
import { ScreensOf } from '../tasks/screens-of.js';
import { type ModelTest, modelTimeout, type Move, playModel } from './play-model.js';
import { type Deed, MINUTE, type Name, TaskModel } from './task.model.js';

const TENANT = 'default';
const SEQUENCES = 50;
const NAMES = ['ann', 'bob', 'cy'] as const;
const PEOPLE: Readonly<Record<Name, Actor>> = {
  ann: { id: '00000000-0000-4000-8000-00000000000a', name: 'Ann', kind: 'user' },
  bob: { id: '00000000-0000-4000-8000-00000000000b', name: 'Bob', kind: 'user' },
  cy: { id: '00000000-0000-4000-8000-00000000000c', name: 'Cy', kind: 'user' },
};

class Answer {
  @IsIn(['yes', 'no'])
  verdict!: 'yes' | 'no';
}

@Screen({ id: 'approve', title: 'Approve' })
class Approve implements ScreenHandler<null, Answer> {
  readonly answer = Answer;
  props = () => null;
}

const PLACED: ScreenPlacement<unknown, Answer> = {
  undoWindow: '7m',
  escalate: [
    { after: '62m', assign: { candidateGroups: ['leads'] } },
    { after: '62m', notify: ['leads'] },
    { after: '62m', answer: { verdict: 'no' } },
  ],
};
const older = workflow<unknown>('claim', { version: 1 })
  .screen(Approve, PLACED)
  .then('close', (ctx) => ctx.answerOf(Approve).verdict);
// Nobody's lot: runs come to it by a migration.
const newer = workflow<unknown>('claim', { version: 2, migrations: [migrateFrom(1)], canary: { percent: 0.1, by: () => 'nobody' } })
  .then('look', () => null)
  .screen(Approve, PLACED)
  .then('close', (ctx) => ctx.answerOf(Approve).verdict);

@WorkflowModule({ workflows: [older, newer], providers: [Approve] })
class Claims {}

interface World {
  readonly id: string;
  readonly run: RunUnderTest;
}

describe('a task and its model', () => {
  let t: TestKit;
  let pool: pg.Pool;
  let [tasks, claims, assignments]: [TaskService?, TaskClaims?, TaskAssignments?] = [];
  beforeAll(async () => {
    // By the real time: the trigger that lets a decision be taken back goes by the server's own clock.
    t = await testKit({ workflows: [Claims], store: 'postgres' });
    pool = createPool({ url: (t.dataSource?.options as { url: string }).url, max: 4, applicationName: 'people' });
    const [screens, feed] = [new ScreensOf(Answer), new NoFeed()];
    tasks = new TaskService(pool, screens, t['hints'], feed);
    claims = new TaskClaims(pool, screens, feed);
    assignments = new TaskAssignments(pool, screens, feed);
    for (const name of NAMES)
      await pool.query(
        `INSERT INTO users (tenant, id, name, display_name, role, password_hash, groups) VALUES ($1, $2, $3, $3, 'reviewer', '!', $4)`,
        [TENANT, PEOPLE[name].id, name, name === 'ann' ? [] : ['leads']],
      );
  });
  afterAll(async () => {
    await pool.end();
    await t.close();
  });

  it('do the same, whatever people, clocks and processes do', () => playModel(TEST), modelTimeout(SEQUENCES));

  async function perform(id: string, deed: Deed, expectedVersion: number): Promise<string> {
    const about = { tenant: TENANT, id, actor: PEOPLE[deed.by] };
    const ways: Readonly<Record<Deed['what'], () => Promise<unknown> | undefined>> = {
      claim: () => tasks?.claim(about),
      release: () => tasks?.release(about),
      undo: () => tasks?.undo(about),
      skip: () => claims?.skip({ ...about, reason: 'later' }),
      'take over': () => claims?.takeOver({ ...about, expectedVersion, reason: null }),
      cancel: () => tasks?.cancel({ ...about, expectedVersion, reason: null }),
      complete: () => {
        if (deed.what !== 'complete') return undefined;
        return tasks?.complete({ ...about, expectedVersion, answer: { verdict: deed.verdict }, idempotencyKey: deed.key });
      },
      reassign: () => {
        if (deed.what !== 'reassign') return undefined;
        const to = deed.to === 'leads' ? { groups: ['leads'] } : { user: deed.to };
        return assignments?.reassign(id, { ...about, to, mayReassign: deed.isOperator });
      },
    };
    try {
      await ways[deed.what]();
      return 'done';
    } catch (error) {
      if (error instanceof StepwellError) return error.code;
      throw error;
    }
  }

  /** The row, the history and the run say what the model says. */
  async function compare(model: TaskModel, { id, run }: World): Promise<void> {
    await t.advance('0s');
    mustEqual(await actual(id), expectedOf(model), 'The task, and what it should be');
    const status = await run.status();
    mustEqual(
      status,
      model.told === null ? 'waiting' : model.told === 'canceled' ? 'canceled' : 'completed',
      'The run, and what it should be',
    );
  }

  async function actual(id: string) {
    const view = await tasks?.get(TENANT, id);
    const history = ((await tasks?.history(TENANT, [id]))?.get(id) ?? []).map(({ kind }) => kind).filter((kind) => kind !== 'lapsed');
    return {
      status: view?.status,
      version: view?.version,
      holder: view?.claimedBy?.id,
      answer: view?.answer,
      decidedBy: view?.decidedBy?.id,
      assignee: view?.assignee,
      groups: view?.candidateGroups,
      history,
    };
  }

  function expectedOf(model: TaskModel) {
    const { version, decision, assignee, isForLeads, history, isHeld, holder } = model;
    const by = model.canceledBy ?? decision?.by;
    return {
      status: model.status === 'claimed' && !isHeld ? 'open' : model.status,
      version,
      holder: isHeld && holder ? PEOPLE[holder].id : undefined,
      answer: decision ? { verdict: decision.verdict } : null,
      decidedBy: by ? PEOPLE[by].id : decision ? 'escalation' : undefined,
      assignee,
      groups: isForLeads ? ['leads'] : [],
      history,
    };
  }

  const done = (asked: Asked, isLate = false): Move<TaskModel, World> => ({
    name: nameOf(asked),
    isPossible: ({ told }) => isLate || told === null,
    make: async (model, world) => {
      const deed = deedOf(asked, model);
      const seen = seenBy(deed, model);
      const outcome = await perform(world.id, deed, seen);
      mustEqual(outcome, model.does(deed, seen), `${nameOf(deed)}: what came of it, and what should`);
      await compare(model, world);
      return `${deed.what} ${outcome}`;
    },
  });

  /** It must be as if one of them had come before the other. */
  const together = (first: Asked, second: Asked): Move<TaskModel, World> => ({
    name: `${nameOf(first)} while ${nameOf(second)}`,
    isPossible: ({ told }) => told === null,
    make: async (model, world) => {
      const [one, other] = [deedOf(first, model), deedOf(second, model)];
      const seen = [seenBy(one, model), seenBy(other, model)] as const;
      const came = await Promise.all([perform(world.id, one, seen[0]), perform(world.id, other, seen[1])]);
      // A claim passes a run by that one who loses has locked: the sweep comes back to it.
      t['hints'].wake(['default']);
      await t.advance('0s');
      const now = await actual(world.id);
      for (const order of [0, 1]) {
        const tried = model.copy();
        const said: string[] = [];
        for (const index of [order, 1 - order]) said[index] = tried.does(index === 0 ? one : other, seen[index] ?? 0);
        if (JSON.stringify([said, expectedOf(tried)]) !== JSON.stringify([came, now])) continue;
        Object.assign(model, tried);
        await compare(model, world);
        return came.every((what) => what === 'done') ? 'together' : 'raced';
      }
      throw new Error(`As if in no order: ${JSON.stringify([came, now])}, from ${JSON.stringify(model)}.`);
    },
  });

  const passes = (ms: number): Move<TaskModel, World> => ({
    name: `${ms / MINUTE} minutes pass`,
    make: async (model, world) => {
      const [steps, told] = [model.step, model.told];
      model.pass(ms);
      await t.advance(`${ms / MINUTE}m`);
      await compare(model, world);
      return [`passes`, ...(model.step > steps ? ['escalated'] : []), ...(model.told === told ? [] : ['told'])].join(', ');
    },
  });

  const crash: Move<TaskModel, World> = {
    name: 'the process dies',
    make: async (model, world) => {
      await t.crash();
      await compare(model, world);
      return 'crash';
    },
  };

  const cancelsRun: Move<TaskModel, World> = {
    name: 'the run is canceled',
    isPossible: ({ told }) => told === null,
    make: async (model, world) => {
      const what = model.isInWindow ? 'canceled in the window' : 'run canceled';
      model.cancelRun();
      await t.cancel(world.run);
      await compare(model, world);
      return what;
    },
  };

  const deploys: Move<TaskModel, World> = {
    name: 'the run is taken to version 2',
    isPossible: ({ told }) => told === null,
    make: async (model, world) => {
      const { version } = (await tasks?.get(TENANT, world.id).then((view) => ({ version: view?.workflowVersion }))) ?? {};
      const { outcome } = await t.migrate(world.run, { from: 1, to: 2 });
      // What is taken back belongs to the version that asked.
      mustEqual(outcome, version === 2 || model.isInWindow ? 'refused' : 'migrated', 'The migration, and what should become of it');
      if (outcome === 'migrated') model.migrate();
      await compare(model, world);
      return `deploy ${outcome}`;
    },
  };

  const name = fc.constantFrom(...NAMES);
  const isStale = fc.nat(5).map((roll) => roll === 0);
  const anything: fc.Arbitrary<Deed> = fc.oneof(
    { weight: 7, arbitrary: fc.record({ what: fc.constant('claim' as const), by: name }) },
    { weight: 3, arbitrary: fc.record({ what: fc.constant('undo' as const), by: name }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('release' as const, 'skip' as const), by: name }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('take over' as const), by: name, isStale }) },
    {
      weight: 2,
      arbitrary: fc.record({
        what: fc.constant('complete' as const),
        by: name,
        isStale,
        verdict: fc.constantFrom('yes' as const, 'no' as const),
        key: fc.constantFrom(null, 'k1', 'k2'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        what: fc.constant('reassign' as const),
        by: name,
        to: fc.constantFrom('leads' as const, ...NAMES),
        isOperator: fc.boolean(),
      }),
    },
  );
  const canceling: fc.Arbitrary<Deed> = fc.record({ what: fc.constant('cancel' as const), by: name, isStale });
  const deed: fc.Arbitrary<Asked> = fc.tuple(anything, fc.boolean()).map(([one, isTheirs]) => ({ ...one, isTheirs }));

  const TEST: ModelTest<TaskModel, World> = {
    file: 'test/models/tasks.int-spec.ts',
    name: 'do the same',
    sequences: SEQUENCES,
    moves: 40,
    start: fc.constant(null),
    move: fc.oneof(
      { weight: 14, arbitrary: deed.map((one) => done(one)) },
      { weight: 1, arbitrary: deed.map((one) => done(one, true)) },
      {
        weight: 6,
        arbitrary: fc.tuple(deed, fc.oneof({ weight: 14, arbitrary: deed }, canceling)).map(([one, other]) => together(one, other)),
      },
      { weight: 7, arbitrary: fc.constantFrom(5, 10, 10, 15, 45).map((minutes) => passes(minutes * MINUTE)) },
      { weight: 2, arbitrary: fc.constantFrom(crash, deploys) },
      {
        weight: 1,
        arbitrary: fc.oneof(
          canceling.map((one) => done(one)),
          fc.constant(cancelsRun),
        ),
      },
    ),
    begin: async () => {
      const run = await t.start('claim', {});
      const task = (await t.tasks()).find(({ runId }) => runId === run.id);
      return { model: new TaskModel(t.now.getTime()), real: { id: task?.id ?? '', run } };
    },
    end: async (model, world) => {
      model.pass(5 * 60 * MINUTE);
      await t.advance('5h');
      await compare(model, world);
      const facts = await world.run.journal();
      mustEqual(facts.filter(({ type }) => type === 'run.ended').length, 1, 'The run has ended once');
      mustEqual(facts.filter(({ type }) => type === 'task.completed').length, model.told === 'canceled' ? 0 : 1, 'How often it was told');
      if (model.told !== 'canceled') mustEqual(await world.run.output(), model.told, 'What it was told');
      mustEqual((await pool.query('SELECT FROM inbox WHERE run_id = $1', [world.run.id])).rowCount, 0, 'What it has not read');
    },
    mustSee: {
      ...{ 'claim done': 30, 'complete done': 20, 'undo done': 6, 'reassign done': 25, 'take over done': 1, 'skip done': 3 },
      ...{ raced: 80, together: 8, escalated: 3, told: 15, crash: 20, 'deploy migrated': 3, 'run canceled': 2 },
    },
  };
});

function nameOf(deed: Asked): string {
  const { what, by, ...more } = deed;
  return `${by} does ${what}${Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : ''}`;
}

/** What somebody is to do: the one who is named, or whoever has the task or has decided it. */
type Asked = Deed & { readonly isTheirs?: boolean };

function deedOf({ isTheirs = false, ...deed }: Asked, { holder, decision }: TaskModel): Deed {
  return isTheirs ? { ...deed, by: holder ?? decision?.by ?? deed.by } : deed;
}

function seenBy(deed: Deed, { version }: TaskModel): number {
  return 'isStale' in deed && deed.isStale ? version - 1 : version;
}
