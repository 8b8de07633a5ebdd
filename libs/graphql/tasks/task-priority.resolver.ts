import { Args, ID, Int, Mutation, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { type PriorityChange, TaskPriorities } from '@stepwell/tasks';
import { withErrors } from '../errors/with-errors.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { outcomesOf, SeenTaskInput, TaskOutcomesPayload } from './task-bulk.object.js';
import { taskErrorOf } from './task-errors.js';
import { TaskObject } from './task.object.js';
import { TaskPayload } from './task.payloads.js';

/** Which of what waits comes first. */
@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskPriorityResolver {
  constructor(private readonly priorities: TaskPriorities) {}

  @Mutation(() => TaskPayload, {
    description: 'Of a task that waits; its version stays. Operators set any, reviewers what is for them, where the screen lets them.',
  })
  setTaskPriority(
    @CurrentViewer() viewer: Viewer,
    @Args('id', { type: () => ID }) id: string,
    @Args('expectedVersion', { type: () => Int }) expectedVersion: number,
    @Args('priority', { type: () => Int }) priority: number,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<TaskPayload> {
    return withErrors<Omit<TaskPayload, 'errors'>>(
      { task: null },
      async () => ({ task: await this.priorities.set({ id, expectedVersion }, change(viewer, priority, reason)) }),
      { special: taskErrorOf },
    );
  }

  @Mutation(() => TaskOutcomesPayload, { description: 'At most 100, each by itself, and only those that are named: none, no tasks.' })
  setTaskPriorities(
    @CurrentViewer() viewer: Viewer,
    @Args('items', { type: () => [SeenTaskInput] }) items: readonly SeenTaskInput[],
    @Args('priority', { type: () => Int }) priority: number,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<TaskOutcomesPayload> {
    return outcomesOf(() => this.priorities.setMany(items, change(viewer, priority, reason)));
  }
}

function change(viewer: Viewer, priority: number, reason: string | null | undefined): PriorityChange {
  const { tenant, role } = viewer;
  return { tenant, actor: actorOf(viewer), priority, reason: reason ?? null, mayPrioritizeAny: role !== 'reviewer' };
}
