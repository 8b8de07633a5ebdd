import { Field, ID, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { ActorObject } from '../people/actor.object.js';
import { DateTime } from '../wire/date-time.scalar.js';
import { Role } from '../wire/enums.js';

@ObjectType('ApiKey', { description: 'By which a machine calls: Authorization: Bearer <key>.' })
export class ApiKeyObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => Role)
  readonly role!: Role;

  @Field(() => ActorObject)
  readonly createdBy!: ActorObject;

  @Field(() => DateTime)
  readonly createdAt!: Date;

  @Field(() => DateTime)
  readonly expiresAt!: Date;

  @Field(() => DateTime, { nullable: true })
  readonly revokedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'To the minute.' })
  readonly lastUsedAt!: Date | null;
}

@ObjectType('CreateApiKeyPayload')
export class CreateApiKeyPayload {
  @Field(() => ApiKeyObject, { nullable: true })
  readonly apiKey!: ApiKeyObject | null;

  @Field(() => String, { nullable: true, description: 'The key itself, told this once.' })
  readonly key!: string | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('RevokeApiKeyPayload')
export class RevokeApiKeyPayload {
  @Field(() => ApiKeyObject, { nullable: true })
  readonly apiKey!: ApiKeyObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
