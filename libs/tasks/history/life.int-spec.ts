import { person, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';
import { TaskAssignments } from '../task-assignments.js';

const ann = person('Ann');
const bob = person('Bob');

describe('the history of a task', () => {
  let desk: TaskDesk;
  beforeAll(async () => {
    desk = await TaskDesk.open();
  });
  afterAll(() => desk.close());

  const told = async (id: string): Promise<string[]> =>
    ((await desk.tasks.history(TENANT, [id])).get(id) ?? []).map(({ kind, actor, changes }) =>
      [
        kind,
        actor?.name,
        ...changes.map(({ path, before, after }) => `${path}: ${JSON.stringify(before)} > ${JSON.stringify(after)}`),
      ].join(' | '),
    );

  it('tells a life: each who did what, and what drafts and decisions changed', async () => {
    const { id } = await desk.seed({ undoMs: 60_000 });
    const on = { tenant: TENANT, id };
    let { draftVersion } = await desk.tasks.claim({ ...on, actor: ann });
    const write = async (actor: typeof ann, draft: unknown) => {
      ({ draftVersion } = await desk.tasks.saveDraft({ ...on, actor, expectedDraftVersion: draftVersion, draft }));
    };
    await write(ann, { note: 'h' });
    await write(ann, { note: 'hm' });
    await desk.tasks.release({ ...on, actor: ann });
    await desk.claims.skip({ ...on, actor: bob, reason: 'lunch' });
    const { version } = await desk.tasks.claim({ ...on, actor: ann });
    await desk.claims.takeOver({ ...on, actor: bob, expectedVersion: version, reason: 'ill' });
    await write(bob, { note: 'hm', verdict: 'no' });
    await desk.tasks.complete({ ...on, actor: bob, expectedVersion: version + 1, answer: { verdict: 'yes', note: 'hm' } });
    ({ draftVersion } = await desk.tasks.undo({ ...on, actor: bob }));
    await write(bob, { verdict: 'no' });
    await desk.pool.query(
      `INSERT INTO users (tenant, id, name, display_name, role, password_hash) VALUES ($1, gen_random_uuid(), 'eve', 'Eve', 'reviewer', '!')`,
      [TENANT],
    );
    const assignments = new TaskAssignments(desk.pool, desk.screens, desk.changes);
    const { version: now } = await assignments.reassign(id, { tenant: TENANT, actor: bob, to: { user: 'eve' }, mayReassign: true });
    const eve = {
      ...person('Eve'),
      id: (await desk.pool.query<{ id: string }>(`SELECT id FROM users WHERE name = 'eve'`)).rows[0]?.id ?? '',
    };
    await desk.tasks.cancel({ ...on, actor: eve, expectedVersion: now, reason: 'twice' });
    expect(await told(id)).toEqual([
      'claimed | Ann',
      'drafted | Ann | note: null > "hm"',
      'released | Ann',
      'skipped | Bob',
      'claimed | Ann',
      'taken-over | Bob',
      'drafted | Bob | verdict: null > "no"',
      'completed | Bob | verdict: "no" > "yes"',
      'undone | Bob',
      'drafted | Bob | note: "hm" > null | verdict: "yes" > "no"',
      'reassigned | Bob',
      'canceled | Eve',
    ]);
  });

  it('has one entry for five minutes of one person’s writing, and another for the next five', async () => {
    const { id } = await desk.seed();
    const on = { tenant: TENANT, id, actor: ann };
    await desk.tasks.claim(on);
    await desk.tasks.saveDraft({ ...on, expectedDraftVersion: 0, draft: { note: 'a' } });
    await desk.tasks.saveDraft({ ...on, expectedDraftVersion: 1, draft: { note: 'b' } });
    await desk.pool.query(`UPDATE task_history SET at = at - interval '5 minutes' WHERE task_id = $1`, [id]);
    await desk.tasks.saveDraft({ ...on, expectedDraftVersion: 2, draft: { note: 'c' } });
    expect(await told(id)).toEqual(['claimed | Ann', 'drafted | Ann | note: null > "b"', 'drafted | Ann | note: "b" > "c"']);
  });

  it('says that a claim has lapsed, until somebody takes the task', async () => {
    const { id } = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.lapse(id);
    expect(await told(id)).toEqual(['claimed | Ann', 'lapsed | Ann']);
    await desk.tasks.claim({ tenant: TENANT, id, actor: bob });
    expect(await told(id)).toEqual(['claimed | Ann', 'claimed | Bob']);
  });
});

describe('the record of a decision', () => {
  let desk: TaskDesk;
  beforeAll(async () => {
    desk = await TaskDesk.open();
  });
  afterAll(() => desk.close());

  it('is what the reviewer had: props, form by its hash, draft, answer, who and when', async () => {
    const { id, runId } = await desk.seed();
    await desk.tasks.claim({ tenant: TENANT, id, actor: ann });
    await desk.tasks.saveDraft({ tenant: TENANT, id, actor: ann, expectedDraftVersion: 0, draft: { verdict: 'no' } });
    await desk.tasks.complete({ tenant: TENANT, id, actor: ann, expectedVersion: 2, answer: { verdict: 'yes' } });
    const other = await desk.seed();
    await desk.tasks.complete({ tenant: TENANT, id: other.id, actor: bob, expectedVersion: 1, answer: { verdict: 'no' } });
    const { rows } = await desk.pool.query<{ record: unknown; at: string }>(
      'SELECT record, ended_at::text AS at FROM decisions d JOIN tasks t ON t.id = d.task_id WHERE d.task_id = $1',
      [id],
    );
    expect(rows).toMatchObject([
      {
        record: {
          ...{
            tenant: TENANT,
            task: id,
            run: runId,
            workflow: 'order',
            workflowVersion: 1,
            path: 'approve',
            screen: 'approve',
            title: 'Approve',
          },
          ...{
            subject: 'Order 7',
            props: { total: 7 },
            draft: { verdict: 'no' },
            answer: { verdict: 'yes' },
            kind: 'completed',
            actor: ann,
          },
          // printf '{"type":"object"}' | sha256sum
          ...{ form: 'a2c799262a3ce3c19ef5cdd983bf3d12b43ab3c426227091b909dcb7054738c0', build: null, graph: null, reason: null },
        },
      },
    ]);
    const { rows: forms } = await desk.pool.query('SELECT form FROM forms');
    expect(forms).toEqual([{ form: { type: 'object' } }]);
  });

  it('is left by what is taken back as well, and by nothing that did not happen', async () => {
    const { id } = await desk.seed({ undoMs: 60_000 });
    await desk.tasks.complete({ tenant: TENANT, id, actor: ann, expectedVersion: 1, answer: { verdict: 'yes' } });
    await desk.tasks.complete({ tenant: TENANT, id, actor: bob, expectedVersion: 1, answer: { verdict: 'no' } }).catch(() => undefined);
    await desk.tasks.undo({ tenant: TENANT, id, actor: ann });
    const { rows } = await desk.pool.query(
      `SELECT record ->> 'kind' AS kind, record -> 'answer' AS answer, record ->> 'withdraws' = lag(id::text) OVER (ORDER BY id) AS "withdrawsIt" FROM decisions WHERE task_id = $1 ORDER BY id`,
      [id],
    );
    expect(rows).toEqual([
      { kind: 'completed', answer: { verdict: 'yes' }, withdrawsIt: null },
      { kind: 'undone', answer: { verdict: 'yes' }, withdrawsIt: true },
    ]);
  });
});
