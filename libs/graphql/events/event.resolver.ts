import type { Json } from '@stepwell/contracts';
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { EventService } from '@stepwell/events';
import { withErrors } from '../errors/with-errors.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { EmitEventPayload, EventObject } from './event.object.js';

@Resolver(() => EventObject)
export class EventResolver {
  constructor(private readonly events: EventService) {}

  @Policy('operator')
  @Mutation(() => EmitEventPayload)
  emitEvent(
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
    @Args('name', { type: () => String }) name: string,
    @Args('payload', { type: () => JsonScalar, nullable: true }) payload: Json | undefined,
    @Args('idempotencyKey', { type: () => String, nullable: true }) idempotencyKey: string | null | undefined,
  ): Promise<EmitEventPayload> {
    const request = {
      tenant: viewer.tenant,
      name,
      payload: payload ?? null,
      idempotencyKey: idempotencyKey ?? null,
      actor: actorOf(viewer),
    };
    const emit = async () => ({ event: await loaders.event.load((await this.events.emit(request)).eventId) });
    return withErrors({ event: null }, emit, { argument: 'payload' });
  }
}
