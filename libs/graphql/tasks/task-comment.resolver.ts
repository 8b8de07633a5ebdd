import { Args, ID, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { type TaskComment, TaskComments } from '@stepwell/tasks';
import { withErrors } from '../errors/with-errors.js';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import type { Loaders } from '../wire/loaders.js';
import { TaskCommentObject, TaskCommentPayload } from './task-comment.object.js';
import { TaskObject } from './task.object.js';

/** What people say about a task: whoever may see it may. */
@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskCommentResolver {
  constructor(private readonly conversation: TaskComments) {}

  @ResolveField(() => [TaskCommentObject], { description: 'Oldest first, answers among them: at most 200.' })
  comments(@Parent() { id }: TaskObject, @CurrentLoaders() loaders: Loaders): Promise<readonly TaskCommentObject[]> {
    return loaders.taskComments.load(id);
  }

  @Mutation(() => TaskCommentPayload, { description: 'Also when the task is decided; the record of the decision has what stood then.' })
  commentOnTask(
    @CurrentViewer() viewer: Viewer,
    @Args('taskId', { type: () => ID }) taskId: string,
    @Args('text', { type: () => String, description: 'Plain text of at most 4,000 characters.' }) text: string,
    @Args('field', { type: () => String, nullable: true }) field: string | null | undefined,
    @Args('parentId', { type: () => ID, nullable: true, description: 'The comment to answer.' }) parentId: string | null | undefined,
    @Args('idempotencyKey', {
      type: () => String,
      nullable: true,
      description: "A repeat with the same key adds nothing, and gives the viewer's first comment on the task with it.",
    })
    key: string | null | undefined,
  ): Promise<TaskCommentPayload> {
    const about = { field: field ?? null, parentId: parentId ?? null, idempotencyKey: key ?? null };
    return said(() => this.conversation.add({ ...by(viewer), taskId, text, ...about }));
  }

  @Mutation(() => TaskCommentPayload, { description: "The viewer's own; the text as it was stays in the history of the task." })
  editComment(
    @CurrentViewer() viewer: Viewer,
    @Args('taskId', { type: () => ID }) taskId: string,
    @Args('id', { type: () => ID }) id: string,
    @Args('text', { type: () => String }) text: string,
  ): Promise<TaskCommentPayload> {
    return said(() => this.conversation.edit({ ...by(viewer), taskId, id, text }));
  }

  @Mutation(() => TaskCommentPayload)
  resolveComment(
    @CurrentViewer() viewer: Viewer,
    @Args('taskId', { type: () => ID }) taskId: string,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<TaskCommentPayload> {
    return said(() => this.conversation.resolve({ ...by(viewer), taskId, id }, true));
  }

  @Mutation(() => TaskCommentPayload)
  reopenComment(
    @CurrentViewer() viewer: Viewer,
    @Args('taskId', { type: () => ID }) taskId: string,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<TaskCommentPayload> {
    return said(() => this.conversation.resolve({ ...by(viewer), taskId, id }, false));
  }
}

function by(viewer: Viewer) {
  return { tenant: viewer.tenant, actor: actorOf(viewer) };
}

function said(work: () => Promise<TaskComment>): Promise<TaskCommentPayload> {
  return withErrors<Omit<TaskCommentPayload, 'errors'>>({ comment: null }, async () => ({ comment: await work() }));
}
