/** Schedules on the database's clock: the one that counts, whatever the clock of the process shows. */
import { Logger } from '@nestjs/common';
import { ChangeFeed, compile, WakeUpQueue, WorkflowCatalog } from '@stepwell/engine';
import { SystemClock } from '@stepwell/runtime';
import { ScheduleRegistry, Scheduler, ScheduleService } from '@stepwell/scheduling';
import { definitionOf, workflow } from '@stepwell/sdk';
import { TENANT, until } from '../engine/engine.js';
import { createTestDatabase, type TestDatabase } from '../postgres/test-database.js';

Logger.overrideLogger(false);

const YEAR_MS = 365 * 86_400_000;

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

const definition = definitionOf(workflow('tick', { version: 1, schedule: { cron: '* * * * * *', overlap: 'allow' } }).then('one', () => 1));
const catalog = new WorkflowCatalog([{ definition, graph: compile(definition), needs: 'tick@1', processor: undefined }]);

describe('a schedule', () => {
  let database: TestDatabase;
  let clock: SystemClock;
  beforeEach(async () => {
    database = await createTestDatabase();
    clock = new SystemClock();
  });
  afterEach(() => database.drop());

  const register = () => new ScheduleRegistry(database.pool, catalog, clock).register(TENANT);
  /** How far its slots are settled beyond the database's time; negative when they are behind. */
  const settledAheadMs = async (): Promise<number> => {
    const { rows } = await database.pool.query<{ ahead: number }>(
      'SELECT (extract(epoch FROM settled_until - clock_timestamp()) * 1000)::float8 AS ahead FROM schedules',
    );
    return rows[0]?.ahead ?? NaN;
  };

  it('begins now, also where the machine’s clock is a year ahead', async () => {
    clock = new SystemClock(() => Date.now() + YEAR_MS);
    await register();
    expect(Math.abs(await settledAheadMs())).toBeLessThan(60_000);
  });

  it('goes on after the process’s clock was a year ahead for a moment: nothing is settled before its time', async () => {
    await register();
    const scheduler = new Scheduler(database.pool, catalog, new NoWakeUps(), new NoChanges(), clock);
    await scheduler.load(TENANT);
    clock.observe(Date.now() + YEAR_MS, performance.now(), performance.now());
    await scheduler.tick();
    // The process knows the database’s time to within a round trip; what is wrong here is wrong by a year.
    expect(await settledAheadMs()).toBeLessThan(60_000);
    const service = new ScheduleService(database.pool, clock);
    const fired = async (): Promise<number> => {
      await scheduler.tick();
      const [slots = []] = await service.slots(TENANT, [{ schedule: 'tick', limit: 100 }]);
      return slots.filter(({ outcome }) => outcome === 'fired').length;
    };
    const before = await fired();
    await until(fired, (count) => count > before, 'It should go on');
  });
});
