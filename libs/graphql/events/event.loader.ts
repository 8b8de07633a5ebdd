import type { EventService } from '@stepwell/events';
import DataLoader from 'dataloader';
import type { EventObject } from './event.object.js';

export interface EventLoaders {
  readonly event: DataLoader<string, EventObject | null>;
  readonly eventsOfRun: DataLoader<string, readonly EventObject[]>;
}

export function eventLoaders(events: EventService, tenant: string): EventLoaders {
  return {
    event: new DataLoader(async (ids) => {
      const found = await events.find(tenant, ids);
      return ids.map((id) => found.get(id) ?? null);
    }),
    eventsOfRun: new DataLoader(async (runs) => {
      const found = await events.emittedBy(tenant, runs);
      return runs.map((id) => found.get(id) ?? []);
    }),
  };
}
