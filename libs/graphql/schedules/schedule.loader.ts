import type { ScheduleService, ScheduleView } from '@stepwell/scheduling';
import DataLoader from 'dataloader';

export interface ScheduleLoaders {
  /** By the workflow that it starts. */
  readonly scheduleOf: DataLoader<string, ScheduleView | null>;
}

export function scheduleLoaders(schedules: ScheduleService, tenant: string): ScheduleLoaders {
  return {
    scheduleOf: new DataLoader(async (workflows) => {
      const found = new Map((await schedules.list(tenant)).map((schedule) => [schedule.workflow, schedule]));
      return workflows.map((workflow) => found.get(workflow) ?? null);
    }),
  };
}
