import { uuidV7 } from '@stepwell/storage';
import { person, refusal, TaskDesk, TENANT } from '../../test/tasks/task-desk.js';

const ann = person('Ann');
const bob = person('Bob');

describe('claiming a task', () => {
  let desk: TaskDesk;
  beforeAll(async () => {
    desk = await TaskDesk.open();
  });
  afterAll(() => desk.close());

  it('is a lease of ten minutes that shows in the task, its history and the change feed', async () => {
    const { id, runId } = await desk.seed();
    const task = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    expect(task).toMatchObject({ id, status: 'claimed', version: 2, claimedBy: ann });
    const minutes = (Date.parse(task.claimedUntil ?? '') - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(9);
    expect(minutes).toBeLessThan(11);
    expect(await desk.historyKinds(id)).toEqual(['claimed']);
    expect(desk.changes.published).toEqual(
      expect.arrayContaining([
        { tenant: TENANT, kind: 'task', id },
        { tenant: TENANT, kind: 'run', id: runId },
      ]),
    );
  });

  it('is extended by its holder without a new version, history entry or change, so that what the page has seen stays good', async () => {
    const { id } = await desk.seed();
    const first = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    const published = desk.changes.published.length;
    // As if a minute had passed: two claims may come in one millisecond.
    await desk.pool.query(`UPDATE tasks SET claimed_until = claimed_until - interval '1 minute' WHERE id = $1`, [id]);
    const second = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    expect(second.version).toBe(first.version);
    expect(Date.parse(second.claimedUntil ?? '')).toBeGreaterThanOrEqual(Date.parse(first.claimedUntil ?? ''));
    expect(await desk.historyKinds(id)).toEqual(['claimed']);
    expect(desk.changes.published).toHaveLength(published);
  });

  it('is refused to others with who holds it and until when', async () => {
    const { id } = await desk.seed();
    const held = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    const error = await refusal(desk.tasks.claim({ tenant: TENANT, id, actor: bob }));
    expect(error).toMatchObject({ code: 'TASK_CLAIMED', task: { claimedBy: ann, claimedUntil: held.claimedUntil } });
    expect((error as Error).message).toBe(`This task is claimed by Ann until ${held.claimedUntil}.`);
  });

  it('may be taken by anybody once it has lapsed, and the history says from whom', async () => {
    const { id } = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.lapse(id);
    expect(await desk.tasks.get(TENANT, id)).toMatchObject({ status: 'open', claimedBy: null, claimedUntil: null });
    expect(await desk.tasks.claim({ tenant: TENANT, id, actor: bob })).toMatchObject({ status: 'claimed', version: 3, claimedBy: bob });
    expect((await desk.tasks.history(TENANT, [id])).get(id)?.at(-1)).toMatchObject({
      kind: 'claimed',
      actor: bob,
      details: { takenFrom: ann },
    });
  });

  it('stays with its holder after it has lapsed, as long as nobody took it', async () => {
    const { id } = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.lapse(id);
    expect(await desk.tasks.claim({ tenant: TENANT, id, actor: ann })).toMatchObject({ status: 'claimed', version: 2 });
  });

  it('goes to exactly one of a hundred who ask at once', async () => {
    const { id } = await desk.seed();
    const people = Array.from({ length: 100 }, (_, index) => person(`P${index}`));
    const outcomes = await Promise.allSettled(people.map((actor) => desk.tasks.claim({ tenant: TENANT, id, actor })));
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(won).toHaveLength(1);
    expect(lost).toHaveLength(99);
    for (const error of lost) expect(error).toMatchObject({ code: 'TASK_CLAIMED', task: { claimedBy: won[0]?.claimedBy } });
    expect(await desk.historyKinds(id)).toEqual(['claimed']);
  });

  it('is given back by its holder only; then others may claim, and an older version no longer decides', async () => {
    const { id } = await desk.seed();
    const claimed = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    expect(await refusal(desk.tasks.release({ tenant: TENANT, id, actor: bob }))).toMatchObject({ code: 'TASK_CLAIMED' });
    expect(await desk.tasks.release({ tenant: TENANT, id, actor: ann })).toMatchObject({
      status: 'open',
      version: claimed.version + 1,
      claimedBy: null,
    });
    expect(await refusal(desk.tasks.release({ tenant: TENANT, id, actor: ann }))).toMatchObject({ code: 'TASK_NOT_CLAIMED' });
    expect(await desk.tasks.claim({ tenant: TENANT, id, actor: bob })).toMatchObject({ claimedBy: bob });
    expect(await desk.historyKinds(id)).toEqual(['claimed', 'released', 'claimed']);
  });

  it('is refused for a task that is closed, missing, of another tenant, or no id at all', async () => {
    const closed = await desk.seed({ status: 'canceled' });
    const foreign = await desk.seed({ tenant: 'other' });
    expect(await refusal(desk.tasks.claim({ tenant: TENANT, id: closed.id, actor: ann }))).toMatchObject({
      code: 'TASK_CLOSED',
      task: { status: 'canceled' },
    });
    for (const id of [uuidV7(), foreign.id, 'no-id']) {
      expect(await refusal(desk.tasks.claim({ tenant: TENANT, id, actor: ann }))).toMatchObject({ code: 'TASK_NOT_FOUND' });
      expect(await desk.tasks.get(TENANT, id)).toBeUndefined();
    }
  });
});

describe('the draft', () => {
  let desk: TaskDesk;
  beforeAll(async () => {
    desk = await TaskDesk.open();
  });
  afterAll(() => desk.close());

  it('is saved by the holder with a version of its own, and leaves the task’s', async () => {
    const { id } = await desk.seed();
    const claimed = await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    const saved = await desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft: { verdict: 'ye' } });
    expect(saved).toMatchObject({ draft: { verdict: 'ye' }, draftVersion: 1, draftBy: ann, version: claimed.version });
    expect(await desk.historyKinds(id)).toEqual(['claimed', 'drafted']);
  });

  it('never overwrites what another window saved: the second is told, with the newer draft', async () => {
    const { id } = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    const save = (draft: string) => desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft });
    const outcomes = await Promise.allSettled([save('one'), save('two')]);
    const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.draft] : []));
    const lost = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
    expect(won).toHaveLength(1);
    expect(lost).toMatchObject([
      { code: 'VERSION_CONFLICT', details: { expected: 0, actual: 1 }, task: { draft: won[0], draftVersion: 1 } },
    ]);
  });

  it('extends the lease, and may be saved after the lease lapsed while nobody took the task', async () => {
    const { id } = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.lapse(id);
    const saved = await desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft: {} });
    expect(Date.parse(saved.claimedUntil ?? '')).toBeGreaterThan(Date.now());
  });

  it('stays when the task is given back, for whoever goes on', async () => {
    const { id } = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft: { note: 'half' } });
    await desk.tasks.release({ tenant: TENANT, id, actor: ann });
    expect(await desk.tasks.claim({ tenant: TENANT, id, actor: bob })).toMatchObject({
      draft: { note: 'half' },
      draftVersion: 1,
      draftBy: ann,
    });
  });

  it('is refused to who does not hold the task, and when it is not JSON', async () => {
    const { id } = await desk.seed();
    const save = (actor: typeof ann, draft: unknown) => desk.tasks.saveDraft({ tenant: TENANT, id, actor, expectedDraftVersion: 0, draft });
    expect(await refusal(save(ann, {}))).toMatchObject({ code: 'TASK_NOT_CLAIMED' });
    await desk.tasks.claim({ tenant: TENANT, id, actor: bob });
    expect(await refusal(save(ann, {}))).toMatchObject({ code: 'TASK_CLAIMED' });
    expect(await refusal(save(bob, { note: 'a\u0000b' }))).toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: '$.note' }] });
    expect(await refusal(save(bob, 'x'.repeat(300_000)))).toMatchObject({ code: 'INPUT_INVALID' });
  });
});
