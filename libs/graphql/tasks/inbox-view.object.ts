import type { Json } from '@stepwell/contracts';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { UserErrorObject } from '../errors/user-error.object.js';
import { TaskOrder } from '../wire/enums.js';
import { JsonScalar } from '../wire/json.scalar.js';

@ObjectType('BoundedCount')
export class BoundedCountObject {
  @Field(() => Int)
  readonly count!: number;

  @Field(() => Boolean, { description: 'There are more, which are not counted.' })
  readonly isMore!: boolean;
}

@ObjectType('InboxView', { description: 'A filter and an order of the inbox, saved under a name.' })
export class InboxViewObject {
  @Field(() => ID)
  readonly id!: string;

  @Field(() => String, { description: 'Unique among the views of its owner.' })
  readonly name!: string;

  @Field(() => String)
  readonly owner!: string;

  @Field(() => Boolean, { description: 'Everybody of the tenant sees it.' })
  readonly isShared!: boolean;

  @Field(() => Boolean)
  readonly isMine!: boolean;

  @Field(() => JsonScalar, { description: 'As TaskFilter takes it.' })
  readonly filter!: Json;

  @Field(() => TaskOrder, { nullable: true })
  readonly order!: TaskOrder | null;

  @Field(() => String, { nullable: true, description: 'Why it can show nothing: its workflow or a column of it is no more, for one.' })
  readonly problem!: string | null;
}

@ObjectType('InboxViewPayload')
export class InboxViewPayload {
  @Field(() => InboxViewObject, { nullable: true })
  readonly view!: InboxViewObject | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}

@ObjectType('DeleteInboxViewPayload')
export class DeleteInboxViewPayload {
  @Field(() => ID, { nullable: true })
  readonly deleted!: string | null;

  @Field(() => [UserErrorObject])
  readonly errors!: readonly UserErrorObject[];
}
