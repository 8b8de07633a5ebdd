import type { Json } from '@stepwell/contracts';
import { Args, ID, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { InboxViews, TaskBulk } from '@stepwell/tasks';
import { TaskOrder } from '../wire/enums.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { bulkObject, MatchingTasksObject, outcomesOf, SeenTaskInput, TaskBulkObject, TaskOutcomesPayload } from './task-bulk.object.js';
import { TaskFilter, TIME_ZONE, VIEW, viewsActor } from './task.inputs.js';
import { TaskObject } from './task.object.js';
import type { GivenTask } from './whole-task.js';

/** It names up to a thousand tasks: one request may ask for three lists of them. */
const MATCHING_COST = 5_000;

/** One thing done to many tasks, which are named: a filter only finds them. */
@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskBulkResolver {
  constructor(
    private readonly bulk: TaskBulk,
    private readonly views: InboxViews,
  ) {}

  @Query(() => MatchingTasksObject, {
    complexity: MATCHING_COST,
    description:
      'The tasks that wait and fit the filter, to name them to releaseTasks, reassignTasks, setTaskPriorities and completeTasks. A filter needs a condition beside the status.',
  })
  async matchingTasks(
    @CurrentViewer() viewer: Viewer,
    @Args('most', { type: () => Int, description: 'From 1 to 1,000.' }) most: number,
    @Args('filter', { type: () => TaskFilter, nullable: true }) filter: TaskFilter | null | undefined,
    @Args('order', { type: () => TaskOrder, nullable: true }) order: TaskOrder | null | undefined,
    @Args('timeZone', { type: () => String, nullable: true, description: TIME_ZONE }) timeZone: string | null | undefined,
    @Args('view', { type: () => ID, nullable: true, description: VIEW }) view: string | null | undefined,
  ): Promise<MatchingTasksObject> {
    const listing = await this.views.listing(viewsActor(viewer), { view, filter, order, timeZone });
    const { tasks, isMore } = await this.bulk.matching(viewer.tenant, { most, ...listing, viewer: actorOf(viewer) });
    return { tasks: tasks.map(({ bulk, ...task }) => ({ ...task, bulk: bulkObject(bulk) })), isMore };
  }

  @ResolveField('bulk', () => TaskBulkObject, { nullable: true, description: 'What its screen takes for many tasks at once.' })
  ofTask(@Parent() task: GivenTask): TaskBulkObject | null {
    return bulkObject(this.bulk.answersOf(task));
  }

  @Mutation(() => TaskOutcomesPayload, {
    description: 'Reviewers give back what they hold, operators what anybody holds. At most 100, each by itself: none, no tasks.',
  })
  releaseTasks(
    @CurrentViewer() viewer: Viewer,
    @Args('items', { type: () => [SeenTaskInput] }) items: readonly SeenTaskInput[],
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<TaskOutcomesPayload> {
    return outcomesOf(() => this.bulk.release(items, { ...by(viewer), reason: reason ?? null, mayReleaseAny: viewer.role !== 'reviewer' }));
  }

  @Mutation(() => TaskOutcomesPayload, {
    description:
      'One answer for all, where their screens take it for many. At most 100, each checked and decided by itself: none, no tasks.',
  })
  completeTasks(
    @CurrentViewer() viewer: Viewer,
    @Args('items', { type: () => [SeenTaskInput] }) items: readonly SeenTaskInput[],
    @Args('answer', { type: () => JsonScalar }) answer: Json,
    @Args('idempotencyKey', { type: () => String, description: 'The same call again decides nothing anew, and tells what it had decided.' })
    idempotencyKey: string,
  ): Promise<TaskOutcomesPayload> {
    return outcomesOf(() => this.bulk.complete(items, { ...by(viewer), answer, idempotencyKey }));
  }
}

function by(viewer: Viewer) {
  return { tenant: viewer.tenant, actor: actorOf(viewer) };
}
