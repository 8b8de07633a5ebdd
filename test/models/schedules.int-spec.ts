/**
 * A schedule beside its model, around nights in which the clocks of its zone are changed: processes stop, sleep and start again, clocks
 * jump, deploys bring another cron expression, somebody pauses it. Every due time, found minute by minute by the platform's own calendar,
 * fires once or is said to be skipped, by the policy. With a real PostgreSQL, by a clock that the test moves.
 */
import { Logger } from '@nestjs/common';
import { ChangeFeed, Clock, compile, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { ScheduleRegistry, Scheduler, ScheduleService } from '@stepwell/scheduling';
import { definitionOf, type ScheduleOptions, workflow } from '@stepwell/sdk';
import fc from 'fast-check';
import { mustEqual } from '../../libs/engine/testing/must-equal.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';
import { type ModelTest, modelTimeout, type Move, playModel } from './play-model.js';
import { type Cron, CRONS, WallClock } from './wall-clock.js';

Logger.overrideLogger(false);

const SEQUENCES = 50;
const [MINUTE, HOUR] = [60_000, 3_600_000];
/** Met later than this after its due time, a slot was missed. */
const LATE_MS = 10_000;
/** When clocks are changed: by an hour at night, by half an hour, and at midnight, where a day has no first hour. */
const NIGHTS = [
  ['Europe/Berlin', '2026-03-29T01:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00Z'],
  ['America/New_York', '2026-03-08T07:00Z'],
  ['America/New_York', '2026-11-01T06:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30Z'],
  ['Africa/Cairo', '2026-04-23T22:00Z'],
  ['Africa/Cairo', '2026-10-29T21:00Z'],
  ['America/Santiago', '2026-04-05T03:00Z'],
  ['America/Santiago', '2026-09-06T04:00Z'],
] as const;
const walls = new Map<number, WallClock>();

type Policy = Required<Pick<ScheduleOptions<null>, 'overlap' | 'catchUp'>>;

interface Start {
  readonly night: number;
  readonly hoursBefore: number;
  readonly cron: Cron;
  readonly policy: Policy;
}

/** What a schedule is: how far it has come, and what became of each of its slots. */
class ScheduleModel {
  readonly slots = new Map<number, string>();
  settledUntil: number;
  isPaused = false;
  isRunGoing = false;

  constructor(
    readonly wall: WallClock,
    public cron: Cron,
    readonly policy: Policy,
    public now: number,
  ) {
    this.settledUntil = now;
  }

  /** Somebody looks: what is due is settled, oldest first. @returns what became of it */
  looks(): string[] {
    const { catchUp, overlap } = this.policy;
    const due = this.wall.dueIn(this.cron, this.settledUntil, this.now);
    const came = due.map((at, index) => {
      const fires = this.now - at <= LATE_MS || catchUp === 'all' || (catchUp === 'latest' && index === due.length - 1);
      const what = this.isPaused ? 'paused' : !fires ? 'missed' : overlap === 'skip' && this.isRunGoing ? 'overlap' : 'fired';
      this.isRunGoing ||= what === 'fired';
      this.slots.set(at, what);
      return what;
    });
    this.settledUntil = due.at(-1) ?? this.settledUntil;
    return came;
  }
}

class HandClock extends Clock {
  constructor(public time: number) {
    super();
  }
  now(): number {
    return this.time;
  }
}

class NoWakeUps extends WakeUpQueue {
  wake(): void {
    // Nobody works here.
  }
  listen(): Promise<() => Promise<void>> {
    return Promise.resolve(() => Promise.resolve());
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

class NoChanges extends ChangeFeed {
  publish(): void {
    // Nobody looks.
  }
  subscribe(): () => void {
    return () => undefined;
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Processes that are up; all of them go by one clock. Each sequence is a tenant of its own. */
interface World {
  readonly tenant: string;
  readonly clock: HandClock;
  processes: Scheduler[];
}

describe('a schedule and its model', () => {
  let database: TestDatabase;
  let count = 0;
  beforeAll(async () => (database = await createTestDatabase()));
  afterAll(() => database.drop());

  it('settle every slot once and alike, over nights with two clocks', () => playModel(TEST), modelTimeout(SEQUENCES));

  async function process({ cron: { text }, wall: { zone }, policy }: ScheduleModel, { clock, tenant }: World): Promise<Scheduler> {
    const definition = definitionOf(
      workflow('report', { version: 1, schedule: { cron: text, zone, ...policy } }).then('write', () => null),
    );
    const catalog = new WorkflowCatalog([{ definition, graph: compile(definition), needs: 'report@1', processor: undefined }]);
    await new ScheduleRegistry(database.pool, catalog, clock).register(tenant);
    const scheduler = new Scheduler(database.pool, catalog, new NoWakeUps(), new NoChanges(), clock);
    await scheduler.load(tenant);
    return scheduler;
  }

  /** All processes look at once; of two, one settles. */
  async function look(model: ScheduleModel, { clock, processes }: World): Promise<string[]> {
    clock.time = model.now;
    if (processes.length === 0) return [];
    await Promise.all(processes.map((one) => one.tick()));
    return model.looks();
  }

  async function compare({ slots, settledUntil }: ScheduleModel, { clock, tenant }: World): Promise<void> {
    const service = new ScheduleService(database.pool, clock);
    const [rows = []] = await service.slots(tenant, [{ schedule: 'report', limit: 10_000 }]);
    const actual = rows.map(({ dueAt, outcome, reason }) => `${dueAt} ${reason ?? outcome}`).reverse();
    const expected = [...slots].sort(([a], [b]) => a - b).map(([at, what]) => `${new Date(at).toISOString()} ${what}`);
    mustEqual(actual, expected, 'The slots, and what they should be');
    mustEqual((await service.find(tenant, 'report'))?.settledUntil, new Date(settledUntil).toISOString(), 'How far it has come');
    const { rows: runs } = await database.pool.query<{ id: string }>('SELECT id FROM runs WHERE tenant = $1 ORDER BY id', [tenant]);
    const started = rows.flatMap(({ runId }) => runId ?? []).sort();
    mustEqual(runs.map(({ id }) => id), started, 'The runs, and those of the slots'); // prettier-ignore
    mustEqual(started.length, [...slots.values()].filter((what) => what === 'fired').length, 'How many have started');
  }

  /** @param make says what became of slots */
  const move = (
    name: string,
    make: (model: ScheduleModel, world: World) => Promise<readonly string[]>,
    isPossible?: (model: ScheduleModel) => boolean,
  ): Move<ScheduleModel, World> => ({
    name,
    ...(isPossible ? { isPossible } : {}),
    make: async (model, world) => {
      const came = await make(model, world);
      await compare(model, world);
      return came.length > 0 ? [...new Set(came)].join(', ') : 'nothing';
    },
  });
  const isInTime = ({ now, wall }: ScheduleModel) => now < wall.until - 12 * HOUR;

  /** Up all the time: each slot is met a moment after it was due. */
  const passes = (minutes: number, late: number) =>
    move(
      `${minutes} minutes pass, and it is looked ${late} ms late`,
      async (model, world) => {
        const until = model.now + minutes * MINUTE;
        const came = ['live'];
        for (const at of model.wall.dueIn(model.cron, Math.max(model.now, model.settledUntil), until)) {
          model.now = at + late;
          came.push(...(await look(model, world)));
        }
        model.now = Math.max(until, model.now);
        came.push(...(await look(model, world)));
        return came;
      },
      isInTime,
    );

  /** Asleep, or the clock jumps: everything is met at the end. */
  const jumps = (minutes: number) =>
    move(
      `the clock jumps by ${minutes} minutes`,
      async (model, world) => {
        model.now += minutes * MINUTE + 30_000;
        return [minutes < 0 ? 'back' : 'forth', ...(await look(model, world))];
      },
      isInTime,
    );

  const ends = move('its runs end', async (model, { tenant }) => {
    await database.pool.query("UPDATE runs SET status = 'completed' WHERE tenant = $1", [tenant]);
    model.isRunGoing = false;
    return [];
  });

  /** All that were up are gone; the new one begins where the database stands. */
  const restarts = (cron: Cron | undefined, isFirstUp: boolean) =>
    move(cron ? `a deploy with "${cron.text}"` : 'a restart', async (model, world) => {
      model.cron = cron ?? model.cron;
      world.processes = [];
      const started = await process(model, world);
      world.processes = isFirstUp ? [started] : [started, await process(model, world)];
      return [cron ? 'deploy' : 'restart', ...(await look(model, world))];
    });

  const stops = move('all processes stop', async (_model, world) => {
    world.processes = [];
    return ['stop'];
  });

  const pauses = move(
    'a pause',
    async (model, { clock, tenant }) => {
      await new ScheduleService(database.pool, clock).pause(tenant, 'report', { id: '1', name: 'Ann', kind: 'user' }, null);
      model.isPaused = true;
      return ['pause'];
    },
    ({ isPaused }) => !isPaused,
  );

  const resumes = move(
    'it is resumed',
    async (model, { clock, tenant }) => {
      clock.time = model.now;
      await new ScheduleService(database.pool, clock).resume(tenant, 'report');
      const came = model.looks();
      model.isPaused = false;
      return came;
    },
    ({ isPaused }) => isPaused,
  );

  const policy: fc.Arbitrary<Policy> = fc.oneof(
    fc.record({ overlap: fc.constant('allow' as const), catchUp: fc.constantFrom('latest' as const, 'none' as const, 'all' as const) }),
    fc.record({ overlap: fc.constant('skip' as const), catchUp: fc.constantFrom('latest' as const, 'none' as const) }),
  );
  const isAlone = fc.boolean();

  const TEST: ModelTest<ScheduleModel, World, Start> = {
    file: 'test/models/schedules.int-spec.ts',
    name: 'settle every slot',
    sequences: SEQUENCES,
    moves: 24,
    start: fc.record({
      night: fc.nat(NIGHTS.length - 1),
      hoursBefore: fc.integer({ min: 2, max: 26 }),
      cron: fc.constantFrom(...CRONS, ...CRONS.filter(({ isFixed }) => !isFixed)),
      policy,
    }),
    move: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.tuple(fc.constantFrom(35, 65, 185, 400), fc.nat(LATE_MS)).map(([minutes, late]) => passes(minutes, late)),
      },
      { weight: 4, arbitrary: fc.constantFrom(-180, -65, -20, 20, 65, 185, 700).map(jumps) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.option(fc.constantFrom(...CRONS), { freq: 2 }), isAlone)
          .map(([cron, alone]) => restarts(cron ?? undefined, alone)),
      },
      { weight: 3, arbitrary: fc.constantFrom(ends, ends, stops, pauses, resumes) },
    ),
    begin: async ({ night, hoursBefore, cron, policy: chosen }) => {
      const [zone, changed] = NIGHTS[night] as (typeof NIGHTS)[number];
      const at = Date.parse(changed);
      const wall = walls.get(night) ?? new WallClock(zone, at - 54 * HOUR, at + 66 * HOUR);
      walls.set(night, wall);
      const model = new ScheduleModel(wall, cron, chosen, at - hoursBefore * HOUR);
      const world: World = { tenant: `tenant-${count++}`, clock: new HandClock(model.now), processes: [] };
      world.processes = [await process(model, world)];
      return { model, real: world };
    },
    end: async () => undefined,
    mustSee: { fired: 40, missed: 10, overlap: 5, paused: 12, back: 50, restart: 15, deploy: 15, stop: 12 },
  };
});
