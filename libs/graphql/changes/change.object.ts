import { Field, ID, ObjectType } from '@nestjs/graphql';

@ObjectType('Change', { description: 'Payloads are hints: fetch what you show again.' })
export class ChangeObject {
  @Field(() => String)
  readonly kind!: string;

  @Field(() => ID)
  readonly id!: string;
}
