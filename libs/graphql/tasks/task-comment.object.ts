import { Field, ID, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';

@ObjectType('TaskComment', { description: 'What somebody said about a task, or about a field of its form.' })
export class TaskCommentObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => ID, { nullable: true, description: 'The comment that this one answers; that one answers none.' })
  readonly parentId!: string | null;

  @Field(() => String, { nullable: true, description: 'Of the form, as errors name it: `parts.0.cost`. Null: the task as a whole.' })
  readonly field!: string | null;

  @Field(() => String, { description: 'Plain text; @name tells a person of it.' })
  readonly text!: string;

  @Field(() => ActorObject)
  readonly author!: ActorObject;

  @Field(() => DateTime)
  readonly at!: string;

  @Field(() => DateTime, { nullable: true, description: 'The texts before are in the history of the task.' })
  readonly editedAt!: string | null;

  @Field(() => ActorObject, { nullable: true })
  readonly resolvedBy!: ActorObject | null;

  @Field(() => DateTime, { nullable: true, description: 'Null: it is open, or answers another one.' })
  readonly resolvedAt!: string | null;
}

@ObjectType('TaskCommentPayload')
export class TaskCommentPayload {
  @Field(() => TaskCommentObject, { nullable: true })
  readonly comment!: TaskCommentObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
