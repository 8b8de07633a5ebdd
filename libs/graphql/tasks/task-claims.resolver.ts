import { Args, ID, Int, Mutation, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { InboxViews, TaskClaims } from '@stepwell/tasks';
import { withErrors } from '../errors/with-errors.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { TaskOrder } from '../wire/enums.js';
import { taskErrorOf } from './task-errors.js';
import { TaskFilter, TIME_ZONE, VIEW, viewsActor } from './task.inputs.js';
import { TaskObject } from './task.object.js';
import { SkipTaskPayload, TaskPayload } from './task.payloads.js';

/** Whose turn it is. */
@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskClaimsResolver {
  constructor(
    private readonly claims: TaskClaims,
    private readonly views: InboxViews,
  ) {}

  @Mutation(() => TaskPayload, {
    description:
      'Claims the next task of the filter, in the order: the first that nobody holds and the viewer has not skipped. What was skipped comes again at the end. task is null when nothing is free.',
  })
  claimNextTask(
    @CurrentViewer() viewer: Viewer,
    @Args('filter', { type: () => TaskFilter, nullable: true }) filter: TaskFilter | null | undefined,
    @Args('order', { type: () => TaskOrder, nullable: true }) order: TaskOrder | null | undefined,
    @Args('timeZone', { type: () => String, nullable: true, description: TIME_ZONE }) timeZone: string | null | undefined,
    @Args('view', { type: () => ID, nullable: true, description: VIEW }) view: string | null | undefined,
    @Args('after', {
      type: () => ID,
      nullable: true,
      description: 'The task that the viewer leaves. With it, the same request again gets the same task, while the viewer holds it.',
    })
    after: string | null | undefined,
  ): Promise<TaskPayload> {
    return withErrors<Omit<TaskPayload, 'errors'>>(
      { task: null },
      async () => ({
        task: await this.claims.next({
          ...by(viewer),
          after: after ?? null,
          listing: await this.views.listing(viewsActor(viewer), { view, filter, order, timeZone }),
        }),
      }),
      { special: taskErrorOf },
    );
  }

  @Mutation(() => SkipTaskPayload, {
    description:
      'Gives the task back, or passes it by: for the viewer it comes behind all others, for everybody else it stays in its place.',
  })
  skipTask(
    @CurrentViewer() viewer: Viewer,
    @Args('id', { type: () => ID }) id: string,
    @Args('reason', { type: () => String }) reason: string,
    @Args('claimNext', { type: () => Boolean, nullable: true, defaultValue: false }) claimNext: boolean | null,
    @Args('filter', { type: () => TaskFilter, nullable: true, description: 'Of the next task.' }) filter: TaskFilter | null | undefined,
    @Args('order', { type: () => TaskOrder, nullable: true }) order: TaskOrder | null | undefined,
    @Args('timeZone', { type: () => String, nullable: true, description: TIME_ZONE }) timeZone: string | null | undefined,
    @Args('view', { type: () => ID, nullable: true, description: VIEW }) view: string | null | undefined,
  ): Promise<SkipTaskPayload> {
    return withErrors<Omit<SkipTaskPayload, 'errors'>>(
      { task: null, nextTask: null },
      async () =>
        this.claims.skip({
          ...by(viewer),
          id,
          reason,
          claimNext: claimNext ?? false,
          next: await this.views.listing(viewsActor(viewer), { view, filter, order, timeZone }),
        }),
      { special: taskErrorOf },
    );
  }

  @Mutation(() => TaskPayload, { description: 'Takes the task from whoever holds it; the draft stays. Its history says so.' })
  takeOverTask(
    @CurrentViewer() viewer: Viewer,
    @Args('id', { type: () => ID }) id: string,
    @Args('expectedVersion', { type: () => Int }) expectedVersion: number,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<TaskPayload> {
    return withErrors<Omit<TaskPayload, 'errors'>>(
      { task: null },
      async () => ({ task: await this.claims.takeOver({ ...by(viewer), id, expectedVersion, reason: reason ?? null }) }),
      { special: taskErrorOf },
    );
  }
}

function by(viewer: Viewer) {
  return { tenant: viewer.tenant, actor: actorOf(viewer) };
}
