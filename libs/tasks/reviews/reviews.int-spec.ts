/** Several people answer one task: on a real database, without a worker. Who may, on each path: test/tasks/who-decides.int-spec.ts. */
import type { Actor, StepwellError } from '@stepwell/contracts';
import type { OpenedReviews } from '@stepwell/sdk';
import { UNCHAINED_DECISIONS } from '@stepwell/storage';
import { person, refusal, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';

const [ann, bob, cy] = ['Ann', 'Bob', 'Cy'].map(person) as [Actor, Actor, Actor];
const TWO: OpenedReviews = { required: 2, of: 3, isBlind: true, compare: ['verdict'], settledBy: null, users: null, groups: null };

describe('a task that several people answer', () => {
  let desk: TaskDesk;
  beforeAll(async () => (desk = await TaskDesk.open()));
  afterAll(() => desk.close());

  const answer = (
    id: string,
    actor: Actor,
    expectedVersion: number,
    verdict: string,
    { note, key }: { note?: string; key?: string } = {},
  ) =>
    desk.tasks.complete({
      tenant: TENANT,
      id,
      actor,
      expectedVersion,
      answer: { verdict, ...(note ? { note } : {}) },
      idempotencyKey: key ?? null,
    });
  const records = async (id: string) =>
    (await desk.pool.query<{ record: Record<string, unknown> }>('SELECT record FROM decisions WHERE task_id = $1 ORDER BY id', [id])).rows.map(({ record }) => record); // prettier-ignore

  const user = async (name: string, groups: readonly string[] = []): Promise<Actor> => {
    const { rows } = await desk.pool.query<{ id: string }>(
      `INSERT INTO users (tenant, name, display_name, role, password_hash, groups) VALUES ($1, $2, $2, 'reviewer', '!', $3) RETURNING id`,
      [TENANT, name, groups],
    );
    return { id: rows[0]?.id ?? '', name, kind: 'user' };
  };
  const lastOf = async (id: string) => (await desk.tasks.history(TENANT, [id])).get(id)?.at(-1);

  it('keeps the first one and tells the run of nothing; an equal one decides, and all are kept', async () => {
    const { id, runId } = await desk.seed({ reviews: TWO });
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft: { note: 'perhaps' } });
    const first = await answer(id, ann, 2, 'yes', { note: 'a' });
    expect(first.task).toMatchObject({ status: 'open', version: 3, claimedBy: null, draft: null, answer: null, decidedBy: null });
    expect(await desk.inbox(runId)).toEqual([]);

    const second = await answer(id, bob, 3, 'yes', { note: 'b' });
    expect(second.task).toMatchObject({ status: 'completed', decidedBy: bob, answer: { verdict: 'yes', note: 'b' } });
    expect(second.task.reviews?.given.map(({ by, answer: given }) => [by.name, given])).toEqual([
      ['Ann', { verdict: 'yes', note: 'a' }],
      ['Bob', { verdict: 'yes', note: 'b' }],
    ]);
    expect((await desk.inbox(runId)).map(({ kind }) => kind)).toEqual(['task.completed']);
    expect(await desk.historyKinds(id)).toEqual(['claimed', 'drafted', 'reviewed', 'completed']);
    expect(await records(id)).toMatchObject([
      { kind: 'reviewed', actor: ann, answer: { verdict: 'yes', note: 'a' }, draft: { note: 'perhaps' } },
      { kind: 'completed', actor: bob, answer: { verdict: 'yes', note: 'b' } },
    ]);
    expect((await records(id)).map((record) => 'reviews' in record)).toEqual([false, false]);
    expect((await desk.pool.query(UNCHAINED_DECISIONS.text, [TENANT, 10])).rows).toEqual([]);
  });

  it('keeps of a draft what whoever answers was shown: nothing of another, while it is blind', async () => {
    const { id } = await desk.seed({ reviews: TWO });
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft: { note: 'a secret of Ann' } });
    await desk.tasks.release({ tenant: TENANT, id, actor: ann });
    await answer(id, bob, 3, 'yes');
    const { id: other } = await desk.seed({ reviews: TWO });
    await desk.tasks.claim({ tenant: TENANT, id: other, actor: ann });
    await desk.tasks.saveDraft({ tenant: TENANT, id: other, actor: ann, expectedDraftVersion: 0, draft: { note: 'a secret of Ann' } });
    await desk.tasks.release({ tenant: TENANT, id: other, actor: ann });
    await desk.tasks.claim({ tenant: TENANT, id: other, actor: bob });
    await desk.tasks.saveDraft({ tenant: TENANT, id: other, actor: bob, expectedDraftVersion: 1, draft: { note: 'mine' } });
    const told = [await records(id), await desk.tasks.history(TENANT, [id, other]).then((found) => [...found.values()])];
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  it('takes one of each person: the same request again is told the same, another one is refused', async () => {
    const { id } = await desk.seed({ reviews: TWO });
    await answer(id, ann, 1, 'yes', { key: 'one' });
    const again = await answer(id, ann, 1, 'yes', { key: 'one' });
    expect(again.task).toMatchObject({ status: 'open', version: 2, reviews: { given: [{ by: ann }] } });
    await expect(answer(id, ann, 2, 'yes', { key: 'two' })).rejects.toMatchObject({ code: 'TASK_REVIEWED' });
    await answer(id, bob, 2, 'yes');
    expect((await answer(id, ann, 1, 'yes', { key: 'one' })).task).toMatchObject({ status: 'completed', decidedBy: bob });
  });

  it('of two who answer at once takes one, and shows the other what it is now', async () => {
    const { id } = await desk.seed({ reviews: TWO });
    const outcomes = await Promise.allSettled([answer(id, ann, 1, 'yes'), answer(id, bob, 1, 'yes')]);
    const [lost] = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as StepwellError] : []));
    expect(lost).toMatchObject({ code: 'VERSION_CONFLICT', task: { status: 'open', version: 2 } });
    expect((await desk.tasks.get(TENANT, id))?.reviews?.given).toHaveLength(1);
  });

  it('is in dispute when enough equal ones cannot come any more: whoever settles it decides alone, and has seen all', async () => {
    const { id, runId } = await desk.seed({ reviews: { ...TWO, of: 2, settledBy: ['judges'] }, assignee: 'ann' });
    await desk.pool.query(`UPDATE tasks SET assignee = NULL WHERE id = $1`, [id]);
    await answer(id, ann, 1, 'yes');
    const { task } = await answer(id, bob, 2, 'no');
    expect(task).toMatchObject({ status: 'open', candidateGroups: ['judges'], reviews: { isDisputed: true } });
    expect(await desk.inbox(runId)).toEqual([]);
    await expect(answer(id, ann, 3, 'yes')).rejects.toMatchObject({ code: 'TASK_REVIEWED' });
    await expect(answer(id, cy, 3, 'no')).rejects.toMatchObject({ code: 'TASK_FOR_OTHERS' });
    await desk.pool.query('UPDATE tasks SET candidate_groups = NULL WHERE id = $1', [id]);
    const settled = await answer(id, cy, 3, 'no');
    expect(settled.task).toMatchObject({ status: 'completed', decidedBy: cy, reviews: { given: [{ by: ann }, { by: bob }] } });
    expect((await records(id)).at(-1)).toMatchObject({ kind: 'completed', actor: cy, reviews: [{ by: ann }, { by: bob }] });
  });

  it('that was for some alone, and has nobody of them left, is again for those whom it named at first', async () => {
    const [dee, eve] = [await user('dee'), await user('eve')];
    await user('fay');
    const alone = await desk.seed({ reviews: { ...TWO, groups: ['claims'] }, assignee: 'dee' });
    expect((await answer(alone.id, dee, 1, 'yes')).task).toMatchObject({ assignee: null, candidateGroups: ['claims'] });
    expect(await desk.historyKinds(alone.id)).toEqual(['reviewed', 'reassigned']);

    const { id } = await desk.seed({ reviews: { ...TWO, users: ['dee', 'eve', 'fay'] } });
    await desk.pool.query(`UPDATE tasks SET candidate_users = '{dee,eve}' WHERE id = $1`, [id]);
    expect((await answer(id, dee, 1, 'yes')).task).toMatchObject({ candidateUsers: ['dee', 'eve'] });
    expect((await answer(id, eve, 2, 'no')).task).toMatchObject({ candidateUsers: ['dee', 'eve', 'fay'] });
    expect(await desk.historyKinds(id)).toEqual(['reviewed', 'reviewed', 'reassigned']);
    expect(await desk.tasks.leftToNobody(TENANT, [id])).toEqual(new Set());
  });

  it('that nobody may answer any more says so, until somebody comes who may', async () => {
    const [gus, hal] = [await user('gus', ['pair']), await user('hal', ['pair'])];
    const { id } = await desk.seed({ reviews: { ...TWO, groups: ['pair'] }, groups: ['pair'] });
    await answer(id, gus, 1, 'yes');
    expect(await lastOf(id)).toMatchObject({ kind: 'reviewed', details: null });
    await answer(id, hal, 2, 'no');
    expect(await lastOf(id)).toMatchObject({ kind: 'reviewed', details: { isNobodyLeft: true } });
    expect(await desk.tasks.leftToNobody(TENANT, [id, 'no id'])).toEqual(new Set([id]));
    await user('ida', ['pair']);
    expect(await desk.tasks.leftToNobody(TENANT, [id])).toEqual(new Set());
  });

  it('in dispute goes to nobody but those who settle it, also when all of them have answered', async () => {
    const [jo, kim] = [await user('jo', ['all', 'judges2']), await user('kim', ['all'])];
    await user('lee', ['all']);
    const { id } = await desk.seed({ reviews: { ...TWO, of: 2, groups: ['all'], settledBy: ['judges2'] }, groups: ['all'] });
    await answer(id, kim, 1, 'yes');
    expect((await answer(id, jo, 2, 'no')).task).toMatchObject({ candidateGroups: ['judges2'], reviews: { isDisputed: true } });
    const history = (await desk.tasks.history(TENANT, [id])).get(id) ?? [];
    expect(history.map(({ kind, details }) => [kind, details])).toEqual([
      ['reviewed', null],
      ['reviewed', { isDisputed: true, isNobodyLeft: true }],
      ['reassigned', { toGroups: ['judges2'] }],
    ]);
  });

  it('takes none when it was canceled with its run, and one person cancels it alone', async () => {
    const ended = await desk.seed({ reviews: TWO, status: 'canceled', runStatus: 'canceled' });
    expect(await refusal(answer(ended.id, ann, 1, 'yes'))).toMatchObject({ code: 'TASK_CLOSED' });
    const { id } = await desk.seed({ reviews: TWO });
    await answer(id, ann, 1, 'yes');
    await expect(desk.tasks.cancel({ tenant: TENANT, id, actor: ann, expectedVersion: 2, reason: null })).rejects.toMatchObject({ code: 'TASK_REVIEWED' }); // prettier-ignore
    const canceled = await desk.tasks.cancel({ tenant: TENANT, id, actor: bob, expectedVersion: 2, reason: 'withdrawn' });
    expect(canceled).toMatchObject({ status: 'canceled', reviews: { given: [{ by: ann }] } });
  });
});
