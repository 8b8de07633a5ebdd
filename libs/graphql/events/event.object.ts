import type { Json } from '@stepwell/contracts';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { DeliveryStatus } from '../wire/enums.js';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('Delivery')
export class DeliveryObject {
  @Field(() => String)
  readonly consumer!: string;

  @Field(() => DeliveryStatus)
  readonly status!: DeliveryStatus;

  @Field(() => ID, { nullable: true })
  readonly runId!: string | null;

  @Field(() => String, { nullable: true })
  readonly error!: string | null;
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

  @Field(() => [DeliveryObject])
  readonly deliveries!: readonly DeliveryObject[];
}

@ObjectType('EmitEventPayload')
export class EmitEventPayload {
  @Field(() => EventObject, { nullable: true })
  readonly event!: EventObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
