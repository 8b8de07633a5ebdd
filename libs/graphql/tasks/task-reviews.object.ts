import type { Json } from '@stepwell/contracts';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('TaskReview', { description: 'One of several answers to a task.' })
export class TaskReviewObject {
  @Field(() => ActorObject)
  readonly by!: ActorObject;

  @Field(() => DateTime)
  readonly at!: string;

  @Field(() => JsonScalar, { nullable: true })
  readonly answer!: Json;
}

@ObjectType('TaskReviews', { description: 'Of a task that several people answer, each without the others.' })
export class TaskReviewsObject {
  @Field(() => Int, { description: 'So many equal answers decide.' })
  readonly required!: number;

  @Field(() => Int, { description: 'So many people are asked at most.' })
  readonly of!: number;

  @Field(() => Boolean, { description: 'Nobody sees an answer but who gave it, until the task is decided or in dispute.' })
  readonly isBlind!: boolean;

  @Field(() => Boolean, { description: 'Enough equal answers cannot come any more: whoever answers now decides alone.' })
  readonly isDisputed!: boolean;

  @Field(() => [String], { description: 'Groups whose members settle a dispute; none: those whom the task is for.' })
  readonly settledBy!: readonly string[];

  @Field(() => Int, { description: 'How many answers were given, shown or not.' })
  readonly given!: number;
}
