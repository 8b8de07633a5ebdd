import { ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { ScheduleTicker } from './schedule-ticker.js';
import type { Scheduler } from './scheduler.js';

const { jest } = import.meta;

describe('the ticker', () => {
  afterEach(() => void jest.useRealTimers());

  it('is found by @nestjs/schedule, asks every second once it is started, and no more once it is stopped', async () => {
    jest.useFakeTimers();
    const loaded: string[] = [];
    let ticks = 0;
    const scheduler = { load: async (tenant: string) => void loaded.push(tenant), tick: async () => void ticks++ } as unknown as Scheduler;
    const app = await Test.createTestingModule({
      imports: [ScheduleModule.forRoot()],
      providers: [{ provide: ScheduleTicker, useFactory: () => new ScheduleTicker(scheduler) }],
    }).compile();
    await app.init();
    await jest.advanceTimersByTimeAsync(5_000);
    expect(ticks).toBe(0);
    await app.get(ScheduleTicker).start('acme');
    await jest.advanceTimersByTimeAsync(3_000);
    expect([loaded, ticks]).toEqual([['acme'], 3]);
    await app.get(ScheduleTicker).stop();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(ticks).toBe(3);
    await app.close();
  });
});
