import type { Json } from '@stepwell/contracts';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { DeliveryStatus } from '../wire/enums.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { connectionOf } from '../wire/connection.object.js';

@ObjectType('Delivery', { description: 'What an event did at one consumer.' })
export class DeliveryObject {
  readonly eventId!: string;

  @Field(() => String, { description: 'start: and the workflow that listens, or wait: and the id of the wait of a run.' })
  readonly consumer!: string;

  @Field(() => DeliveryStatus)
  readonly status!: DeliveryStatus;

  @Field(() => String, { nullable: true, description: 'The workflow that listens; null for a run that waits.' })
  readonly workflow!: string | null;

  @Field(() => Int, { description: 'How often the listener was asked.' })
  readonly attempts!: number;

  @Field(() => ID, { nullable: true, description: 'The run it started, woke or canceled; of a duplicate the run that was started first.' })
  readonly runId!: string | null;

  @Field(() => String, { nullable: true })
  readonly error!: string | null;

  @Field(() => DateTime, { nullable: true })
  readonly decidedAt!: string | null;
}

@ObjectType('Event')
export class EventObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => JsonScalar, { nullable: true })
  readonly payload!: Json;

  @Field(() => String, { nullable: true })
  readonly idempotencyKey!: string | null;

  @Field(() => DateTime)
  readonly emittedAt!: string;

  readonly sourceRun!: string | null;

  @Field(() => ActorObject, { nullable: true, description: 'Who emitted it by hand.' })
  readonly actor!: ActorObject | null;

  @Field(() => [DeliveryObject], { description: 'At most 100: to what it starts, then to runs that wait for it.' })
  readonly deliveries!: readonly DeliveryObject[];

  @Field(() => Boolean)
  readonly hasMoreDeliveries!: boolean;
}

@ObjectType('EventConnection')
export class EventConnection extends connectionOf('Event', EventObject) {}

@ObjectType('EmitEventPayload')
export class EmitEventPayload {
  @Field(() => EventObject, { nullable: true })
  readonly event!: EventObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
