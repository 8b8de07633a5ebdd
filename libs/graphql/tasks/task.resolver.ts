import { Args, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { historyShown, InboxViews, reviewCounts, TaskService } from '@stepwell/tasks';
import { ColumnValueCountObject, ColumnValueObject } from '../columns/column-value.object.js';
import { RunObject } from '../runs/run.object.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { TaskOrder } from '../wire/enums.js';
import type { Loaders } from '../wire/loaders.js';
import { TaskFilter, TIME_ZONE, VIEW, viewsActor } from './task.inputs.js';
import { TaskHistoryEntryObject } from './task-history.object.js';
import type { ReviewsOfTask } from './task-content.resolver.js';
import { TaskReviewsObject } from './task-reviews.object.js';
import { TaskConnection, TaskObject } from './task.object.js';
import type { GivenTask } from './whole-task.js';

@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskResolver {
  constructor(
    private readonly tasks: TaskService,
    private readonly views: InboxViews,
  ) {}

  @Query(() => TaskConnection, {
    description:
      'Open and claimed tasks, highest priority first, then oldest; or in another order. TaskFilter.status widens it to ended ones (by age only, newest first).',
  })
  async inbox(
    @CurrentViewer() viewer: Viewer,
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Args('filter', { type: () => TaskFilter, nullable: true }) filter: TaskFilter | null | undefined,
    @Args('order', { type: () => TaskOrder, nullable: true }) order: TaskOrder | null | undefined,
    @Args('timeZone', { type: () => String, nullable: true, description: TIME_ZONE }) timeZone: string | null | undefined,
    @Args('view', { type: () => ID, nullable: true, description: VIEW }) view: string | null | undefined,
  ): Promise<TaskConnection> {
    const page = await this.tasks.inbox(viewer.tenant, {
      first,
      after: after ?? null,
      ...(await this.views.listing(viewsActor(viewer), { view, filter, order, timeZone })),
      viewer: actorOf(viewer),
    });
    return { edges: page.edges, pageInfo: { hasNextPage: page.hasNextPage, endCursor: page.endCursor } };
  }

  @Query(() => [ColumnValueCountObject], {
    description: 'The values that a column has among the newest 5,000 tasks that wait: at most 50, the most frequent first.',
  })
  columnValues(
    @CurrentViewer() { tenant }: Viewer,
    @Args('column', { type: () => String }) column: string,
    @Args('workflow', { type: () => String, nullable: true }) workflow: string | null | undefined,
    @Args('like', { type: () => String, nullable: true, description: 'Only values that have this text in them, whatever its case.' })
    like: string | null | undefined,
  ): Promise<readonly ColumnValueCountObject[]> {
    return this.tasks.columnValues(tenant, { column, workflow: workflow ?? null, like: like ?? null });
  }

  @Query(() => TaskObject, { nullable: true })
  task(@Args('id', { type: () => ID }) id: string, @CurrentLoaders() loaders: Loaders): Promise<TaskObject | null> {
    return loaders.task.load(id);
  }

  @ResolveField(() => RunObject, { nullable: true })
  run(@Parent() { runId }: TaskObject, @CurrentLoaders() loaders: Loaders): Promise<RunObject | null> {
    return loaders.run.load(runId);
  }

  @ResolveField(() => [ColumnValueObject], {
    description: "Of its run, with those of the task's screen; in the order in which they are shown.",
  })
  async columns(@Parent() task: GivenTask, @CurrentLoaders() loaders: Loaders): Promise<readonly ColumnValueObject[]> {
    const { runId, workflow, workflowVersion: version, path, iteration } = task;
    const run = await loaders.run.load(runId);
    return loaders.columns.load({ id: runId, workflow, version, actor: run?.actor ?? null, at: { path, iteration } });
  }

  @ResolveField(() => Boolean, { description: 'True when the viewer holds the claim.' })
  isMine(@Parent() { claimedBy }: TaskObject, @CurrentViewer() { id }: Viewer): boolean {
    return claimedBy?.id === id;
  }

  @ResolveField(() => Boolean, {
    description:
      'It waits, and nobody may decide it any more: those whom it names have answered it, started what it is about, or are not there. Operators reassign it.',
  })
  isNobodyLeft(@Parent() { id }: TaskObject, @CurrentLoaders() loaders: Loaders): Promise<boolean> {
    return loaders.taskLeftToNobody.load(id);
  }

  @ResolveField(() => TaskReviewsObject, { nullable: true, description: 'Null: whoever answers decides.' })
  reviews(@Parent() task: GivenTask): ReviewsOfTask | null {
    const counts = reviewCounts(task);
    return counts && { ...counts, task };
  }

  @ResolveField(() => [TaskHistoryEntryObject])
  async history(@Parent() task: GivenTask, @CurrentLoaders() loaders: Loaders): Promise<readonly TaskHistoryEntryObject[]> {
    return historyShown(task, await loaders.taskHistory.load(task.id));
  }
}
