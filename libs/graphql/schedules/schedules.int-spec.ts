import { until } from '../../../test/engine/engine.js';
import { type ApiApp, type ApiUser, startApiApp } from '../../../test/server/api-app.js';

const SCHEDULE = 'schedule { id isPaused pauseReason pausedBy { name } }';
const PAUSE = `mutation ($id: ID!, $reason: String) { pauseSchedule(schedule: $id, reason: $reason) { ${SCHEDULE} errors { code } } }`;
const RESUME = `mutation ($id: ID!) { resumeSchedule(schedule: $id) { ${SCHEDULE} errors { code } } }`;
const RUN_NOW = 'mutation ($id: ID!) { runScheduleNow(schedule: $id) { run { id workflow startedBy } errors { code message } } }';

describe('schedules over GraphQL', () => {
  let api: ApiApp;
  let operator: ApiUser;
  beforeAll(async () => {
    // Nothing works here: a run that was started goes on.
    api = await startApiApp({ roles: ['api'] });
    operator = await api.as('operator');
  });
  afterAll(() => api.close());

  const id = 'intake';
  const pausedIn = async (who: ApiUser) => (await who.ask('{ schedules { isPaused } }')).data.schedules[0].isPaused as boolean;

  it('are paused with a reason, which a second pause does not change, and resumed, twice alike', async () => {
    const colleague = await api.as('operator');
    const paused = { id, isPaused: true, pauseReason: 'The registry moves.', pausedBy: { name: operator.displayName } };
    for (const [who, reason] of [
      [operator, 'The registry moves.'],
      [colleague, 'Mine.'],
    ] as const)
      expect((await who.ask(PAUSE, { id, reason })).data.pauseSchedule).toEqual({ schedule: paused, errors: [] });
    const stranger = await api.as('operator', 'acme');
    expect([await pausedIn(operator), await pausedIn(stranger)]).toEqual([true, false]);
    const going = { id, isPaused: false, pauseReason: null, pausedBy: null };
    for (const who of [colleague, operator])
      expect((await who.ask(RESUME, { id })).data.resumeSchedule).toEqual({ schedule: going, errors: [] });
  });

  it('that are unknown are refused by their name', async () => {
    const nothing = { errors: [{ code: 'SCHEDULE_NOT_FOUND' }] };
    expect((await operator.ask(PAUSE, { id: 'none' })).data.pauseSchedule).toEqual({ schedule: null, ...nothing });
    expect((await operator.ask(RESUME, { id: 'none' })).data.resumeSchedule).toEqual({ schedule: null, ...nothing });
    expect((await operator.ask(RUN_NOW, { id: 'orders' })).data.runScheduleNow).toEqual({
      run: null,
      errors: [{ code: 'SCHEDULE_NOT_FOUND', message: 'There is no schedule "orders".' }],
    });
  });

  it('are seen by reviewers, who may change none', async () => {
    const reviewer = await api.as('reviewer');
    for (const mutation of [PAUSE, RESUME, RUN_NOW])
      expect((await reviewer.ask(mutation, { id })).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await pausedIn(reviewer)).toBe(false);
  });

  it('are run out of turn, also while they are paused, but not over one another', async () => {
    await operator.ask(PAUSE, { id });
    // At the same time: both come to the schedule before either has a run.
    const { pool } = api.database;
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM schedules WHERE id = $1 FOR NO KEY UPDATE', [id]);
    const asked = [1, 2].map(async () => (await operator.ask(RUN_NOW, { id })).data.runScheduleNow);
    await until(
      async () =>
        (await pool.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).rowCount,
      (waiting) => waiting === 2,
      'Both should wait for the schedule',
    );
    await holder.query('COMMIT');
    holder.release();
    const [first, second] = (await Promise.all(asked)).sort((a, b) => a.errors.length - b.errors.length);
    expect(first).toEqual({ run: { id: expect.any(String), workflow: 'intake', startedBy: 'schedule' }, errors: [] });
    expect(second).toEqual({
      run: null,
      errors: [{ code: 'SCHEDULE_OVERLAPS', message: expect.stringContaining('Wait for it, or cancel it.') }],
    });
    expect((await api.database.pool.query(`SELECT 1 FROM runs WHERE workflow = 'intake'`)).rowCount).toBe(1);
  });
});
