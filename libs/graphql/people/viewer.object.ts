import { Field, ID, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { Role } from '../wire/enums.js';

@ObjectType('Viewer')
export class ViewerObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String)
  readonly name!: string;

  @Field(() => String)
  readonly displayName!: string;

  @Field(() => Role)
  readonly role!: Role;

  @Field(() => Boolean, { description: 'True until the one-time password of the first start has been replaced.' })
  readonly passwordIsOneTime!: boolean;
}

@ObjectType('ChangePasswordPayload')
export class ChangePasswordPayload {
  @Field(() => ViewerObject, { nullable: true })
  readonly viewer!: ViewerObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
