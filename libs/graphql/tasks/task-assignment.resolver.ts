import { Args, ID, Mutation, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { type ReassignRequest, TaskAssignments } from '@stepwell/tasks';
import { withErrors } from '../errors/with-errors.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { NewAssigneeInput } from './task-assignment.object.js';
import { outcomesOf, SeenTaskInput, TaskOutcomesPayload } from './task-bulk.object.js';
import { taskErrorOf } from './task-errors.js';
import { TaskObject } from './task.object.js';
import { TaskPayload } from './task.payloads.js';

/** Who has a task: handed on by who has it, reassigned by operators. */
@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskAssignmentResolver {
  constructor(private readonly assignments: TaskAssignments) {}

  @Mutation(() => TaskPayload, {
    description:
      'Gives a task to a person or to groups. Reviewers hand on what they hold or may claim; operators reassign any. Whoever held it holds it no longer.',
  })
  reassignTask(
    @CurrentViewer() viewer: Viewer,
    @Args('id', { type: () => ID }) id: string,
    @Args('to', { type: () => NewAssigneeInput }) to: NewAssigneeInput,
    @Args('note', { type: () => String, nullable: true }) note: string | null | undefined,
  ): Promise<TaskPayload> {
    return withErrors<{ task: TaskObject | null }>(
      { task: null },
      async () => ({ task: await this.assignments.reassign(id, request(viewer, to, note)) }),
      { special: taskErrorOf },
    );
  }

  @Policy('operator')
  @Mutation(() => TaskOutcomesPayload, {
    description: 'At most 100, each by itself as it was seen, and only those that are named: none, no tasks.',
  })
  reassignTasks(
    @CurrentViewer() viewer: Viewer,
    @Args('items', { type: () => [SeenTaskInput] }) items: readonly SeenTaskInput[],
    @Args('to', { type: () => NewAssigneeInput }) to: NewAssigneeInput,
    @Args('note', { type: () => String, nullable: true }) note: string | null | undefined,
  ): Promise<TaskOutcomesPayload> {
    return outcomesOf(() => this.assignments.reassignMany(items, request(viewer, to, note)));
  }
}

function request(viewer: Viewer, to: NewAssigneeInput, note: string | null | undefined): ReassignRequest {
  return { tenant: viewer.tenant, actor: actorOf(viewer), to, note, mayReassign: viewer.role !== 'reviewer' };
}
