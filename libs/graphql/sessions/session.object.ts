import type { Json } from '@stepwell/contracts';
import { Field, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { SessionState } from '@stepwell/storage';
import { UserErrorObject } from '../errors/user-error.object.js';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { connectionOf } from '../wire/connection.object.js';

const SessionStates = {
  active: 'active',
  paused: 'paused',
  completed: 'completed',
  expired: 'expired',
} as const satisfies { [State in SessionState]: State };
registerEnumType(SessionStates, {
  name: 'SessionState',
  description: 'A paused or an expired one takes no new run; a completed one no change of its data either.',
});

@InputType('SessionFilter')
export class SessionFilter {
  @Field(() => SessionStates, { nullable: true })
  readonly state?: SessionState | null;

  @Field(() => String, { nullable: true, description: 'A part of the name, whatever the case of its letters.' })
  readonly search?: string | null;
}

@ObjectType('SessionRuns', { description: 'Of its newest 1,001 runs.' })
export class SessionRunsObject {
  @Field(() => Int)
  readonly total!: number;

  @Field(() => Int, { description: 'Have not ended.' })
  readonly live!: number;
}

@ObjectType('Session', { description: 'For runs that belong together. Its runs: runs(filter: { session }).' })
export class SessionObject {
  @Field(() => String, { description: 'Unique within the tenant, for ever.' })
  readonly name!: string;

  @Field(() => SessionStates)
  readonly state!: SessionState;

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
