import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy } from '@stepwell/access';
import { RunObject } from '../runs/run.object.js';
import { CurrentLoaders } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { DeliveryObject, EventObject } from './event.object.js';

/** Both ends of a delivery: the event, and the run that it started, woke or canceled. */
@Resolver(() => DeliveryObject)
@Policy('reviewer')
export class DeliveryResolver {
  @ResolveField(() => EventObject, { nullable: true })
  event(@Parent() { eventId }: DeliveryObject, @CurrentLoaders() loaders: Loaders): Promise<EventObject | null> {
    return loaders.event.load(eventId);
  }

  @ResolveField(() => RunObject, { nullable: true })
  async run(@Parent() { runId }: DeliveryObject, @CurrentLoaders() loaders: Loaders): Promise<RunObject | null> {
    return runId === null ? null : loaders.run.load(runId);
  }
}
