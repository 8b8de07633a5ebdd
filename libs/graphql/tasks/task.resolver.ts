import { Args, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { TaskService, type TaskView } from '@stepwell/tasks';
import { ColumnValueObject } from '../columns/column-value.object.js';
import { RunObject } from '../runs/run.object.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { checkedFilter, TaskFilter } from './task.inputs.js';
import { TaskConnection, TaskHistoryEntryObject, TaskObject } from './task.object.js';
import { suggestionObject, TaskSuggestionObject } from './task-suggestion.object.js';

@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskResolver {
  constructor(private readonly tasks: TaskService) {}

  @Query(() => TaskConnection, {
    description: 'Open and claimed tasks: highest priority first, then oldest; TaskFilter.status widens it to ended ones (newest first).',
  })
  async inbox(
    @CurrentViewer() viewer: Viewer,
    @Args('first', { type: () => Int }) first: number,
    @Args('after', { type: () => String, nullable: true }) after: string | null | undefined,
    @Args('filter', { type: () => TaskFilter, nullable: true }) filter: TaskFilter | null | undefined,
  ): Promise<TaskConnection> {
    const page = await this.tasks.inbox(viewer.tenant, {
      first,
      after: after ?? null,
      filter: checkedFilter(filter),
      viewer: actorOf(viewer),
    });
    return { edges: page.edges, pageInfo: { hasNextPage: page.hasNextPage, endCursor: page.endCursor } };
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
  async columns(@Parent() task: TaskView, @CurrentLoaders() loaders: Loaders): Promise<readonly ColumnValueObject[]> {
    const { runId, workflow, workflowVersion: version, path, iteration } = task;
    const run = await loaders.run.load(runId);
    return loaders.columns.load({ id: runId, workflow, version, actor: run?.actor ?? null, at: { path, iteration } });
  }

  @ResolveField(() => TaskSuggestionObject, { nullable: true })
  suggestion(@Parent() { suggestion }: TaskView): TaskSuggestionObject | null {
    return suggestion && suggestionObject(suggestion);
  }

  @ResolveField(() => Boolean, { description: 'True when the viewer holds the claim.' })
  isMine(@Parent() { claimedBy }: TaskObject, @CurrentViewer() { id }: Viewer): boolean {
    return claimedBy?.id === id;
  }

  @ResolveField(() => [TaskHistoryEntryObject])
  history(@Parent() { id }: TaskObject, @CurrentLoaders() loaders: Loaders): Promise<readonly TaskHistoryEntryObject[]> {
    return loaders.taskHistory.load(id);
  }
}
