/** What people say about a task: on a real database, with whom it is told to. */
import type { Actor } from '@stepwell/contracts';
import { keepNotifying, pgSql, takeCauses } from '@stepwell/storage';
import { person, refusal, type SeededTask, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import { MOST_CHANGES, MOST_CHANGES_OF_TASK, MOST_COMMENTS, type TaskComment } from './task-comments.js';

const ann = person('Ann');
const bob = person('Bob');
const FORM = { type: 'object', properties: { verdict: { type: 'string' }, parts: { type: 'array', items: { properties: { cost: {} } } } } };

describe('comments on a task', () => {
  let desk: TaskDesk;
  let task: SeededTask;
  beforeAll(async () => {
    desk = await TaskDesk.open();
    await desk.pool.query(`INSERT INTO users (tenant, id, name, display_name, role, password_hash) VALUES ($1, gen_random_uuid(), 'eve', 'Eve', 'reviewer', '!')`, [TENANT]); // prettier-ignore
  });
  afterAll(() => desk.close());
  beforeEach(async () => {
    task = await desk.seed({ form: FORM });
  });

  const say = (
    text: string,
    about: { field?: string; parentId?: string; actor?: Actor; taskId?: string; key?: string } = {},
  ): Promise<TaskComment> =>
    desk.comments.add({
      ...{ tenant: TENANT, taskId: about.taskId ?? task.id, actor: about.actor ?? ann, text },
      ...{ field: about.field ?? null, parentId: about.parentId ?? null, idempotencyKey: about.key ?? null },
    });
  const fill = (count: number) => desk.pool.query(`INSERT INTO task_comments (tenant, task_id, text, author) SELECT $1, $2, 'x', '{}' FROM generate_series(1, $3)`, [TENANT, task.id, count]); // prettier-ignore
  const on = (id: string, actor = ann) => ({ tenant: TENANT, taskId: task.id, id, actor });
  const all = async () => (await desk.comments.of(TENANT, [task.id])).get(task.id);
  const told = async () =>
    ((await desk.tasks.history(TENANT, [task.id])).get(task.id) ?? []).map(({ kind, actor, details }) => [kind, actor?.name, details]);

  it('are of a field or of the whole, answered, changed by who wrote them, resolved and opened again by anybody; the history tells it all', async () => {
    const asked = await say('Why so much?', { field: 'parts.0.cost' });
    const answered = await say('Two of them.', { parentId: asked.id, actor: bob });
    expect(answered).toMatchObject({ parentId: asked.id, field: 'parts.0.cost', author: bob });
    const whole = await say('<b>Fine</b>');
    await desk.comments.edit({ ...on(answered.id, bob), text: 'Three of them.' });
    await desk.comments.edit({ ...on(answered.id, bob), text: 'Three of them. ' });
    expect(await desk.comments.resolve(on(asked.id, bob), true)).toMatchObject({ resolvedBy: bob, resolvedAt: expect.any(String) });
    await desk.comments.resolve(on(asked.id), true);
    expect(await desk.comments.resolve(on(asked.id), false)).toMatchObject({ resolvedBy: null, resolvedAt: null });
    expect(await all()).toMatchObject([{ id: asked.id }, { text: 'Three of them.', editedAt: expect.any(String) }, { text: '<b>Fine</b>', field: null, editedAt: null }]); // prettier-ignore
    const of = { comment: asked.id, field: 'parts.0.cost' };
    expect(await told()).toEqual([
      ['commented', 'Ann', { ...of, text: 'Why so much?' }],
      ['commented', 'Bob', { ...of, comment: answered.id, answers: asked.id, text: 'Two of them.' }],
      ['commented', 'Ann', { comment: whole.id, text: '<b>Fine</b>' }],
      ['comment-edited', 'Bob', { ...of, comment: answered.id, before: 'Two of them.', text: 'Three of them.' }],
      ['comment-resolved', 'Bob', { ...of, text: 'Why so much?' }],
      ['comment-reopened', 'Ann', { ...of, text: 'Why so much?' }],
    ]);
    expect(desk.changes.published).toEqual(expect.arrayContaining([{ tenant: TENANT, kind: 'task', id: task.id }]));
    expect(await desk.tasks.get(TENANT, task.id)).toMatchObject({ version: 1, status: 'open' });
  });

  it('are refused where they lead nowhere, and nothing is kept', async () => {
    const mine = await say('Mine');
    const answer = await say('An answer', { parentId: mine.id });
    const elsewhere = await desk.seed();
    const refusals: [Promise<unknown>, object][] = [
      [say('x', { field: 'nothing' }), { code: 'INPUT_INVALID', fields: [{ path: 'field' }] }],
      [say('x', { field: 'verdict', parentId: mine.id }), { code: 'INPUT_INVALID', fields: [{ path: 'field' }] }],
      [say(' \u0007 '), { code: 'INPUT_INVALID', fields: [{ path: 'text' }] }],
      [say('x', { parentId: answer.id }), { code: 'INPUT_INVALID', fields: [{ path: 'parentId' }] }],
      [say('x', { parentId: elsewhere.id }), { code: 'COMMENT_NOT_FOUND' }],
      [say('x', { parentId: 'x' }), { code: 'COMMENT_NOT_FOUND' }],
      [say('x', { taskId: mine.id }), { code: 'TASK_NOT_FOUND' }],
      [say('x', { taskId: elsewhere.id, parentId: mine.id }), { code: 'COMMENT_NOT_FOUND' }],
      [desk.comments.edit({ ...on(mine.id, bob), text: 'Yours' }), { code: 'COMMENT_OF_ANOTHER' }],
      [desk.comments.edit({ ...on(mine.id), taskId: elsewhere.id, text: 'x' }), { code: 'COMMENT_NOT_FOUND' }],
      [desk.comments.resolve(on(answer.id), true), { code: 'INPUT_INVALID', fields: [{ path: 'id' }] }],
      [desk.comments.resolve({ ...on(mine.id), tenant: 'other' }, true), { code: 'TASK_NOT_FOUND' }],
    ];
    for (const [promise, expected] of refusals) expect(await refusal(promise)).toMatchObject(expected);
    await fill(MOST_COMMENTS - 2);
    expect(await refusal(say('x'))).toMatchObject({ code: 'COMMENTS_FULL' });
    expect(await told()).toHaveLength(2);
  });

  it('said again with the same key are the same comment, also at once, in other words, changed meanwhile, and when no other fits in', async () => {
    const [first, ...repeats] = await Promise.all(Array.from({ length: 5 }, () => say('Why?', { key: 'k' })));
    expect(repeats).toEqual(repeats.map(() => first));
    await desk.comments.edit({ ...on(first?.id ?? ''), text: 'Why so much?' });
    const published = desk.changes.published.length;
    expect(await say('Else', { key: 'k' })).toMatchObject({ id: first?.id, text: 'Why so much?' });
    expect(desk.changes.published).toHaveLength(published);
    const others = [await say('Why?', { key: 'k', actor: bob }), await say('Why?', { key: 'l' }), await say('Why?'), await say('Why?')];
    expect(new Set([first, ...others].map((one) => one?.id)).size).toBe(5);
    await fill(MOST_COMMENTS - 5);
    expect(await refusal(say('x', { key: 'm' }))).toMatchObject({ code: 'COMMENTS_FULL' });
    expect(await say('Why?', { key: 'k' })).toMatchObject({ id: first?.id });
    expect((await told()).map(([kind]) => kind).sort()).toEqual(['comment-edited', ...Array<string>(5).fill('commented')]);
    for (const key of ['', 'k'.repeat(513), 'a\0b'])
      expect(await refusal(say('x', { key }))).toMatchObject({ code: 'INPUT_INVALID', fields: [{ path: 'idempotencyKey' }] });
  });

  it('are changed so many times, and resolved and opened again, each apart, each and all of a task; what is open can always be resolved', async () => {
    const count = (column: 'edits' | 'settlements', counted: number, whose = `author <> '{}'`) =>
      desk.pool.query(`UPDATE task_comments SET ${column} = $2 WHERE task_id = $1 AND ${whose}`, [task.id, counted]);
    const full = (says: string) => ({ code: 'COMMENT_CHANGES_FULL', message: expect.stringContaining(says) as string });
    const mine = await say('0');
    await fill(MOST_CHANGES_OF_TASK / MOST_CHANGES);
    await count('settlements', MOST_CHANGES - 1);
    await desk.comments.resolve(on(mine.id, bob), true);
    expect(await refusal(desk.comments.resolve(on(mine.id, bob), false))).toMatchObject(full(`opened again ${MOST_CHANGES} times`));
    // Whatever others do, who wrote it has its own hundred.
    await count('edits', MOST_CHANGES - 1);
    await desk.comments.edit({ ...on(mine.id), text: '1' });
    expect(await refusal(desk.comments.edit({ ...on(mine.id), text: '2' }))).toMatchObject(full(`changed ${MOST_CHANGES} times`));
    expect(await desk.comments.edit({ ...on(mine.id), text: '1' })).toMatchObject({ text: '1' });
    expect(await desk.comments.resolve(on(mine.id), true)).toMatchObject({ resolvedBy: bob });
    const other = await say('other');
    await count('settlements', MOST_CHANGES, `author = '{}'`);
    await desk.comments.resolve(on(other.id), true);
    expect(await refusal(desk.comments.resolve(on(other.id), false))).toMatchObject(full(`opened again ${MOST_CHANGES_OF_TASK} times`));
    await desk.comments.edit({ ...on(other.id), text: 'another' });
    await count('edits', MOST_CHANGES, `author = '{}'`);
    expect(await refusal(desk.comments.edit({ ...on(other.id), text: 'more' }))).toMatchObject(
      full(`changed ${MOST_CHANGES_OF_TASK} times`),
    );
  });

  it('that stood when it was decided are in the record of the decision; those after are not', async () => {
    const asked = await say('Sure?', { field: 'verdict' });
    await desk.comments.resolve(on(asked.id, bob), true);
    await desk.tasks.complete({ tenant: TENANT, id: task.id, actor: ann, expectedVersion: 1, answer: { verdict: 'yes' } });
    await say('Too late, but for the next one.');
    const { rows } = await desk.pool.query(`SELECT record -> 'comments' AS comments FROM decisions WHERE task_id = $1`, [task.id]);
    expect(rows).toEqual([{ comments: [{ id: asked.id, answers: null, field: 'verdict', text: 'Sure?', author: ann, at: expect.stringMatching(/\.\d{6}Z$/), editedAt: null, resolvedBy: bob, resolvedAt: expect.any(String) }] }]); // prettier-ignore
    expect(await all()).toHaveLength(2);
  });

  it('leave a cause for notices when they are new, and name whom they mention, once', async () => {
    await keepNotifying(pgSql(desk.pool));
    const said = await say('@eve, @nobody: look', { actor: bob });
    await desk.comments.edit({ ...on(said.id, bob), text: '@eve, please look' });
    await desk.comments.resolve(on(said.id), true);
    const causes = await takeCauses(pgSql(desk.pool), new Date(Date.now() + 60_000), 10);
    expect(causes.map(({ kind, details }) => [kind, (details as { mentions?: unknown }).mentions])).toEqual([
      ['commented', ['eve']],
      ['comment-edited', undefined],
    ]);
  });
});
