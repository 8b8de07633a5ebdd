import type { Json } from '@stepwell/contracts';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { EventService } from '@stepwell/events';
import { withErrors } from '../errors/with-errors.js';
import { RunObject } from '../runs/run.object.js';
import { checkedText } from '../wire/checked-text.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { checkedFirst, decodeCursor, encodeCursor, pageOf } from '../wire/page.js';
import { isUuid } from '../wire/uuid.js';
import { EventFilter } from './event.inputs.js';
import { EmitEventPayload, EventConnection, EventObject } from './event.object.js';

@Resolver(() => EventObject)
export class EventResolver {
  constructor(private readonly service: EventService) {}

  @Policy('reviewer')
  @Query(() => EventConnection, { description: 'Newest first.' })
  async events(
    @CurrentViewer() { tenant }: Viewer,
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Args('filter', { type: () => EventFilter, nullable: true }) filter: EventFilter | null | undefined,
  ): Promise<EventConnection> {
    const runId = filter?.runId ?? null;
    const request = {
      limit: checkedFirst(first) + 1,
      before: after == null ? null : decodeCursor('event', after, /^[0-9a-f-]{36}$/),
      name: checkedText('filter.name', filter?.name),
      idempotencyKey: checkedText('filter.idempotencyKey', filter?.idempotencyKey),
      runId,
    };
    const isOfNothing = runId !== null && !isUuid(runId);
    const found = isOfNothing ? [] : await this.service.list(tenant, request);
    return pageOf(
      found,
      first,
      ({ id }) => encodeCursor('event', id),
      (event) => event,
    );
  }

  @Policy('reviewer')
  @Query(() => EventObject, { nullable: true })
  event(@Args('id', { type: () => ID }) id: string, @CurrentLoaders() loaders: Loaders): Promise<EventObject | null> {
    return loaders.event.load(id);
  }

  @Policy('reviewer')
  @ResolveField(() => RunObject, { nullable: true, description: 'The run that emitted it.' })
  async sourceRun(@Parent() { sourceRun }: EventObject, @CurrentLoaders() loaders: Loaders): Promise<RunObject | null> {
    return sourceRun === null ? null : loaders.run.load(sourceRun);
  }

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
    const emit = async () => ({ event: await loaders.event.load((await this.service.emit(request)).eventId) });
    return withErrors({ event: null }, emit, { argument: 'payload' });
  }
}
