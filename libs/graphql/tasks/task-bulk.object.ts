import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type Json, StepwellError } from '@stepwell/contracts';
import type { BulkAnswers, TaskOutcome } from '@stepwell/tasks';
import { unexpected } from '../errors/client-error.js';
import { UserErrorObject } from '../errors/user-error.object.js';
import { userErrorsOf, withErrors } from '../errors/with-errors.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { taskErrorOf } from './task-errors.js';
import { TaskObject } from './task.object.js';

@InputType('SeenTask', { description: 'A task as the viewer saw it.' })
export class SeenTaskInput {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => Int)
  readonly expectedVersion!: number;
}

@ObjectType('TaskOutcome')
export class TaskOutcomeObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => TaskObject, { nullable: true, description: 'Null when nothing became of this one.' })
  readonly task!: TaskObject | null;

  @Field(() => [UserErrorObject], { description: 'Why nothing became of it.' })
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('TaskOutcomesPayload')
export class TaskOutcomesPayload {
  @Field(() => [TaskOutcomeObject], { description: 'What became of each, in the order in which they were named.' })
  readonly tasks!: readonly TaskOutcomeObject[];

  @Field(() => [UserErrorObject], { description: 'Why none was looked at.' })
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('OfferedAnswer')
export class OfferedAnswerObject {
  @Field(() => String)
  readonly label!: string;

  @Field(() => JsonScalar)
  readonly answer!: Json;
}

@ObjectType('TaskBulk', { description: 'What a screen takes for many tasks at once (completeTasks).' })
export class TaskBulkObject {
  @Field(() => Boolean, { description: 'Any answer that fits the form.' })
  readonly any!: boolean;

  @Field(() => [OfferedAnswerObject], { description: 'Otherwise these only.' })
  readonly answers!: readonly OfferedAnswerObject[];
}

@ObjectType('MatchingTask')
export class MatchingTaskObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => Int)
  readonly version!: number;

  @Field(() => String)
  readonly workflow!: string;

  @Field(() => String, { description: 'What its screen is called.' })
  readonly title!: string;

  @Field(() => String)
  readonly subject!: string;

  @Field(() => TaskBulkObject, { nullable: true })
  readonly bulk!: TaskBulkObject | null;
}

@ObjectType('MatchingTasks')
export class MatchingTasksObject {
  @Field(() => [MatchingTaskObject])
  readonly tasks!: readonly MatchingTaskObject[];

  @Field(() => Boolean, { description: 'There are more, which are not among them.' })
  readonly isMore!: boolean;
}

export function bulkObject(bulk: BulkAnswers | null): TaskBulkObject | null {
  return bulk === null ? null : { any: bulk === 'any', answers: bulk === 'any' ? [] : bulk };
}

/** Each with its own errors; also what went wrong with one keeps nothing from the others. */
export function outcomesOf(work: () => Promise<readonly TaskOutcome[]>): Promise<TaskOutcomesPayload> {
  return withErrors<Omit<TaskOutcomesPayload, 'errors'>>({ tasks: [] }, async () => ({
    tasks: (await work()).map(({ error, ...one }) => ({ ...one, errors: one.task ? [] : errorsOf(error) })),
  }));
}

function errorsOf(error: unknown): readonly UserErrorObject[] {
  if (error instanceof StepwellError) return [taskErrorOf(error) ?? userErrorsOf(error)].flat();
  const { message, extensions } = unexpected(error);
  return [{ __typename: 'GeneralError', code: extensions.code, message, path: null }];
}
