import { randomUUID } from 'node:crypto';
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import { person, refusal, type SeededTask, TaskDesk, TENANT } from '../../test/tasks/task-desk.js';
import type { TaskFilter } from './inbox/task-filter.js';
import { TaskBulk } from './task-bulk.js';
import { TaskPriorities } from './task-priorities.js';
import type { TaskOutcome } from './transitions/each-by-itself.js';

const ann = person('Ann');
const bob = person('Bob');
const olga = person('Olga');

/** The status of what was done, the code of what was refused. */
const told = (outcomes: readonly TaskOutcome[]) =>
  outcomes.map(({ task, error }) => task?.status ?? (error instanceof StepwellError ? error.code : String(error)));

describe('many tasks at once', () => {
  let desk: TaskDesk;
  let bulk: TaskBulk;
  let priorities: TaskPriorities;
  beforeAll(async () => {
    desk = await TaskDesk.open();
    bulk = new TaskBulk(desk.pool, desk.screens, desk.tasks);
    priorities = new TaskPriorities(desk.pool, desk.screens, desk.changes);
  });
  afterAll(() => desk.close());

  const at = ({ id }: SeededTask, expectedVersion: number) => ({ id, expectedVersion });
  const held = async (by: Actor) => {
    const task = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id: task.id, actor: by });
    return task;
  };
  const nothing = { id: randomUUID() } as SeededTask;
  const history = async ({ id }: SeededTask) =>
    ((await desk.tasks.history(TENANT, [id])).get(id) ?? []).map(({ kind, actor, details }) => [kind, actor?.name, details]);

  it('are given back each by itself: one’s own, or by who may those of anybody, from whom the history says', async () => {
    const [mine, his, free] = [await held(ann), await held(bob), await desk.seed()];
    const decided = await desk.seed({ status: 'canceled' });
    const again = await held(ann);
    const foreign = await desk.seed({ tenant: 'other' });
    await desk.tasks.saveDraft({ tenant: TENANT, id: mine.id, actor: ann, expectedDraftVersion: 0, draft: { note: 'half' } });
    const items = [at(mine, 2), at(his, 2), at(free, 1), at(decided, 1), at(again, 1), at(foreign, 1), at(nothing, 1), at(mine, 2)];
    desk.changes.published.length = 0;
    const request = { tenant: TENANT, actor: ann, reason: null };
    expect(told(await bulk.release(items, request))).toEqual([
      ...['open', 'TASK_CLAIMED', 'TASK_NOT_CLAIMED', 'TASK_CLOSED', 'VERSION_CONFLICT'],
      ...['TASK_NOT_FOUND', 'TASK_NOT_FOUND'],
    ]);
    expect(desk.changes.published.filter(({ kind }) => kind === 'task').map(({ id }) => id)).toEqual([mine.id]);
    expect(await desk.tasks.get(TENANT, mine.id)).toMatchObject({ claimedBy: null, draft: { note: 'half' }, version: 3 });

    const byOperator = { tenant: TENANT, actor: olga, reason: 'He is ill.', mayReleaseAny: true };
    expect(told(await bulk.release([at(his, 2), at(free, 1), at(again, 1)], byOperator))).toEqual([
      ...['open', 'TASK_NOT_CLAIMED', 'VERSION_CONFLICT'],
    ]);
    expect(await history(his)).toEqual([
      ['claimed', 'Bob', null],
      ['released', 'Olga', { takenFrom: bob, reason: 'He is ill.' }],
    ]);
    expect((await history(mine)).at(-1)).toEqual(['released', 'Ann', null]);
  });

  it('are none when none is named, and none when too many are', async () => {
    const task = await held(ann);
    const items = Array.from({ length: 101 }, () => at(task, 2));
    const by = { tenant: TENANT, actor: ann, reason: null };
    const change = { ...by, priority: 1, mayPrioritizeAny: true };
    const answer = { ...by, answer: { verdict: 'yes' }, idempotencyKey: 'k' };
    expect([await bulk.release([], by), await priorities.setMany([], change), await bulk.complete([], answer)]).toEqual([[], [], []]);
    for (const call of [() => bulk.release(items, by), () => priorities.setMany(items, change), () => bulk.complete(items, answer)])
      expect(await refusal(call())).toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'items' }] });
    expect(await history(task)).toHaveLength(1);
  });

  it('get another priority while they wait, which disturbs nobody who works on them; the same again leaves no trace', async () => {
    const [open, his, decided] = [await desk.seed({ priority: 1 }), await held(bob), await desk.seed({ status: 'canceled' })];
    const change = { tenant: TENANT, actor: olga, priority: 7, reason: 'The customer has called.', mayPrioritizeAny: true };
    for (let repeat = 0; repeat < 2; repeat++)
      expect(told(await priorities.setMany([at(open, 1), at(his, 2), at(decided, 1), at(his, 1), at(nothing, 1)], change))).toEqual([
        ...['open', 'VERSION_CONFLICT', 'TASK_CLOSED', 'TASK_NOT_FOUND'],
      ]);
    expect(told(await priorities.setMany([at(his, 2)], change))).toEqual(['claimed']);
    expect(await desk.tasks.get(TENANT, open.id)).toMatchObject({ priority: 7, version: 1 });
    expect(await history(open)).toEqual([['prioritized', 'Olga', { from: 1, to: 7, reason: 'The customer has called.' }]]);
    const decide = desk.tasks.complete({ tenant: TENANT, id: his.id, actor: bob, expectedVersion: 2, answer: { verdict: 'yes' } });
    expect((await decide).task).toMatchObject({ status: 'completed', priority: 7 });
    for (const priority of [1.5, 1_000_001, NaN])
      expect(await refusal(priorities.set(at(open, 1), { ...change, priority }))).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('get another priority from a reviewer only where their screen lets, and they are for that person', async () => {
    const [fixed, free, others] = [
      await desk.seed(),
      await desk.seed({ workflow: 'let' }),
      await desk.seed({ workflow: 'let', assignee: 'x' }),
    ];
    desk.screens.prioritized.add('let');
    const change = { tenant: TENANT, actor: ann, priority: 2, reason: null, mayPrioritizeAny: false };
    expect(told(await priorities.setMany([at(fixed, 1), at(free, 1), at(others, 1)], change))).toEqual([
      ...['TASK_PRIORITY_FIXED', 'open', 'TASK_FOR_OTHERS'],
    ]);
  });

  describe('decided with one answer', () => {
    const complete = (items: readonly { id: string; expectedVersion: number }[], answer: Json, actor = ann, idempotencyKey = 'a call') =>
      bulk.complete(items, { tenant: TENANT, actor, answer, idempotencyKey });
    const yes = { verdict: 'yes', note: 'all' };

    it('are so each by itself, and by a repeat whose answer was lost no second time', async () => {
      desk.screens.bulk = 'any';
      const [one, two, his, stale] = [await desk.seed(), await held(ann), await held(bob), await held(ann)];
      const ended = await desk.seed({ runStatus: 'canceled' });
      const foreign = await desk.seed({ tenant: 'other' });
      const items = [at(one, 1), at(two, 2), at(his, 2), at(stale, 1), at(ended, 1), at(foreign, 1), at(nothing, 1)];
      const outcome = ['completed', 'completed', 'TASK_CLAIMED', 'VERSION_CONFLICT', 'RUN_ENDED', 'TASK_NOT_FOUND', 'TASK_NOT_FOUND'];
      for (let repeat = 0; repeat < 2; repeat++) expect(told(await complete(items, yes))).toEqual(outcome);
      expect(told(await complete(items.slice(0, 2), yes, ann, 'another'))).toEqual(['TASK_CLOSED', 'TASK_CLOSED']);
      expect(told(await complete(items.slice(0, 2), yes, bob))).toEqual(['TASK_CLOSED', 'TASK_CLOSED']);
      for (const { runId } of [one, two])
        expect(await desk.inbox(runId)).toMatchObject([{ kind: 'task.completed', payload: { answer: yes, by: ann } }]);
      for (const { runId } of [his, stale]) expect(await desk.inbox(runId)).toEqual([]);
    });

    it('are so only where their screen takes that answer for many, and their class takes it at all', async () => {
      const tasks = [await desk.seed(), await desk.seed()];
      const items = tasks.map((task) => at(task, 1));
      const refused = ['BULK_ANSWER_REFUSED', 'BULK_ANSWER_REFUSED'];
      desk.screens.bulk = null;
      expect(told(await complete(items, yes))).toEqual(refused);
      desk.screens.bulk = [{ label: 'Yes', answer: yes }];
      expect(told(await complete(items, { verdict: 'yes' }))).toEqual(refused);
      desk.screens.bulk = 'any';
      expect(told(await complete(items, { verdict: 'maybe' }))).toEqual(['ANSWER_INVALID', 'ANSWER_INVALID']);
      expect(await refusal(complete(items, yes, ann, ' '))).toMatchObject({ code: 'INPUT_INVALID' });
      desk.screens.bulk = [{ label: 'Yes', answer: { note: 'all', verdict: 'yes' } }];
      expect(told(await complete(items, yes))).toEqual(['completed', 'completed']);
    });
  });

  it('are found by a filter as they now are, and never by one that says nothing or is not understood', async () => {
    const matching = (filter: TaskFilter | null, most = 10) => bulk.matching(TENANT, { most, filter, viewer: ann });
    const wanted = [await desk.seed({ workflow: 'wanted', priority: 1 }), await desk.seed({ workflow: 'wanted', priority: 2 })];
    await desk.tasks.claim({ tenant: TENANT, id: wanted[0]!.id, actor: bob });
    await desk.seed({ workflow: 'wanted', status: 'canceled' });
    await desk.seed({ workflow: 'wanted', tenant: 'other' });
    expect(await matching({ workflow: 'wanted' })).toMatchObject({
      tasks: [
        { id: wanted[1]!.id, version: 1 },
        { id: wanted[0]!.id, version: 2, workflow: 'wanted', title: 'Approve', subject: 'Order 7' },
      ],
      isMore: false,
    });
    expect(await matching({ workflow: 'wanted' }, 1)).toMatchObject({ tasks: [{ id: wanted[1]!.id }], isMore: true });
    expect((await matching({ workflow: 'no such one' })).tasks).toEqual([]);
    const wrong = [null, {}, { status: ['open', 'claimed'] }, { workflow: null }, { workflow: 'wanted', status: ['completed'] }];
    for (const filter of [...wrong, { workflw: 'wanted' }, { due: {} }, { assignee: {} }, { columns: [] }])
      expect(await refusal(matching(filter as TaskFilter | null))).toMatchObject({ code: 'INPUT_INVALID' });
    for (const most of [0, 1_001, 1.5])
      expect(await refusal(matching({ workflow: 'wanted' }, most))).toMatchObject({ code: 'INPUT_INVALID' });
  });
});
