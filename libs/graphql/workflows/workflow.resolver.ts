import { Args, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy } from '@stepwell/access';
import { WorkflowCatalog } from '@stepwell/engine';
import { RunObject } from '../runs/run.object.js';
import { ScheduleObject } from '../schedules/schedule.object.js';
import { CurrentLoaders } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { checkedFirst } from '../wire/page.js';
import { WorkflowGraphObject } from './graph.object.js';
import { workflowObject } from './workflow.mapper.js';
import { ParkedVersionObject, WorkflowObject, WorkflowVersionObject } from './workflow.object.js';

/** The workflows that this process hosts: the same in every tenant, because they are code. */
@Resolver(() => WorkflowObject)
@Policy('reviewer')
export class WorkflowResolver {
  constructor(private readonly catalog: WorkflowCatalog) {}

  @Query(() => [WorkflowObject])
  workflows(): WorkflowObject[] {
    return this.catalog.current().map(workflowObject);
  }

  @Query(() => WorkflowObject, { nullable: true })
  workflow(@Args('name', { type: () => String }) name: string): WorkflowObject | null {
    const hosted = this.catalog.get(name);
    return hosted ? workflowObject(hosted) : null;
  }

  @Query(() => [ParkedVersionObject], { description: 'Also of workflows that this process does not host.' })
  parkedVersions(@CurrentLoaders() loaders: Loaders): Promise<readonly ParkedVersionObject[]> {
    return loaders.parked.load('all');
  }

  @ResolveField(() => [ParkedVersionObject], { description: 'Versions of it whose runs nobody takes.' })
  async parked(@Parent() { name }: WorkflowObject, @CurrentLoaders() loaders: Loaders): Promise<readonly ParkedVersionObject[]> {
    return (await loaders.parked.load('all')).filter(({ workflow }) => workflow === name);
  }

  @ResolveField(() => [WorkflowVersionObject], { description: 'Newest first; with those that no process hosts any more.' })
  versions(
    @Parent() { name }: WorkflowObject,
    @CurrentLoaders() loaders: Loaders,
    @Args('first', { type: () => Int }) first: number,
  ): Promise<readonly WorkflowVersionObject[]> {
    return loaders.versionsOf.load({ workflow: name, first: checkedFirst(first) });
  }

  @ResolveField(() => ScheduleObject, { nullable: true })
  schedule(@Parent() { name }: WorkflowObject, @CurrentLoaders() loaders: Loaders): Promise<ScheduleObject | null> {
    return loaders.scheduleOf.load(name);
  }

  @ResolveField(() => [RunObject], { description: 'Its latest runs, newest first.' })
  latestRuns(
    @Parent() { name }: WorkflowObject,
    @CurrentLoaders() loaders: Loaders,
    @Args('first', { type: () => Int }) first: number,
  ): Promise<readonly RunObject[]> {
    return loaders.latestRunsOf.load({ workflow: name, first: checkedFirst(first) });
  }
}

@Resolver(() => RunObject)
@Policy('reviewer')
export class RunGraphResolver {
  @ResolveField(() => WorkflowGraphObject, {
    nullable: true,
    description: 'The graph of its version; null when that was registered before graphs were kept.',
  })
  graph(@Parent() run: RunObject, @CurrentLoaders() loaders: Loaders): Promise<WorkflowGraphObject | null> {
    return loaders.graphOf.load(run);
  }
}
