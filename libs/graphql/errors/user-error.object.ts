import { Field, InterfaceType, ObjectType } from '@nestjs/graphql';

/** What the caller can do something about: part of a mutation's payload, never a top-level error. `__typename` says which it is. */
@InterfaceType('UserError', { resolveType: (error: UserErrorObject) => error.__typename })
export abstract class UserErrorObject {
  readonly __typename!: string;

  @Field(() => String)
  readonly code!: string;

  @Field(() => String)
  readonly message!: string;

  @Field(() => [String], { nullable: true })
  readonly path!: readonly string[] | null;
}

@ObjectType('GeneralError', { implements: () => UserErrorObject })
export class GeneralErrorObject extends UserErrorObject {}

@ObjectType('FieldError', {
  implements: () => UserErrorObject,
  description: 'One field of an input or an answer is wrong; path leads to the field.',
})
export class FieldErrorObject extends UserErrorObject {}
