import type { Json } from '@stepwell/contracts';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { connectionOf } from '../wire/connection.object.js';

@ObjectType('Session', { description: 'For runs that belong together. Its runs: runs(filter: { session }).' })
export class SessionObject {
  @Field(() => String, { description: 'Unique within the tenant, for ever.' })
  readonly name!: string;

  @Field(() => String, { description: 'active; paused or expired: it takes no new run; completed: nor a change of its data' })
  readonly state!: string;

  @Field(() => JsonScalar, { nullable: true, description: 'What its runs share.' })
  readonly data!: Json;

  @Field(() => Int, { description: 'Counts from 1; each change of the data raises it.' })
  readonly version!: number;

  @Field(() => DateTime, { nullable: true })
  readonly expiresAt!: string | null;

  @Field(() => ActorObject, { nullable: true })
  readonly createdBy!: ActorObject | null;

  @Field(() => DateTime)
  readonly createdAt!: string;
}

@ObjectType('SessionConnection')
export class SessionConnection extends connectionOf('Session', SessionObject) {}

@ObjectType('SessionPayload')
export class SessionPayload {
  @Field(() => SessionObject, { nullable: true })
  readonly session!: SessionObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('CompleteSessionPayload')
export class CompleteSessionPayload {
  @Field(() => SessionObject, { nullable: true })
  readonly session!: SessionObject | null;

  @Field(() => Int, { description: 'How many of its runs were asked to cancel now.' })
  readonly canceledRuns!: number;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
