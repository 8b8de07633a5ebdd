import { Logger } from '@nestjs/common';
import { type Change, ChangeFeed, Clock, compile, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { definitionOf, type ScheduleOptions, workflow } from '@stepwell/sdk';
import { insertRuns, pgSql, uuidV7 } from '@stepwell/storage';
import { IsInt } from 'class-validator';
import { createTestDatabase, type TestDatabase } from '../../test/postgres/test-database.js';
import { ScheduleRegistry } from './schedule-registry.js';
import { ScheduleService } from './schedule-service.js';
import { Scheduler } from './scheduler.js';

const { jest } = import.meta;
Logger.overrideLogger(false);

const TENANT = 'acme';
const ANN = { id: '1', name: 'Ann', kind: 'user' } as const;
const at = (time: string) => Date.parse(`2026-06-01T${time}Z`);

class HandClock extends Clock {
  constructor(public time: number) {
    super();
  }
  now(): number {
    return this.time;
  }
}

class Told extends WakeUpQueue {
  readonly queues: string[] = [];
  wake(queues: Iterable<string>): void {
    this.queues.push(...queues);
  }
  async listen(): Promise<() => Promise<void>> {
    return async () => undefined;
  }
  async close(): Promise<void> {
    return undefined;
  }
}

class Published extends ChangeFeed {
  readonly changes: Change[] = [];
  publish(changes: Iterable<Change>): void {
    this.changes.push(...changes);
  }
  subscribe(): () => void {
    return () => undefined;
  }
  async close(): Promise<void> {
    return undefined;
  }
}

class Report {
  @IsInt() days!: number;
}

function catalogOf(schedule: ScheduleOptions<Report> | undefined, version = 1): WorkflowCatalog {
  const flow = workflow('report', { input: Report, version, ...(schedule ? { schedule: { input: { days: 7 }, ...schedule } } : {}) }).then(
    'write',
    async () => ({}),
  );
  const definition = definitionOf(flow);
  return new WorkflowCatalog([{ definition, graph: compile(definition), needs: `report@${version}`, processor: undefined }]);
}

describe('schedules', () => {
  let database: TestDatabase;
  let clock: HandClock;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    clock = new HandClock(at('09:59:30'));
    await database.pool.query('TRUNCATE schedules, slots, runs, run_keys, journal');
  });

  async function process(schedule: ScheduleOptions<Report> | undefined, version = 1) {
    const catalog = catalogOf(schedule, version);
    const [wakeUps, changes] = [new Told(), new Published()];
    await new ScheduleRegistry(database.pool, catalog, clock).register(TENANT);
    const scheduler = new Scheduler(database.pool, catalog, wakeUps, changes, clock);
    await scheduler.load(TENANT);
    return { scheduler, wakeUps, changes };
  }

  const service = () => new ScheduleService(database.pool, clock);
  const tick = (scheduler: Scheduler, time: string) => {
    clock.time = at(time);
    return scheduler.tick();
  };
  /** All slots, oldest first: "10:00 fired". */
  async function slots(): Promise<string[]> {
    const [all = []] = await service().slots(TENANT, [{ schedule: 'report', limit: 10_000 }]);
    return all.map(({ dueAt, outcome, reason }) => `${dueAt.slice(11, 16)} ${reason ?? outcome}`).reverse();
  }
  async function runs() {
    const { rows } = await database.pool.query('SELECT r.*, j.payload FROM runs r JOIN journal j ON j.run_id = r.id ORDER BY r.id');
    return rows;
  }
  const endRuns = () => database.pool.query("UPDATE runs SET status = 'completed'");

  it('fire when they are due, with slot and run in one commit', async () => {
    const { scheduler, wakeUps, changes } = await process({ cron: '0 * * * *' });
    await tick(scheduler, '09:59:59');
    expect(await slots()).toEqual([]);
    await tick(scheduler, '10:00:00');
    await tick(scheduler, '10:00:01');
    const [run, ...more] = await runs();
    expect(more).toEqual([]);
    expect(run).toMatchObject({
      tenant: TENANT,
      workflow: 'report',
      version: 1,
      status: 'queued',
      started_by: 'schedule',
      actor: null,
      payload: { input: { days: 7 } },
    });
    expect((await service().slots(TENANT, [{ schedule: 'report', limit: 5 }]))[0]).toEqual([
      { dueAt: '2026-06-01T10:00:00.000Z', outcome: 'fired', reason: null, runId: run.id },
    ]);
    expect(wakeUps.queues).toEqual(['default']);
    expect(changes.changes).toEqual([{ tenant: TENANT, kind: 'run', id: run.id }]);
  });

  it('cost no query while nothing is due', async () => {
    const { scheduler } = await process({ cron: '0 * * * *' });
    const [query, connect] = [jest.spyOn(database.pool, 'query'), jest.spyOn(database.pool, 'connect')];
    for (let second = 30; second < 60; second++) await tick(scheduler, `09:59:${second}`);
    const asked = query.mock.calls.length + connect.mock.calls.length;
    jest.restoreAllMocks();
    expect(asked).toBe(0);
  });

  it('fire once when two processes tick together', async () => {
    const [one, two] = [await process({ cron: '* * * * *', overlap: 'allow' }), await process({ cron: '* * * * *', overlap: 'allow' })];
    for (let minute = 0; minute < 20; minute++) {
      clock.time = at('10:00:00') + minute * 60_000;
      await Promise.all([one.scheduler.tick(), two.scheduler.tick()]);
    }
    const fired = await slots();
    expect(fired).toHaveLength(20);
    expect(await runs()).toHaveLength(20);
    expect(one.wakeUps.queues.length + two.wakeUps.queues.length).toBe(20);
  });

  it('fire once even where only the slot row stands between two processes', async () => {
    // As if the lock on the schedule had not been: the other process has settled the slot, and this one does not know.
    const { scheduler, wakeUps } = await process({ cron: '* * * * *' });
    await database.pool.query(
      "INSERT INTO slots (tenant, schedule, due_at, outcome) VALUES ($1, 'report', '2026-06-01T10:00:00Z', 'fired')",
      [TENANT],
    );
    await tick(scheduler, '10:00:00');
    expect(await runs()).toEqual([]);
    expect(wakeUps.queues).toEqual([]);
  });

  it('are skipped while the run before is going, and say so', async () => {
    const { scheduler } = await process({ cron: '* * * * *' });
    await tick(scheduler, '10:00:00');
    await database.pool.query("UPDATE runs SET status = 'waiting'");
    await tick(scheduler, '10:01:00');
    await tick(scheduler, '10:02:00');
    await endRuns();
    await tick(scheduler, '10:03:00');
    expect(await slots()).toEqual(['10:00 fired', '10:01 overlap', '10:02 overlap', '10:03 fired']);
    expect(await runs()).toHaveLength(2);
  });

  it('are skipped while any run of the schedule is going, also one out of turn; one of its workflow that is not its own does not count', async () => {
    const { scheduler } = await process({ cron: '* * * * *' });
    await tick(scheduler, '10:00:00');
    await endRuns();
    const terms = { priority: 0, permitKey: null };
    const about = { tenant: TENANT, workflow: 'report', version: 1, queue: 'default', worker: null, input: '{"days":7}', ...terms };
    const why = { actor: ANN, causeEvent: null, causeRun: null, key: null } as const;
    const [byHand, outOfTurn] = [uuidV7(), uuidV7()];
    await insertRuns(pgSql(database.pool), [{ ...about, ...why, id: byHand, startedBy: 'api' }]);
    await tick(scheduler, '10:01:00');
    await database.pool.query("UPDATE runs SET status = 'completed' WHERE id <> $1", [byHand]);
    await insertRuns(pgSql(database.pool), [{ ...about, ...why, id: outOfTurn, startedBy: 'schedule' }]);
    await tick(scheduler, '10:02:00');
    await expect(service().mayRunNow(pgSql(database.pool), TENANT, 'report')).rejects.toMatchObject({ code: 'SCHEDULE_OVERLAPS' });
    await database.pool.query("UPDATE runs SET status = 'completed' WHERE id = $1", [outOfTurn]);
    await tick(scheduler, '10:03:00');
    expect(await slots()).toEqual(['10:00 fired', '10:01 fired', '10:02 overlap', '10:03 fired']);
  });

  it.each([
    ['latest', ['10:00 missed', '10:01 missed', '10:02 fired']],
    ['none', ['10:00 missed', '10:01 missed', '10:02 missed']],
    ['all', ['10:00 fired', '10:01 fired', '10:02 fired']],
  ] as const)('that were missed while nothing ran follow their policy (%s)', async (catchUp, expected) => {
    const schedule = { cron: '* * * * *', overlap: 'allow', catchUp } as const;
    await process(schedule);
    clock.time = at('10:02:30');
    const { scheduler } = await process(schedule);
    await scheduler.tick();
    expect(await slots()).toEqual(expected);
    expect(await runs()).toHaveLength(expected.filter((slot) => slot.endsWith('fired')).length);
    await tick(scheduler, '10:03:00');
    expect((await slots()).at(-1)).toBe('10:03 fired');
  });

  it('that were missed fire one after the other where all shall fire and none may overlap', async () => {
    const schedule = { cron: '* * * * *', catchUp: 'all' } as const;
    await process(schedule);
    clock.time = at('10:01:30');
    const { scheduler } = await process(schedule);
    await scheduler.tick();
    await tick(scheduler, '10:01:40');
    expect(await slots()).toEqual(['10:00 fired']);
    await tick(scheduler, '10:02:00');
    expect(await slots()).toEqual(['10:00 fired', '10:02 overlap']);
    await endRuns();
    await tick(scheduler, '10:02:05');
    expect(await slots()).toEqual(['10:00 fired', '10:01 fired', '10:02 overlap']);
    await endRuns();
    await tick(scheduler, '10:03:00');
    expect((await slots()).at(-1)).toBe('10:03 fired');
    expect(await runs()).toHaveLength(3);
  });

  it('that were missed by the thousand are settled in one go, and accounted for', async () => {
    const schedule = { cron: '* * * * * *' };
    await process(schedule);
    clock.time = at('12:00:00');
    const { scheduler } = await process(schedule);
    await scheduler.tick();
    const [all = []] = await service().slots(TENANT, [{ schedule: 'report', limit: 10_000 }]);
    expect(all).toHaveLength(1_001);
    expect(all.filter(({ outcome }) => outcome === 'fired')).toHaveLength(1);
    expect(all.at(-1)?.reason).toBe('missed, as were at least 4999 slots before it, since 2026-06-01T09:59:31.000Z');
  });

  it('fire nothing twice when the clock goes back, and treat a jump forward as missed slots', async () => {
    const { scheduler } = await process({ cron: '* * * * *', overlap: 'allow', catchUp: 'none' });
    await tick(scheduler, '10:00:00');
    await tick(scheduler, '09:59:00');
    await tick(scheduler, '10:00:00');
    await tick(scheduler, '10:03:30');
    await tick(scheduler, '10:02:00');
    await tick(scheduler, '10:04:00');
    expect(await slots()).toEqual(['10:00 fired', '10:01 missed', '10:02 missed', '10:03 missed', '10:04 fired']);
  });

  it('go on when the database comes back', async () => {
    const { scheduler } = await process({ cron: '* * * * *' });
    const connect = jest
      .spyOn(database.pool, 'connect')
      .mockImplementation((() => Promise.reject(new Error('connection refused'))) as never);
    await tick(scheduler, '10:00:00');
    connect.mockRestore();
    await tick(scheduler, '10:00:01');
    expect(await slots()).toEqual([]);
    await tick(scheduler, '10:00:02');
    expect(await slots()).toEqual(['10:00 fired']);
  });

  describe('at the start of a process', () => {
    it('begin now when they are new, keep what they have settled when they are changed', async () => {
      await process({ cron: '0 0 * * *' });
      expect((await service().find(TENANT, 'report'))?.settledUntil).toBe('2026-06-01T09:59:30.000Z');
      clock.time = at('10:30:30');
      const { scheduler } = await process({ cron: '*/15 * * * *', catchUp: 'all', overlap: 'allow' });
      await scheduler.tick();
      expect(await slots()).toEqual(['10:00 fired', '10:15 fired', '10:30 fired']);
    });

    it('know since when they have their times, which a start without a change leaves alone', async () => {
      const ruleSince = async () => String((await database.pool.query('SELECT rule_since::text FROM schedules')).rows[0]?.rule_since);
      await process({ cron: '30 * * * *' });
      const first = await ruleSince();
      await process({ cron: '30 * * * *', overlap: 'allow' });
      expect(await ruleSince()).toBe(first);
      await process({ cron: '30 2 * * *' });
      const second = await ruleSince();
      expect(second > first).toBe(true);
      await process({ cron: '30 2 * * *', zone: 'Europe/Berlin' });
      expect((await ruleSince()) > second).toBe(true);
    });

    it('are turned off when they are gone from the code, also for who still has them in mind; and begin anew when they are back', async () => {
      const { scheduler } = await process({ cron: '* * * * *' });
      await process(undefined);
      expect(await service().list(TENANT)).toEqual([]);
      await tick(scheduler, '10:00:00');
      await tick(scheduler, '10:01:00');
      clock.time = at('10:05:30');
      const back = await process({ cron: '* * * * *' });
      await tick(back.scheduler, '10:06:00');
      expect(await slots()).toEqual(['10:06 fired']);
    });

    it('of workflows that are not hosted here stay as they are', async () => {
      await process({ cron: '* * * * *' });
      const other = workflow('other', { version: 1 }).then('step', async () => ({}));
      const definition = definitionOf(other);
      const catalog = new WorkflowCatalog([{ definition, graph: compile(definition), needs: 'other@1', processor: undefined }]);
      await new ScheduleRegistry(database.pool, catalog, clock).register(TENANT);
      const scheduler = new Scheduler(database.pool, catalog, new Told(), new Published(), clock);
      await scheduler.load(TENANT);
      await tick(scheduler, '10:00:00');
      expect(await slots()).toEqual([]);
      expect(await service().list(TENANT)).toHaveLength(1);
    });

    it('are followed as another version has changed them, by its times and with the own code', async () => {
      const older = await process({ cron: '* * * * *', overlap: 'allow' });
      await process({ cron: '*/2 * * * *', overlap: 'allow', input: { days: 1 } }, 2);
      for (const minute of [0, 1, 2, 3, 4]) await tick(older.scheduler, `10:0${minute}:00`);
      expect(await slots()).toEqual(['10:00 fired', '10:02 fired', '10:04 fired']);
      expect((await runs()).map(({ version, payload }) => [version, payload.input.days])).toEqual(Array(3).fill([1, 1]));
    });

    it.each([
      [{ cron: '61 * * * *' }, 'Workflow "report", schedule: "61 * * * *" is not a cron expression'],
      [{ cron: '* * * * *', zone: 'Mars' }, 'Workflow "report", schedule: "Mars" is not a time zone'],
      [
        { cron: '* * * * *', input: { days: 'x' as never } },
        'Workflow "report", schedule: its input does not fit: days: Needs a whole number',
      ],
      [{ cron: '* * * * *', input: { days: new Date(0) as never } }, 'Workflow "report", schedule: its input is not JSON: at $.days'],
    ])('refuse what cannot work: %j', async (schedule, sentence) => {
      await expect(process(schedule)).rejects.toThrow(sentence);
      await expect(process(schedule)).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    });
  });

  it('are shown in words with their next firings, and to their tenant only', async () => {
    await process({ cron: '30 2 * * *', zone: 'Europe/Berlin' });
    const [view] = await service().list(TENANT);
    expect(view).toMatchObject({
      id: 'report',
      workflow: 'report',
      cron: '30 2 * * *',
      zone: 'Europe/Berlin',
      overlap: 'skip',
      catchUp: 'latest',
      description: 'At 02:30',
    });
    expect(view?.nextFirings(2)).toEqual(['2026-06-02T00:30:00.000Z', '2026-06-03T00:30:00.000Z']);
    expect(await service().list('other')).toEqual([]);
    expect(await service().find('other', 'report')).toBeUndefined();
  });

  describe('that are paused', () => {
    it('fire nothing, skip what comes due with that reason, and go on with the next slot when resumed', async () => {
      const { scheduler } = await process({ cron: '0 * * * *', catchUp: 'all' });
      await tick(scheduler, '10:00:00');
      await endRuns();
      expect(await service().pause(TENANT, 'report', ANN, 'the press is jammed')).toMatchObject({
        ...{ isPaused: true, pausedBy: ANN, pauseReason: 'the press is jammed', pausedAt: expect.any(String) },
      });
      await tick(scheduler, '11:00:00');
      // Nobody ticks at noon: it is settled when the schedule is resumed.
      clock.time = at('12:30:00');
      expect(await service().resume(TENANT, 'report')).toMatchObject({ isPaused: false, pausedBy: null, pausedAt: null });
      await tick(scheduler, '13:00:00');
      expect(await slots()).toEqual(['10:00 fired', '11:00 paused', '12:00 paused', '13:00 fired']);
      expect(await runs()).toHaveLength(2);
    });

    it('are resumed by the clock of the database: one that is ahead skips nothing that is still to come', async () => {
      const { scheduler } = await process({ cron: '0 * * * *' });
      await service().pause(TENANT, 'report', ANN, null);
      clock.time = at('11:30:00');
      jest.spyOn(clock, 'observe').mockReturnValue(at('10:30:00'));
      await service().resume(TENANT, 'report');
      expect(await slots()).toEqual(['10:00 paused']);
      jest.restoreAllMocks();
      await tick(scheduler, '11:00:00');
      expect(await slots()).toEqual(['10:00 paused', '11:00 fired']);
    });

    it('stay so when a process registers them again, and keep the first pause', async () => {
      await process({ cron: '0 * * * *' });
      await service().pause(TENANT, 'report', ANN, 'first');
      const { scheduler } = await process({ cron: '30 * * * *' }, 2);
      expect(await service().pause(TENANT, 'report', { ...ANN, name: 'Bob' }, 'second')).toMatchObject({
        pausedBy: ANN,
        pauseReason: 'first',
      });
      await tick(scheduler, '10:30:00');
      expect(await slots()).toEqual(['10:30 paused']);
      expect(await runs()).toEqual([]);
    });

    it('settle a slot once when the pause comes as it is due', async () => {
      const { scheduler } = await process({ cron: '* * * * *', overlap: 'allow' });
      for (let minute = 0; minute < 8; minute++) {
        clock.time = at('10:00:00') + minute * 60_000;
        await Promise.all([scheduler.tick(), service().pause(TENANT, 'report', ANN, null)]);
        await service().resume(TENANT, 'report');
      }
      const settled = await slots();
      expect(settled).toHaveLength(8);
      expect(await runs()).toHaveLength(settled.filter((slot) => slot.endsWith('fired')).length);
    });

    it('are told apart from those that are not there; a run out of turn waits for the one that goes on', async () => {
      const { scheduler } = await process({ cron: '0 * * * *' });
      await expect(service().pause('other', 'report', ANN, null)).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
      await expect(service().resume(TENANT, 'x')).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
      await expect(service().outOfTurn(TENANT, 'x')).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
      await tick(scheduler, '10:00:00');
      await expect(service().mayRunNow(pgSql(database.pool), TENANT, 'report')).rejects.toMatchObject({ code: 'SCHEDULE_OVERLAPS' });
      await endRuns();
      expect(await service().outOfTurn(TENANT, 'report')).toEqual({ workflow: 'report', input: { days: 7 }, startedBy: 'schedule' });
    });
  });
});
