import type { Json } from '@stepwell/contracts';
import { Args, ID, Int, Mutation, Resolver } from '@nestjs/graphql';
import { actorOf, Policy, type Viewer } from '@stepwell/access';
import { InboxViews, TaskService } from '@stepwell/tasks';
import { withErrors } from '../errors/with-errors.js';
import { CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { TaskOrder } from '../wire/enums.js';
import { taskErrorOf } from './task-errors.js';
import { TaskFilter, TIME_ZONE, VIEW, viewsActor } from './task.inputs.js';
import { TaskObject } from './task.object.js';
import { CompleteTaskPayload, TaskPayload } from './task.payloads.js';

/** What a reviewer does with a task. */
@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskDecisionsResolver {
  constructor(
    private readonly tasks: TaskService,
    private readonly views: InboxViews,
  ) {}

  @Mutation(() => TaskPayload, { description: "Claims, or extends one's own claim: call it again as a heartbeat." })
  claimTask(@CurrentViewer() viewer: Viewer, @Args('id', { type: () => ID }) id: string): Promise<TaskPayload> {
    return changed(async () => this.tasks.claim({ ...by(viewer), id }));
  }

  @Mutation(() => TaskPayload)
  releaseTask(@CurrentViewer() viewer: Viewer, @Args('id', { type: () => ID }) id: string): Promise<TaskPayload> {
    return changed(async () => this.tasks.release({ ...by(viewer), id }));
  }

  @Mutation(() => TaskPayload)
  saveTaskDraft(
    @CurrentViewer() viewer: Viewer,
    @Args('id', { type: () => ID }) id: string,
    @Args('expectedDraftVersion', { type: () => Int }) expectedDraftVersion: number,
    @Args('draft', { type: () => JsonScalar }) draft: Json,
  ): Promise<TaskPayload> {
    return changed(async () => this.tasks.saveDraft({ ...by(viewer), id, expectedDraftVersion, draft }), 'draft');
  }

  @Mutation(() => CompleteTaskPayload)
  completeTask(
    @CurrentViewer() viewer: Viewer,
    @Args('id', { type: () => ID }) id: string,
    @Args('expectedVersion', { type: () => Int }) expectedVersion: number,
    @Args('answer', { type: () => JsonScalar }) answer: Json,
    @Args('idempotencyKey', { type: () => String, nullable: true }) idempotencyKey: string | null | undefined,
    @Args('claimNext', { type: () => Boolean, nullable: true, defaultValue: false }) claimNext: boolean | null,
    @Args('filter', { type: () => TaskFilter, nullable: true, description: 'Of the next task.' }) filter: TaskFilter | null | undefined,
    @Args('order', { type: () => TaskOrder, nullable: true }) order: TaskOrder | null | undefined,
    @Args('timeZone', { type: () => String, nullable: true, description: TIME_ZONE }) timeZone: string | null | undefined,
    @Args('view', { type: () => ID, nullable: true, description: VIEW }) view: string | null | undefined,
  ): Promise<CompleteTaskPayload> {
    const request = { ...by(viewer), id, expectedVersion, answer, idempotencyKey: idempotencyKey ?? null, claimNext: claimNext ?? false };
    return withErrors<Omit<CompleteTaskPayload, 'errors'>>(
      { task: null, nextTask: null },
      async () =>
        this.tasks.complete({ ...request, next: await this.views.listing(viewsActor(viewer), { view, filter, order, timeZone }) }),
      { argument: 'answer', special: taskErrorOf },
    );
  }

  @Mutation(() => TaskPayload, { description: "Takes the viewer's own decision back, while undoUntil of the task is not over." })
  undoDecision(@CurrentViewer() viewer: Viewer, @Args('id', { type: () => ID }) id: string): Promise<TaskPayload> {
    return changed(async () => this.tasks.undo({ ...by(viewer), id }));
  }

  @Mutation(() => TaskPayload, { description: 'Cancels the task and stops its run.' })
  cancelTask(
    @CurrentViewer() viewer: Viewer,
    @Args('id', { type: () => ID }) id: string,
    @Args('expectedVersion', { type: () => Int }) expectedVersion: number,
    @Args('reason', { type: () => String, nullable: true }) reason: string | null | undefined,
  ): Promise<TaskPayload> {
    return changed(async () => this.tasks.cancel({ ...by(viewer), id, expectedVersion, reason: reason ?? null }));
  }
}

function by(viewer: Viewer) {
  return { tenant: viewer.tenant, actor: actorOf(viewer) };
}

function changed(work: () => Promise<TaskObject>, argument?: string): Promise<TaskPayload> {
  return withErrors<Omit<TaskPayload, 'errors'>>({ task: null }, async () => ({ task: await work() }), { argument, special: taskErrorOf });
}
