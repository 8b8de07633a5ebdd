import { migrateRun, pgSql, readInboxes } from '@stepwell/storage';
import { person, refusal, TaskDesk, TENANT } from '../../test/tasks/task-desk.js';

const ann = person('Ann');
const bob = person('Bob');
const yes = { verdict: 'yes' };

describe('an undo window', () => {
  let desk: TaskDesk;
  beforeAll(async () => {
    desk = await TaskDesk.open();
  });
  afterAll(() => desk.close());

  const decided = async (undoMs: number | undefined = 600_000) => {
    const seeded = await desk.seed(undoMs === 0 ? {} : { undoMs });
    const { task } = await desk.tasks.complete({
      tenant: TENANT,
      id: seeded.id,
      actor: ann,
      expectedVersion: 1,
      answer: yes,
      idempotencyKey: 'k',
    });
    return { ...seeded, task };
  };
  const undo = (id: string, actor = ann) => desk.tasks.undo({ tenant: TENANT, id, actor });
  const held = async (runId: string) =>
    (await desk.pool.query<{ held: boolean }>('SELECT held_until > clock_timestamp() AS held FROM inbox WHERE run_id = $1', [runId])).rows;

  it('holds the message to the run, and gives the task back to whoever decided, with the answer as the draft; then it is decided anew', async () => {
    const { id, runId, task } = await decided();
    expect(Date.parse(task.undoUntil ?? '')).toBeGreaterThan(Date.now());
    expect(await held(runId)).toEqual([{ held: true }]);
    const undone = await undo(id);
    expect(undone).toMatchObject({
      status: 'claimed',
      claimedBy: ann,
      draft: yes,
      draftBy: ann,
      answer: null,
      decidedBy: null,
      undoUntil: null,
    });
    expect(await held(runId)).toEqual([]);
    expect(await undo(id)).toMatchObject({ version: undone.version });
    await desk.tasks.complete({
      tenant: TENANT,
      id,
      actor: ann,
      expectedVersion: undone.version,
      answer: { verdict: 'no' },
      idempotencyKey: 'k',
    });
    expect(await desk.tasks.get(TENANT, id)).toMatchObject({ status: 'completed', answer: { verdict: 'no' } });
    expect(await desk.inbox(runId)).toMatchObject([{ payload: { answer: { verdict: 'no' } } }]);
    expect(await desk.historyKinds(id)).toEqual(['completed', 'undone', 'completed']);
  });

  it('keeps the run from being migrated: what is taken back belongs to the version that asked', async () => {
    const { id, runId } = await decided();
    const [run] = await desk.pool.query<{ version: number; last_seq: number }>('SELECT version, last_seq FROM runs WHERE id = $1', [runId]).then(({ rows }) => rows); // prettier-ignore
    const { version: from = 0, last_seq: lastSeq = 0 } = run ?? {};
    const fact = { type: 'run.migrated', payload: null };
    const migrated = () => migrateRun(pgSql(desk.pool), { tenant: TENANT, id: runId, from, to: from + 1, lastSeq, fact, moved: [], closes: [] }); // prettier-ignore
    expect(await migrated()).toBeUndefined();
    await undo(id);
    expect(await migrated()).toEqual(expect.any(String));
  });

  it('is closed to others, to who comes too late, and on a screen that has none; the database itself refuses', async () => {
    const { id, runId } = await decided();
    expect(await refusal(undo(id, bob))).toMatchObject({ code: 'TASK_CLOSED', task: { decidedBy: ann } });
    await desk.pool.query(`UPDATE tasks SET undo_until = clock_timestamp() WHERE id = $1`, [id]);
    expect(await refusal(undo(id))).toMatchObject({ code: 'UNDO_OVER', task: { status: 'completed', answer: yes } });
    expect(await held(runId)).toEqual([{ held: true }]);
    await expect(desk.pool.query(`UPDATE tasks SET status = 'claimed' WHERE id = $1`, [id])).rejects.toThrow('it cannot become claimed');
    const plain = await decided(0);
    expect(plain.task.undoUntil).toBeNull();
    expect(await held(plain.runId)).toEqual([{ held: null }]);
    expect(await refusal(undo(plain.id))).toMatchObject({ code: 'UNDO_OVER' });
  });

  it('ends with the run’s reading of it: whoever has the run row first has the message', async () => {
    const { id, runId } = await decided();
    const owner = await desk.pool.connect();
    try {
      await owner.query('BEGIN');
      await owner.query('SELECT FROM runs WHERE id = $1 FOR NO KEY UPDATE', [runId]);
      const undoing = refusal(undo(id));
      await desk.untilSomebodyWaits();
      await owner.query('DELETE FROM inbox WHERE run_id = $1', [runId]);
      await owner.query('COMMIT');
      expect(await undoing).toMatchObject({ code: 'UNDO_OVER' });
    } finally {
      owner.release();
    }
    expect(await desk.tasks.get(TENANT, id)).toMatchObject({ status: 'completed', answer: yes, decidedBy: ann });
    expect(await desk.historyKinds(id)).toEqual(['completed']);
  });

  it('that is asked while the decision is on its way takes it back all the same', async () => {
    const { id, runId } = await desk.seed({ undoMs: 600_000 });
    const owner = await desk.pool.connect();
    try {
      await owner.query('BEGIN');
      await owner.query('SELECT FROM runs WHERE id = $1 FOR NO KEY UPDATE', [runId]);
      const about = { tenant: TENANT, id, actor: ann };
      const deciding = desk.tasks.complete({ ...about, expectedVersion: 1, answer: yes, idempotencyKey: 'k' });
      await desk.untilSomebodyWaits();
      // It looks at the task as it was before, and has the run's row when the decision is made.
      const undoing = undo(id);
      await desk.untilSomebodyWaits(2);
      await owner.query('COMMIT');
      expect((await deciding).task).toMatchObject({ status: 'completed' });
      expect(await undoing).toMatchObject({ status: 'claimed', claimedBy: ann, draft: yes });
    } finally {
      owner.release();
    }
    expect(await held(runId)).toEqual([]);
    expect(await desk.historyKinds(id)).toEqual(['completed', 'undone']);
  });

  it('ends when the message is no longer held, though the task’s own clock is behind', async () => {
    const { id, runId } = await decided();
    await desk.pool.query('UPDATE inbox SET held_until = clock_timestamp() WHERE run_id = $1', [runId]);
    expect(await refusal(undo(id))).toMatchObject({ code: 'UNDO_OVER' });
    expect(await desk.tasks.get(TENANT, id)).toMatchObject({ status: 'completed', answer: yes });
    expect(await desk.inbox(runId)).toHaveLength(1);
  });

  it('that is used just when it ends is waited for by the run, which then has nothing to read', async () => {
    const { runId } = await decided();
    await desk.pool.query('UPDATE inbox SET held_until = clock_timestamp() WHERE run_id = $1', [runId]);
    const run = { tenant: TENANT, id: runId };
    // Its clock said that there was time.
    const undoing = await desk.pool.connect();
    try {
      await undoing.query('BEGIN');
      await undoing.query('DELETE FROM inbox WHERE run_id = $1', [runId]);
      const reading = readInboxes(pgSql(desk.pool), [run]);
      await desk.untilSomebodyWaits();
      await undoing.query('COMMIT');
      expect((await reading).get(runId)).toBeUndefined();
    } finally {
      undoing.release();
    }
    const told = await decided();
    await desk.pool.query('UPDATE inbox SET held_until = clock_timestamp() WHERE run_id = $1', [told.runId]);
    expect((await readInboxes(pgSql(desk.pool), [{ ...run, id: told.runId }])).get(told.runId)).toMatchObject([{ kind: 'task.completed' }]);
    expect(await held(told.runId)).toEqual([{ held: null }]);
  });
});
