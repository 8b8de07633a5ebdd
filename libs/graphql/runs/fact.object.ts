import type { Json } from '@stepwell/contracts';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DateTime } from '../wire/date-time.scalar.js';
import { JsonScalar } from '../wire/json.scalar.js';
import { connectionOf } from '../wire/connection.object.js';

@ObjectType('Fact', { description: 'One row of the journal.' })
export class FactObject {
  @Field(() => Int)
  readonly seq!: number;

  @Field(() => String)
  readonly type!: string;

  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly iteration!: string;

  @Field(() => Int)
  readonly attempt!: number;

  @Field(() => JsonScalar, { nullable: true })
  readonly payload!: Json;

  @Field(() => DateTime)
  readonly at!: Date;
}

@ObjectType('FactConnection')
export class FactConnection extends connectionOf('Fact', FactObject) {}
