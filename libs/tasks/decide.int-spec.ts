import type { Actor } from '@stepwell/contracts';
import { uuidV7 } from '@stepwell/storage';
import { person, refusal, TaskDesk, TENANT } from '../../test/tasks/task-desk.js';

const ann = person('Ann');
const bob = person('Bob');
const yes = { verdict: 'yes' };

describe('deciding a task', () => {
  let desk: TaskDesk;
  beforeAll(async () => {
    desk = await TaskDesk.open();
  });
  afterAll(() => desk.close());

  const complete = (
    id: string,
    actor: Actor,
    expectedVersion: number,
    more: { answer?: unknown; idempotencyKey?: string; claimNext?: boolean } = {},
  ) => desk.tasks.complete({ tenant: TENANT, id, actor, expectedVersion, answer: yes, ...more });

  it('completes what the actor holds: the answer, the message to the run, the history, the wake-up', async () => {
    const { id, runId } = await desk.seed();
    const { version } = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft: {} });
    desk.wakeUps.woken.length = 0;
    const { task, nextTask } = await complete(id, ann, version);
    expect(task).toMatchObject({ status: 'completed', version: version + 1, answer: yes, decidedBy: ann, claimedBy: null, draft: null });
    expect(nextTask).toBeNull();
    expect(await desk.inbox(runId)).toEqual([
      { kind: 'task.completed', dedupe_key: `task:${id}`, payload: { taskId: id, answer: yes, by: ann } },
    ]);
    expect(await desk.run(runId)).toEqual({ status: 'queued', attention: 1 });
    expect(await desk.historyKinds(id)).toEqual(['claimed', 'drafted', 'completed']);
    expect(desk.wakeUps.woken).toEqual(['default']);
  });

  it('completes an open task directly, but not one that somebody else holds, unless the lease has lapsed', async () => {
    const { id } = await desk.seed();
    expect((await complete(id, ann, 1)).task.decidedBy).toEqual(ann);

    const held = await desk.seed();
    const { version } = await desk.tasks.claim({ tenant: TENANT, id: held.id, actor: bob });
    expect(await refusal(complete(held.id, ann, version))).toMatchObject({ code: 'TASK_CLAIMED', task: { claimedBy: bob } });
    expect(await desk.inbox(held.runId)).toEqual([]);
    await desk.lapse(held.id);
    expect((await complete(held.id, ann, version)).task.decidedBy).toEqual(ann);
  });

  it('is decided by exactly one of a hundred, and each loser gets the winner’s decision', async () => {
    const { id, runId } = await desk.seed();
    const people = Array.from({ length: 100 }, (_, index) => person(`P${index}`));
    const outcomes = await Promise.allSettled(
      people.map((actor, index) => complete(id, actor, 1, { answer: { verdict: index % 2 ? 'yes' : 'no' } })),
    );
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.task] : []));
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(won).toHaveLength(1);
    expect(lost).toHaveLength(99);
    const [winner] = won;
    for (const error of lost)
      expect(error).toMatchObject({
        code: 'TASK_CLOSED',
        task: { status: 'completed', answer: winner?.answer, decidedBy: winner?.decidedBy },
      });
    expect((lost[0] as Error).message).toBe(`This task is already completed by ${winner?.decidedBy?.name}.`);
    expect(await desk.inbox(runId)).toHaveLength(1);
    expect(await desk.run(runId)).toEqual({ status: 'queued', attention: 1 });
    expect(await desk.historyKinds(id)).toEqual(['completed']);
  });

  it('refuses a version that is no longer the present one, with the task as it is', async () => {
    const { id, runId } = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id, actor: bob });
    await desk.tasks.release({ tenant: TENANT, id, actor: bob });
    expect(await refusal(complete(id, ann, 1))).toMatchObject({
      code: 'VERSION_CONFLICT',
      details: { expected: 1, actual: 3 },
      task: { status: 'open', version: 3 },
    });
    expect(await desk.inbox(runId)).toEqual([]);
    expect(await desk.run(runId)).toEqual({ status: 'waiting', attention: 0 });
  });

  it('returns the first result to the same request again, also when both come at once, but not to others', async () => {
    const { id, runId } = await desk.seed();
    const [one, two] = await Promise.all([complete(id, ann, 1, { idempotencyKey: 'k' }), complete(id, ann, 1, { idempotencyKey: 'k' })]);
    expect(two).toEqual(one);
    expect(await complete(id, ann, 1, { idempotencyKey: 'k', answer: { verdict: 'no' } })).toEqual(one);
    expect(await refusal(complete(id, ann, 1, { idempotencyKey: 'other' }))).toMatchObject({ code: 'TASK_CLOSED' });
    expect(await refusal(complete(id, bob, 1, { idempotencyKey: 'k' }))).toMatchObject({ code: 'TASK_CLOSED', task: { decidedBy: ann } });
    expect(await desk.inbox(runId)).toHaveLength(1);
  });

  it('validates the answer against its class, with the path of each wrong field, and changes nothing then', async () => {
    const { id, runId } = await desk.seed();
    const wrong = (answer: unknown) => refusal(complete(id, ann, 1, { answer }));
    expect(await wrong({ verdict: 'maybe', note: 'far too long a note' })).toMatchObject({
      code: 'ANSWER_INVALID',
      fields: [{ path: 'verdict' }, { path: 'note' }],
    });
    expect(await wrong({ verdict: 'yes', extra: 1 })).toMatchObject({ code: 'ANSWER_INVALID', fields: [{ path: 'extra' }] });
    expect(await wrong(null)).toMatchObject({ code: 'ANSWER_INVALID', fields: [{ path: '' }] });
    expect(await wrong({ verdict: 'yes', note: '\uD800' })).toMatchObject({ code: 'ANSWER_INVALID', fields: [{ path: 'note' }] });
    expect(await desk.run(runId)).toEqual({ status: 'waiting', attention: 0 });
    expect(await desk.historyKinds(id)).toEqual([]);
  });

  it.each(['x\u0000', '\uD800', 'x'.repeat(4_001)])(
    'refuses a reason and a key that cannot be kept (%#), and changes nothing then',
    async (text) => {
      const { id, runId } = await desk.seed();
      const cancel = desk.tasks.cancel({ tenant: TENANT, id, actor: ann, expectedVersion: 1, reason: text });
      expect(await refusal(cancel)).toMatchObject({ code: 'INPUT_INVALID' });
      expect(await refusal(complete(id, ann, 1, { idempotencyKey: text }))).toMatchObject({ code: 'INPUT_INVALID' });
      expect(await desk.run(runId)).toEqual({ status: 'waiting', attention: 0 });
    },
  );

  it('is refused when the run has ended, the screen is gone, or there is no such task', async () => {
    const ended = await desk.seed({ runStatus: 'failed' });
    expect(await refusal(complete(ended.id, ann, 1))).toMatchObject({ code: 'RUN_ENDED', details: { id: ended.runId, status: 'failed' } });
    expect(await desk.tasks.get(TENANT, ended.id)).toMatchObject({ status: 'open' });
    const gone = await desk.seed({ workflow: 'gone' });
    expect(await refusal(complete(gone.id, ann, 1))).toMatchObject({ code: 'SCREEN_NOT_FOUND' });
    const foreign = await desk.seed({ tenant: 'other' });
    for (const id of [uuidV7(), foreign.id, 'no-id']) expect(await refusal(complete(id, ann, 1))).toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('leaves a paused run paused: the message waits for it', async () => {
    const { id, runId } = await desk.seed({ runStatus: 'paused' });
    await complete(id, ann, 1);
    expect(await desk.run(runId)).toEqual({ status: 'paused', attention: 1 });
    expect(await desk.inbox(runId)).toHaveLength(1);
  });

  it('cancels the task and tells its run to stop; the loser of cancel and complete gets the winner’s', async () => {
    const { id, runId } = await desk.seed();
    const outcomes = await Promise.allSettled([
      desk.tasks.cancel({ tenant: TENANT, id, actor: ann, expectedVersion: 1, reason: 'duplicate' }),
      complete(id, bob, 1),
    ]);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    const task = await desk.tasks.get(TENANT, id);
    const lost = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(lost?.reason).toMatchObject({ code: 'TASK_CLOSED', task: { status: task?.status, decidedBy: task?.decidedBy } });
    expect(await desk.inbox(runId)).toHaveLength(1);

    const other = await desk.seed();
    expect(await desk.tasks.cancel({ tenant: TENANT, id: other.id, actor: ann, expectedVersion: 1, reason: 'duplicate' })).toMatchObject({
      status: 'canceled',
      decidedBy: ann,
    });
    expect(await desk.inbox(other.runId)).toEqual([
      { kind: 'task.canceled', dedupe_key: `task:${other.id}`, payload: { taskId: other.id, reason: 'duplicate', by: ann } },
    ]);
    expect((await desk.tasks.history(TENANT, [other.id])).get(other.id)).toMatchObject([
      { kind: 'canceled', actor: ann, details: { reason: 'duplicate' } },
    ]);
    expect(await refusal(desk.tasks.cancel({ tenant: TENANT, id: other.id, actor: bob, expectedVersion: 2, reason: null }))).toMatchObject({
      code: 'TASK_CLOSED',
    });
  });
});

describe('complete and next', () => {
  let desk: TaskDesk;
  beforeEach(async () => {
    desk = await TaskDesk.open();
  });
  afterEach(() => desk.close());

  it('claims the next free task in inbox order, passing over what others hold', async () => {
    const first = await desk.seed();
    const low = await desk.seed();
    const held = await desk.seed({ priority: 9 });
    const high = await desk.seed({ priority: 5 });
    await desk.seed({ tenant: 'other', priority: 99 });
    await desk.tasks.claim({ tenant: TENANT, id: held.id, actor: bob });
    const request = { tenant: TENANT, actor: ann, expectedVersion: 1, answer: yes, claimNext: true };
    const { nextTask } = await desk.tasks.complete({ ...request, id: first.id });
    expect(nextTask).toMatchObject({ id: high.id, status: 'claimed', claimedBy: ann, version: 2 });
    expect((await desk.tasks.complete({ ...request, id: high.id, expectedVersion: 2 })).nextTask?.id).toBe(low.id);
    await desk.lapse(held.id);
    expect((await desk.tasks.complete({ ...request, id: low.id, expectedVersion: 2 })).nextTask).toMatchObject({
      id: held.id,
      claimedBy: ann,
    });
    expect((await desk.tasks.complete({ ...request, id: held.id, expectedVersion: 3 })).nextTask).toBeNull();
  });

  it('gives a repeat of the request the next task that the first one got', async () => {
    const { id } = await desk.seed();
    await desk.seed();
    await desk.seed();
    const request = { tenant: TENANT, id, actor: ann, expectedVersion: 1, answer: yes, idempotencyKey: 'k', claimNext: true };
    const first = await desk.tasks.complete(request);
    const second = await desk.tasks.complete(request);
    expect(second.nextTask?.id).toBe(first.nextTask?.id);
  });

  it('gives fifty people who ask at once fifty different tasks', async () => {
    const decided = await Promise.all(Array.from({ length: 50 }, () => desk.seed({ priority: 1 })));
    const waiting = new Set((await Promise.all(Array.from({ length: 50 }, () => desk.seed()))).map(({ id }) => id));
    const held = await Promise.all(decided.map(({ id }, index) => desk.tasks.claim({ tenant: TENANT, id, actor: person(`P${index}`) })));
    const outcomes = await Promise.all(
      held.map(({ id, version, claimedBy }) =>
        desk.tasks.complete({ tenant: TENANT, id, actor: claimedBy ?? ann, expectedVersion: version, answer: yes, claimNext: true }),
      ),
    );
    const next = outcomes.map(({ nextTask }) => nextTask?.id);
    expect(new Set(next)).toEqual(waiting);
  });
});
