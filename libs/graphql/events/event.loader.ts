import type { DeliveryView, EventService } from '@stepwell/events';
import DataLoader from 'dataloader';
import { isUuid } from '../wire/uuid.js';
import type { EventObject } from './event.object.js';

export interface EventLoaders {
  readonly event: DataLoader<string, EventObject | null>;
  readonly eventsOfRun: DataLoader<string, readonly EventObject[]>;
  readonly deliveriesToRun: DataLoader<string, readonly DeliveryView[]>;
}

export function eventLoaders(events: EventService, tenant: string): EventLoaders {
  return {
    event: new DataLoader(async (ids) => {
      const found = await events.find(tenant, ids.filter(isUuid));
      return ids.map((id) => found.get(id) ?? null);
    }),
    eventsOfRun: new DataLoader(async (runs) => {
      const found = await events.emittedBy(tenant, runs);
      return runs.map((id) => found.get(id) ?? []);
    }),
    deliveriesToRun: new DataLoader(async (runs) => {
      const found = await events.deliveredTo(tenant, runs);
      return runs.map((id) => found.get(id) ?? []);
    }),
  };
}
