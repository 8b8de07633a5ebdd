import { Field, ID, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { DateTime } from '../wire/date-time.scalar.js';

@ObjectType('Person')
export class PersonObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String, { description: 'What they sign in with; tasks are assigned to it.' })
  readonly name!: string;

  @Field(() => String)
  readonly displayName!: string;

  @Field(() => [String])
  readonly groups!: readonly string[];

  @Field(() => DateTime, { nullable: true, description: 'Of the absence that is now or comes next.' })
  readonly awayFrom!: Date | null;

  @Field(() => DateTime, { nullable: true })
  readonly awayUntil!: Date | null;

  @Field(() => String, { nullable: true, description: 'The name of who has meanwhile what would be theirs.' })
  readonly substitute!: string | null;
}

@ObjectType('PersonPayload')
export class PersonPayload {
  @Field(() => PersonObject, { nullable: true })
  readonly person!: PersonObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
