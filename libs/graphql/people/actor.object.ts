import type { Actor } from '@stepwell/contracts';
import { Field, ObjectType } from '@nestjs/graphql';

@ObjectType('Actor')
export class ActorObject {
  @Field(() => String)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly kind!: Actor['kind'];
}
