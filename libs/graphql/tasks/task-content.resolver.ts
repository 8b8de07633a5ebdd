import type { Json } from '@stepwell/contracts';
import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { Policy, type Viewer } from '@stepwell/access';
import { draftSeenBy, reviewsSeenBy, type SeenReviews } from '@stepwell/tasks';
import { CurrentLoaders, CurrentViewer } from '../wire/graphql-context.js';
import { JsonScalar } from '../wire/json.scalar.js';
import type { Loaders } from '../wire/loaders.js';
import { AgreedFieldObject } from './agreed-field.object.js';
import { TaskReviewObject, TaskReviewsObject } from './task-reviews.object.js';
import { suggestionObject, TaskSuggestionObject } from './task-suggestion.object.js';
import { TaskObject } from './task.object.js';
import { type GivenTask, wholeTask } from './whole-task.js';

/** What may be megabytes: lists do not bring it along, it is read of those tasks of which it is asked. */
@Resolver(() => TaskObject)
@Policy('reviewer')
export class TaskContentResolver {
  @ResolveField(() => JsonScalar, { nullable: true, description: 'What the reviewer sees beside the form.' })
  async props(@Parent() task: GivenTask, @CurrentLoaders() loaders: Loaders): Promise<Json> {
    return (await wholeTask(task, loaders)).props;
  }

  @ResolveField(() => JsonScalar, { description: "JSON Schema of the answer (draft 7), made from the answer's class." })
  async form(@Parent() task: GivenTask, @CurrentLoaders() loaders: Loaders): Promise<Json> {
    return (await wholeTask(task, loaders)).form;
  }

  @ResolveField(() => TaskSuggestionObject, { nullable: true })
  async suggestion(@Parent() task: GivenTask, @CurrentLoaders() loaders: Loaders): Promise<TaskSuggestionObject | null> {
    const { suggestion } = await wholeTask(task, loaders);
    return suggestion && suggestionObject(suggestion);
  }

  @ResolveField(() => JsonScalar, {
    nullable: true,
    description: 'On a task that several people answer without each other, only its author sees it.',
  })
  async draft(@Parent() task: GivenTask, @CurrentViewer() { id }: Viewer, @CurrentLoaders() loaders: Loaders): Promise<Json> {
    return draftSeenBy(await wholeTask(task, loaders), id);
  }

  @ResolveField(() => JsonScalar, { nullable: true })
  async answer(@Parent() task: GivenTask, @CurrentLoaders() loaders: Loaders): Promise<Json> {
    return (await wholeTask(task, loaders)).answer;
  }

  @ResolveField(() => [AgreedFieldObject], {
    nullable: true,
    description: 'What the decision made of the suggestion, by field. Null: no person has decided, or nothing was suggested.',
  })
  async agreement(@Parent() task: GivenTask, @CurrentLoaders() loaders: Loaders): Promise<readonly AgreedFieldObject[] | null> {
    return (await wholeTask(task, loaders)).agreement;
  }
}

/** As `Task.reviews` gives it. */
export interface ReviewsOfTask extends TaskReviewsObject {
  readonly task: GivenTask;
}

/** The answers themselves, as the content of a task. */
@Resolver(() => TaskReviewsObject)
@Policy('reviewer')
export class TaskReviewsResolver {
  @ResolveField(() => [TaskReviewObject], { description: 'Those that the viewer may see, oldest first.' })
  async shown(
    @Parent() { task }: ReviewsOfTask,
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
  ): Promise<readonly TaskReviewObject[]> {
    return (await seen(task, viewer, loaders)).shown;
  }

  @ResolveField(() => [String], { description: 'The compared fields in which the answers that are shown are not all equal.' })
  async differing(
    @Parent() { task }: ReviewsOfTask,
    @CurrentViewer() viewer: Viewer,
    @CurrentLoaders() loaders: Loaders,
  ): Promise<readonly string[]> {
    return (await seen(task, viewer, loaders)).differing;
  }
}

async function seen(task: GivenTask, { id }: Viewer, loaders: Loaders): Promise<SeenReviews> {
  return reviewsSeenBy(await wholeTask(task, loaders), id);
}
