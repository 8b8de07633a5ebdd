import type { ScheduleService, ScheduleView, SlotView } from '@stepwell/scheduling';
import type { LatestSlotsRequest } from '@stepwell/storage';
import DataLoader from 'dataloader';

export interface ScheduleLoaders {
  /** By the workflow that it starts. */
  readonly scheduleOf: DataLoader<string, ScheduleView | null>;
  readonly slots: DataLoader<LatestSlotsRequest, readonly SlotView[], string>;
}

export function scheduleLoaders(schedules: ScheduleService, tenant: string): ScheduleLoaders {
  return {
    scheduleOf: new DataLoader(async (workflows) => {
      const found = new Map((await schedules.list(tenant)).map((schedule) => [schedule.workflow, schedule]));
      return workflows.map((workflow) => found.get(workflow) ?? null);
    }),
    slots: new DataLoader((requests) => schedules.slots(tenant, requests), { cacheKeyFn: ({ schedule, limit }) => `${schedule} ${limit}` }),
  };
}
