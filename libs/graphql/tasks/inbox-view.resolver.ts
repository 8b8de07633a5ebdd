import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { InboxViews } from '@stepwell/tasks';
import { withErrors } from '../errors/with-errors.js';
import { TaskOrder } from '../wire/enums.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { BoundedCountObject, DeleteInboxViewPayload, InboxViewObject, InboxViewPayload } from './inbox-view.object.js';
import { TaskFilter, TIME_ZONE, viewsActor } from './task.inputs.js';

/** Saved views of the inbox: everybody has private ones; operators and admins share theirs, and change what is shared. */
@Resolver(() => InboxViewObject)
@Policy('reviewer')
export class InboxViewResolver {
  constructor(private readonly views: InboxViews) {}

  @Query(() => [InboxViewObject], { description: "The viewer's own, then those that others share; each by name." })
  inboxViews(@CurrentViewer() viewer: Viewer): Promise<readonly InboxViewObject[]> {
    return this.views.list(viewsActor(viewer));
  }

  @Query(() => BoundedCountObject, { description: 'How many tasks fit the filter, up to a thousand; without one, how many wait.' })
  taskCount(
    @CurrentViewer() viewer: Viewer,
    @Args('filter', { type: () => TaskFilter, nullable: true }) filter: TaskFilter | null | undefined,
    @Args('timeZone', { type: () => String, nullable: true, description: TIME_ZONE }) timeZone: string | null | undefined,
  ): Promise<BoundedCountObject> {
    return this.views.countOf(viewsActor(viewer), { filter, timeZone });
  }

  @ResolveField(() => BoundedCountObject, { description: 'How many tasks it shows to the viewer, up to a thousand.' })
  count(
    @CurrentViewer() viewer: Viewer,
    @Parent() view: InboxViewObject,
    @Args('timeZone', { type: () => String, nullable: true, description: TIME_ZONE }) timeZone: string | null | undefined,
  ): Promise<BoundedCountObject> {
    return this.views.count(viewsActor(viewer), view, timeZone ?? null);
  }

  @Mutation(() => InboxViewPayload, {
    description: 'Saves a new view, or with an id over one: of the viewer, or shared. To share one takes an operator.',
  })
  saveInboxView(
    @CurrentViewer() viewer: Viewer,
    @Args('name', { type: () => String }) name: string,
    @Args('filter', { type: () => TaskFilter, nullable: true }) filter: TaskFilter | null | undefined,
    @Args('order', { type: () => TaskOrder, nullable: true }) order: TaskOrder | null | undefined,
    @Args('isShared', { type: () => Boolean, nullable: true, defaultValue: false }) isShared: boolean | null,
    @Args('id', { type: () => ID, nullable: true }) id: string | null | undefined,
  ): Promise<InboxViewPayload> {
    const view = { id: id ?? null, name, filter: filter ?? null, order: order ?? null, isShared: isShared ?? false };
    return withErrors<Omit<InboxViewPayload, 'errors'>>({ view: null }, async () => ({
      view: await this.views.save(viewsActor(viewer), view),
    }));
  }

  @Mutation(() => DeleteInboxViewPayload, { description: "One of the viewer's, or, an operator, one that is shared." })
  deleteInboxView(@CurrentViewer() viewer: Viewer, @Args('id', { type: () => ID }) id: string): Promise<DeleteInboxViewPayload> {
    return withErrors<Omit<DeleteInboxViewPayload, 'errors'>>({ deleted: null }, async () => {
      await this.views.delete(viewsActor(viewer), id);
      return { deleted: id };
    });
  }
}
