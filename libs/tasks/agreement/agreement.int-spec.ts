/** What a decision made of its suggestion is stored with it, and counted; on PostgreSQL. */
import { person, refusal, TaskDesk, TENANT } from '../../../test/tasks/task-desk.js';

const ann = person('Ann');
const FORM = { properties: { verdict: { type: 'string' }, note: { type: 'string' } } };

describe('agreement with suggestions', () => {
  let desk: TaskDesk;
  beforeAll(async () => {
    desk = await TaskDesk.open();
    for (const [tenant, workflow] of [
      [TENANT, 'order'],
      [TENANT, 'claim'],
      ['stranger', 'order'],
    ])
      await desk.pool.query(
        `INSERT INTO workflow_versions (tenant, workflow, version, title, kind, fingerprint, graph) VALUES ($1, $2, 1, $2, 'workflow', '', '{}')`,
        [tenant, workflow],
      );
  });
  afterAll(() => desk.close());

  /** A task whose verdict is suggested. */
  const suggested = async (workflow: string, verdict: string, confidence: number | null, undoMs?: number) => {
    const { id } = await desk.seed({ workflow, ...(undoMs === undefined ? {} : { undoMs }) });
    const suggestion = { values: { verdict }, confidence, fields: {}, source: 'triage', openBelow: 0.8, leftOut: [] };
    await desk.pool.query('UPDATE tasks SET suggestion = $2, form = $3 WHERE id = $1', [id, suggestion, FORM]);
    return id;
  };
  const decide = (id: string, answer: object) => desk.tasks.complete({ tenant: TENANT, id, actor: ann, expectedVersion: 1, answer });
  const agreement = (workflow: string | null, tenant = TENANT, days = 1) => desk.tasks.agreement(tenant, { workflow, days });

  it('is kept with the decision, by field, and goes with it when that is taken back', async () => {
    const id = await suggested('claim', 'yes', 0.9, 600_000);
    const { task } = await decide(id, { verdict: 'no' });
    expect(task.agreement).toEqual([{ path: 'verdict', outcome: 'changed', from: 'yes', confidence: 0.9 }]);
    expect(await agreement('claim')).toMatchObject([{ decisions: 1, unchanged: 0 }]);
    expect(await desk.tasks.undo({ tenant: TENANT, id, actor: ann })).toMatchObject({ agreement: null });
    expect(await agreement('claim')).toEqual([]);
  });

  it('is counted by screen, field and confidence, of those that had a suggestion, for nobody but their tenant', async () => {
    for (const [verdict, confidence] of [
      ['yes', 0.95],
      ['yes', 1],
      ['no', 0.4],
    ] as const)
      await decide(await suggested('order', verdict, confidence), { verdict: 'yes' });
    await decide((await desk.seed({ workflow: 'order' })).id, { verdict: 'yes' });
    const [screen, ...more] = await agreement(null);
    expect(more).toEqual([]);
    expect(screen).toMatchObject({
      ...{ workflow: 'order', version: 1, source: 'triage', decisions: 3, unchanged: 2, proposal: null },
      fields: [{ path: 'verdict', accepted: 2, changed: 1, added: 0, cleared: 0 }],
      byConfidence: [
        { from: 0.9, to: 1, values: 2, accepted: 2 },
        { from: 0, to: 0.5, values: 1, accepted: 0 },
      ],
    });
    expect(await agreement(null, 'stranger')).toEqual([]);
    await desk.pool.query(`UPDATE tasks SET ended_at = ended_at - interval '2 days' WHERE workflow = 'order'`);
    expect([await agreement('order'), (await agreement('order', TENANT, 3)).length]).toEqual([[], 1]);
    expect(await refusal(agreement(null, TENANT, 0))).toMatchObject({ code: 'INPUT_INVALID' });
  });
});
